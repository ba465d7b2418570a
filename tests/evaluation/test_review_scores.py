"""Scores of the reviews of held-out pairs against slow loops."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import review_scores
from models.inference.predictor import Predictor
from models.inputs.expected_words import DAMPING
from tests.models.building import Running, config


@pytest.fixture(scope="module")
def run():
    running = Running(config())
    return SimpleNamespace(predictor=Predictor(running.network, running.corpus, running.session),
                           corpus=running.corpus, artefact=running.artefact)


@pytest.fixture(scope="module")
def bags(run):
    return run.corpus.bags.toarray()


def mean_bag(run, bags, user, own):
    """The mean bag of the user's other reviews."""
    rows = [row for row in run.corpus.served_slots.user[user] if row and row != own]
    return np.mean(bags[rows], 0) if rows else np.zeros(bags.shape[1])


def test_tfidf_and_lsi_are_similarities_to_what_the_user_wrote(run, bags):
    """The rules do not subtract the mean over all users, unlike the network."""
    split = run.artefact.train
    scores = review_scores.personal_scores(run, split.user, split)
    for pair, (user, item, own) in enumerate(zip(split.user, split.item, split.review)):
        query, topics = mean_bag(run, bags, user, own), run.artefact.word_topics
        slots = run.corpus.served_slots.item[item]
        for slot, row in enumerate(slots):
            if row in (0, own):
                continue
            assert scores["tfidf"].reviews[pair, slot] == pytest.approx(bags[row] @ query, abs=1e-5)
            user_topics, review_topics = query @ topics, bags[row] @ topics
            norms = np.linalg.norm(user_topics) * np.linalg.norm(review_topics)
            cosine = user_topics @ review_topics / max(norms, 1e-12)
            assert scores["lsi"].reviews[pair, slot] == pytest.approx(cosine, abs=1e-4)
        if run.artefact.review_length[own]:
            assert scores["tfidf"].own[pair] == pytest.approx(bags[own] @ query, abs=1e-5)


def test_an_own_review_without_words_has_no_score(run):
    split = run.artefact.train
    empty = run.artefact.review_length[split.review] == 0
    assert empty.any() and not empty.all()
    for name, scores in review_scores.personal_scores(run, split.user, split).items():
        np.testing.assert_array_equal(np.isnan(scores.own), empty, err_msg=name)


def test_impersonal_rules(run, bags):
    split, a = run.artefact.validation, run.artefact
    slots = run.corpus.served_slots.item[split.item]
    scores = review_scores.impersonal_scores(run, split)
    assert set(scores) == {"random", "longest", "latest", "helpful", "highest_rated", "centroid", "expected"}
    assert not scores["random"].reviews.any()
    np.testing.assert_array_equal(scores["latest"].reviews, a.review_time[slots])
    np.testing.assert_array_equal(scores["helpful"].reviews, a.review_helpful[slots])
    for pair in range(len(slots)):
        for slot, row in enumerate(slots[pair]):
            rest = [bags[other] for other in slots[pair] if other not in (0, row)]
            if row and rest:
                wanted = bags[row] @ np.mean(rest, 0)
                assert scores["centroid"].reviews[pair, slot] == pytest.approx(wanted, abs=1e-5)
            words = run.corpus.to_others.words
            wanted = bags[row] @ (words.repeat * np.sum(rest, 0) / (len(rest) + DAMPING) + words.usual)
            assert scores["expected"].reviews[pair, slot] == pytest.approx(wanted if row else 0, abs=1e-5)


def test_the_parts_of_the_fitted_rules_are_in_the_order_of_those_of_deeprecsys():
    names = "lsi", "tfidf", "centroid", "longest", "expected"  # as s, w_0, w_1, w_2 and w_3
    scores = {name: review_scores.Scores(np.full((2, 3), number), None) for number, name in enumerate(names)}
    np.testing.assert_array_equal(review_scores.parts_of_rules(scores), np.tile(np.arange(5), (2, 3, 1)))


def test_a_rule_without_facts_is_left_out(run):
    a = run.artefact._replace(review_time=np.zeros_like(run.artefact.review_time),
                              review_helpful=np.zeros_like(run.artefact.review_helpful))
    scores = review_scores.impersonal_scores(run=SimpleNamespace(artefact=a, corpus=run.corpus), split=a.validation)
    assert set(scores) == {"random", "longest", "highest_rated", "centroid", "expected"}


def test_facts_of_held_out_pairs(run, bags):
    split = run.artefact.test
    words = review_scores.words_of([[str(word) for word in tokens if word] for tokens in run.artefact.review_tokens],
                                   run.corpus.bags)
    votes = np.arange(2 * len(bags)).reshape(-1, 2)
    facts = review_scores.facts_of(run, split, words, lambda user, slots: slots % 2 > 0, votes)
    slots = run.corpus.served_slots.item[split.item]
    np.testing.assert_array_equal(facts.real, slots > 0)
    np.testing.assert_array_equal(facts.relevant, slots % 2 > 0)
    np.testing.assert_array_equal(facts.votes, [votes[slots, 0], votes[slots, 1]])
    assert set(facts.likeness) == {"cosine", "rouge1", "rougel", "aspects"}
    for pair, own in enumerate(split.review):
        np.testing.assert_allclose(facts.likeness["cosine"][pair], bags[slots[pair]] @ bags[own], atol=1e-5)
        assert facts.has_text[pair] == (run.artefact.review_length[own] > 0)
        similar = [bags[row] @ bags[own] for row in run.corpus.served_slots.user[split.user[pair]] if row]
        assert facts.nearest[pair] == pytest.approx(max(similar + [0]), abs=1e-6)
    bare = review_scores.facts_of(run, split, words._replace(sequences=None))
    assert bare.relevant is None and bare.votes is None and "rougel" not in bare.likeness


def test_chunks_of_pairs_change_nothing(run, monkeypatch):
    split = run.artefact.train
    whole = review_scores.personal_scores(run, split.user, split), review_scores.impersonal_scores(run, split)
    monkeypatch.setattr(review_scores, "CHUNK", 4)
    parts = review_scores.personal_scores(run, split.user, split), review_scores.impersonal_scores(run, split)
    for at_once, chunked in zip(whole, parts):
        for name in at_once:
            for left, right in zip(at_once[name], chunked[name]):
                np.testing.assert_allclose(left, right, atol=1e-6)
