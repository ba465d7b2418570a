"""Scores of the reviews of held-out pairs, by hand and against slow loops."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import review_scores
from models.inference.predictor import Predictor
from tests.models.building import Running, config


@pytest.fixture(scope="module")
def run():
    running = Running(config())
    return SimpleNamespace(predictor=Predictor(running.network, running.corpus, running.session),
                           corpus=running.corpus, artefact=running.artefact)


@pytest.fixture(scope="module")
def bags(run):
    return run.corpus.bags.toarray()


def wrote(run, bags, user, own):
    rows = [row for row in run.corpus.served_slots[0][user] if row and row != own]
    return np.mean(bags[rows], 0) if rows else np.zeros(bags.shape[1])


def test_likeness_to_what_the_asker_wrote(run, bags):
    """TF-IDF and LSI as a rule would use them: not less what anybody writes."""
    split = run.artefact.train
    found = review_scores.asked_by(run, split.user, split)
    for pair, (user, item, own) in enumerate(zip(split.user, split.item, split.review)):
        query, topics = wrote(run, bags, user, own), run.artefact.word_topics
        slots = run.corpus.served_slots[1][item]
        for place, row in enumerate(slots):
            if row in (0, own):
                continue
            assert found["tfidf"].reviews[pair, place] == pytest.approx(bags[row] @ query, abs=1e-5)
            asks, answers = query @ topics, bags[row] @ topics
            cosine = asks @ answers / max(np.linalg.norm(asks) * np.linalg.norm(answers), 1e-12)
            assert found["lsi"].reviews[pair, place] == pytest.approx(cosine, abs=1e-4)
        if run.artefact.review_length[own]:
            assert found["tfidf"].own[pair] == pytest.approx(bags[own] @ query, abs=1e-5)


def test_an_own_review_without_words_is_not_looked_for(run):
    split = run.artefact.train
    empty = run.artefact.review_length[split.review] == 0
    assert empty.any() and not empty.all()
    for name, scores in review_scores.asked_by(run, split.user, split).items():
        wanted = empty if name != "shown" else np.ones(len(empty), bool)
        np.testing.assert_array_equal(np.isnan(scores.own), wanted, err_msg=name)


def test_the_network_is_asked_by_whom_one_says(run):
    split = run.artefact.train
    strangers = split.user[::-1].copy()
    found = review_scores.asked_by(run, strangers, split)
    outputs = run.predictor(strangers, split.item, split.review)[0]
    np.testing.assert_array_equal(found["personal"].reviews, outputs.personal)
    np.testing.assert_array_equal(found["shown"].reviews, outputs.item_weights)


def test_rules_that_know_nobody(run, bags):
    split, a = run.artefact.validation, run.artefact
    slots = run.corpus.served_slots[1][split.item]
    found = review_scores.asked_by_nobody(run, split)
    assert set(found) == {"random", "longest", "latest", "helpful", "highest_rated", "centroid"}
    assert not found["random"].reviews.any()
    np.testing.assert_array_equal(found["latest"].reviews, a.review_time[slots])
    np.testing.assert_array_equal(found["helpful"].reviews, a.review_helpful[slots])
    for pair in range(len(slots)):
        for place, row in enumerate(slots[pair]):
            others = [bags[other] for other in slots[pair] if other not in (0, row)]
            if row and others:
                wanted = bags[row] @ np.mean(others, 0)
                assert found["centroid"].reviews[pair, place] == pytest.approx(wanted, abs=1e-5)


def test_a_rule_without_facts_is_absent(run):
    a = run.artefact._replace(review_time=np.zeros_like(run.artefact.review_time),
                              review_helpful=np.zeros_like(run.artefact.review_helpful))
    found = review_scores.asked_by_nobody(run=SimpleNamespace(artefact=a, corpus=run.corpus), split=a.validation)
    assert set(found) == {"random", "longest", "highest_rated", "centroid"}


def test_facts(run, bags):
    split = run.artefact.test
    words = review_scores.words_of([[str(word) for word in tokens if word] for tokens in run.artefact.review_tokens],
                                   run.corpus.bags)
    votes = np.arange(2 * len(bags)).reshape(-1, 2)
    found = review_scores.facts_of(run, split, words, lambda user, slots: slots % 2 > 0, votes)
    slots = run.corpus.served_slots[1][split.item]
    np.testing.assert_array_equal(found.real, slots > 0)
    np.testing.assert_array_equal(found.relevant, slots % 2 > 0)
    np.testing.assert_array_equal(found.votes, [votes[slots, 0], votes[slots, 1]])
    assert set(found.likeness) == {"cosine", "rouge1", "rougel", "aspects"}
    for pair, own in enumerate(split.review):
        np.testing.assert_allclose(found.likeness["cosine"][pair], bags[slots[pair]] @ bags[own], atol=1e-5)
        assert found.has_text[pair] == (run.artefact.review_length[own] > 0)
        near = [bags[row] @ bags[own] for row in run.corpus.served_slots[0][split.user[pair]] if row]
        assert found.nearest[pair] == pytest.approx(max(near + [0]), abs=1e-6)
    bare = review_scores.facts_of(run, split, words._replace(sequences=None))
    assert bare.relevant is None and bare.votes is None and "rougel" not in bare.likeness


def test_many_pairs_are_as_few(run, monkeypatch):
    split = run.artefact.train
    whole = review_scores.asked_by(run, split.user, split), review_scores.asked_by_nobody(run, split)
    monkeypatch.setattr(review_scores, "CHUNK", 4)
    parts = review_scores.asked_by(run, split.user, split), review_scores.asked_by_nobody(run, split)
    for one, other in zip(whole, parts):
        for name in one:
            for mine, theirs in zip(one[name], other[name]):
                np.testing.assert_allclose(mine, theirs, atol=1e-6)
