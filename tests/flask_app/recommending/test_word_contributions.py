"""What is said of words adds up to the score that the network gives; quotations are the shopper's."""
import os
import shutil

import numpy as np
import pytest

from flask_app.recommending import word_contributions as words_module
from flask_app.recommending.own_sentences import echoes
from flask_app.recommending.review_highlights import Reader
from flask_app.recommending.word_contributions import Words
from preprocessing import bag, catalogue
from preprocessing.tokenise import tokenise

USERS = (3, 11)


@pytest.fixture(scope="module")
def words(chain):
    return Words(chain.data_folder, chain.run_folder)


@pytest.fixture(scope="module")
def texts(chain):
    connection = catalogue.of(chain.data_folder)
    found = {row[0]: row[1] for row in connection.execute("SELECT review, text FROM reviews")}
    connection.close()
    return found


@pytest.fixture(scope="module")
def scored(chain):
    """(run, {user: {review row: personal score of the network}})."""
    from models.inference import trained

    run, scores = trained.load(chain.run_folder), {}
    items = np.arange(len(run.artefact.item_reviews))
    for user in USERS:
        outputs, _, slots, _ = run.predictor(np.full(len(items), user), items)
        scores[user] = {int(row): float(score) for rows, found in zip(slots, outputs.personal)
                        for row, score in zip(rows, found) if row}
    return run, scores


def wrote(words, run, texts, user):
    rows = run.corpus.served_slots[0][user]
    return words.read([texts[row] for row in rows[rows > 0]])


def scores_of(words, asker, text):
    return words.scores(asker, *words.read_review(text))


def rest(words, asker, text):
    """The score of a text that belongs to no word: biases, and what anybody writes."""
    t, tokens, reading = words.tables, words.tokens([text])[0], words.read([text])[0]
    row = tokens[tokens > 0]
    assert row.tolist() == reading.words[reading.number].tolist()
    wide = np.concatenate([t.projection[row], np.zeros((2,) + t.projection.shape[1:])])
    sums = sum(wide[step:step + len(row), step] for step in range(3)).max(0) + t.conv_bias
    anybody = words._words.mean_bag @ words._words.word_topics
    topics = reading.weights @ words._words.word_topics[reading.words] - anybody
    key = np.maximum(sums, 0) @ t.key_text + topics @ t.key_bag + t.key_bias
    loose = (t.conv_bias * (sums > 0)) @ t.key_text - anybody @ t.key_bag + t.key_bias
    return t.temperature * (loose @ asker.query) / np.linalg.norm(key)


@pytest.mark.parametrize("user", USERS)
def test_words_and_rest_are_the_network_s_score(words, texts, scored, user):
    run, scores = scored
    asker = words.asker(wrote(words, run, texts, user), user)
    for row, score in list(scores[user].items())[:40]:
        total = scores_of(words, asker, texts[row]).sum() + rest(words, asker, texts[row])
        assert total == pytest.approx(score, abs=1e-3)


def test_places_are_words(words, texts):
    text = "It is STURDY, isn't it? The battery\u2019s 12 \U0001f600 cells; sturdy."
    places = words.read([text])[0].places
    assert (np.diff(places.ravel()) > 0).all()
    assert [text[start:end].lower() for start, end in places] == tokenise(text)


@pytest.mark.parametrize("text, places", [
    ("", []), ("12 \u0436 \U0001f600", []), ("qqqq zzzz", [(0, 4), (5, 9)])])
def test_texts_without_known_words_say_nothing(words, text, places):
    reading, = words.read([text])
    found = scores_of(words, words.asker([reading]), text)
    assert list(map(tuple, reading.places)) == places and words.known([text]) == 0
    assert found.shape == (len(places),) and np.isfinite(found).all()


def test_what_is_typed_is_not_kept(words):
    before = words.read_review.cache_info().currsize
    assert Reader(words, [{"text": "a text that somebody typed"}]).speaks
    assert words.read_review.cache_info().currsize == before


def test_a_bag_is_that_of_training(words, texts):
    some = list(texts.values())[:20]
    known = words._words
    bags = bag.tfidf(words.tokens(some), known.document_frequency, known.reviews)
    for text, reading, row in zip(some, words.read(some), bags):
        assert np.array_equal(reading.words, row.indices)
        assert np.array_equal(reading.weights, row.data)
        assert all(map(np.array_equal, reading[1:], words.read([text])[0][1:]))  # together as alone


def test_tables_of_other_weights_are_not_used(chain, tmp_path):
    run = str(tmp_path / "run")
    shutil.copytree(chain.run_folder, run)
    assert Words(chain.data_folder, run).tables
    with open(os.path.join(run, "checkpoint.json"), "a") as pointer:
        pointer.write("\n")
    bare = Words(chain.data_folder, run)
    assert bare.tables is None
    reader = Reader(bare, [{"text": "sturdy plastic that lasts"}])
    assert reader.speaks and not reader.by_network
    assert words_module.Words(chain.data_folder, None).tables is None


def test_quotations_are_sentences_of_the_shopper(words, texts, scored):
    own = wrote(words, scored[0], texts, 3)
    shown = words.read(list(texts.values())[:30]) + own[:2]
    found = echoes(words, words.asker(own, 3), own, shown)
    assert any(found)
    for echo, (text, *_) in zip(found, shown):
        if echo:
            assert echo.quote in own[echo.number].text and own[echo.number].text != text
            assert all(word in text.lower() and word in echo.quote.lower() for word in echo.shared)
    assert echoes(words, words.asker(own), [], shown) == [None] * len(shown)
