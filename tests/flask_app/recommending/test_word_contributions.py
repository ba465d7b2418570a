"""Word scores add up to the personal score of the network; shown own sentences are sentences of the shopper."""
import os
import re
import shutil

import numpy as np
import pytest

from flask_app.recommending.own_sentences import LENGTH, own_sentences
from flask_app.recommending.review_highlights import Highlighter
from flask_app.recommending.word_contributions import WordScorer
from preprocessing import bag, catalogue

USERS = (3, 11)


@pytest.fixture(scope="module")
def scorer(chain):
    return WordScorer(chain.data_folder, chain.run_folder)


@pytest.fixture(scope="module")
def texts(chain):
    connection = catalogue.of(chain.data_folder)
    texts = {row[0]: row[1] for row in connection.execute("SELECT review, text FROM reviews")}
    connection.close()
    return texts


@pytest.fixture(scope="module")
def scored(chain):
    """(run, {user: {review row: personal score of the network}})."""
    from models.inference import trained

    run, scores = trained.load(chain.run_folder), {}
    items = np.arange(len(run.artefact.item_reviews))
    for user in USERS:
        answers = run.predictor(np.full(len(items), user), items)
        scores[user] = {int(row): float(score) for rows, personal in zip(answers.item_slots, answers.outputs.personal)
                        for row, score in zip(rows, personal) if row}
    return run, scores


def own_texts(scorer, run, texts, user):
    """The ParsedTexts of a shopper's reviews."""
    rows = run.corpus.served_slots.user[user]
    return scorer.parse([texts[row] for row in rows[rows > 0]])


def scores_of(scorer, query, text):
    return scorer.scores(query, scorer.parse_review(text))


def rest(scorer, query, text):
    """The part of a text's score that belongs to no word: biases, and the mean bag."""
    t, tokens, parsed = scorer.tables, scorer.tokens([text])[0], scorer.parse([text])[0]
    row = tokens[tokens > 0]
    assert row.tolist() == parsed.words[parsed.index].tolist()
    wide = np.concatenate([t.projection[row], np.zeros((2,) + t.projection.shape[1:])])
    sums = sum(wide[step:step + len(row), step] for step in range(3)).max(0) + t.conv_bias
    mean_topics = scorer.word_tables.mean_bag @ scorer.word_tables.word_topics
    topics = parsed.weights @ scorer.word_tables.word_topics[parsed.words] - mean_topics
    key = np.maximum(sums, 0) @ t.key_text + topics @ t.key_bag + t.key_bias
    rest_of_key = (t.conv_bias * (sums > 0)) @ t.key_text - mean_topics @ t.key_bag + t.key_bias
    return t.temperature * (rest_of_key @ query.query) / np.linalg.norm(key)


@pytest.mark.parametrize("user", USERS)
def test_word_scores_and_the_rest_sum_to_the_score_of_the_network(scorer, texts, scored, user):
    run, scores = scored
    query = scorer.query_of(own_texts(scorer, run, texts, user), user)
    for row, score in list(scores[user].items())[:40]:
        total = scores_of(scorer, query, texts[row]).sum() + rest(scorer, query, texts[row])
        assert total == pytest.approx(score, abs=1e-3)


def test_spans_are_those_of_the_words(scorer):
    text = "It is STURDY, isn't it? The battery\u2019s 12 \U0001f600 cells; sturdy."
    spans = scorer.parse([text])[0].spans
    assert (np.diff(spans.ravel()) > 0).all()
    assert [text[start:end].lower() for start, end in spans] == scorer.word_tables.tokeniser.words(text)


@pytest.mark.parametrize("text, spans", [
    ("", []), ("12 \u0436 \U0001f600", [(0, 2), (3, 4), (5, 6)]), ("qqqq zzzz", [(0, 4), (5, 9)])])
def test_texts_without_vocabulary_words_have_finite_scores(scorer, text, spans):
    parsed, = scorer.parse([text])
    scores = scores_of(scorer, scorer.query_of([parsed]), text)
    assert list(map(tuple, parsed.spans)) == spans and scorer.count_known([text]) == 0
    assert scores.shape == (len(spans),) and np.isfinite(scores).all()


def test_texts_that_a_visitor_typed_are_not_cached(scorer):
    before = scorer.parse_review.cache_info().currsize
    assert Highlighter(scorer, [{"text": "a text that a visitor typed"}]).knows_words
    assert scorer.parse_review.cache_info().currsize == before


def test_a_bag_is_the_same_as_in_training(scorer, texts):
    some = list(texts.values())[:20]
    tables = scorer.word_tables
    bags = bag.tfidf(scorer.tokens(some), tables.document_frequency, tables.reviews)
    for text, parsed, row in zip(some, scorer.parse(some), bags):
        assert np.array_equal(parsed.words, row.indices)
        assert np.array_equal(parsed.weights, row.data)
        assert all(map(np.array_equal, parsed[1:], scorer.parse([text])[0][1:]))  # parsed together or alone


def test_tables_of_other_weights_are_not_used(chain, tmp_path):
    run = str(tmp_path / "run")
    shutil.copytree(chain.run_folder, run)
    assert WordScorer(chain.data_folder, run).tables
    with open(os.path.join(run, "checkpoint.json"), "a") as pointer:
        pointer.write("\n")
    without_tables = WordScorer(chain.data_folder, run)
    assert without_tables.tables is None
    highlighter = Highlighter(without_tables, [{"text": "sturdy plastic that lasts"}])
    assert highlighter.knows_words and not highlighter.by_network
    assert WordScorer(chain.data_folder, None).tables is None


def test_own_sentences_are_sentences_of_the_shopper(scorer, texts, scored):
    own = own_texts(scorer, scored[0], texts, 3)
    shown = scorer.parse(list(texts.values())[:30]) + own[:2]
    sentences = own_sentences(scorer, scorer.query_of(own, 3), own, shown)
    assert any(sentences)
    for similar, parsed in zip(sentences, shown):
        if similar:
            source = own[similar.text_index].text
            assert similar.sentence in source and source != parsed.text
            assert all(word in parsed.text.lower() and word in similar.sentence.lower() for word in similar.shared)
    assert own_sentences(scorer, scorer.query_of(own), [], shown) == [None] * len(shown)


def test_a_long_own_sentence_without_blanks_is_shortened(scorer, texts):
    many = list(texts.values())[:30]
    own = scorer.parse([re.sub(r"\W+", ",", " ".join(many))])
    found = list(filter(None, own_sentences(scorer, scorer.query_of(own), own, scorer.parse(many))))
    assert found and all(one.sentence.endswith(" …") and len(one.sentence) <= LENGTH + 2 for one in found)
