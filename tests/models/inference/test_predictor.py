"""The predictor: every review is encoded once, and own reviews have their scores."""
import numpy as np
import pytest

from models.inference import encoded
from models.inference import predictor as predictors
from models.inference.predictor import Predictor
from tests.models.building import Running, named


@pytest.fixture(scope="module", params=["default", "drawing", "original", "text", "narre"])
def predicting(request):
    """(Predictor of a network of random weights, its Running)."""
    running = Running(named(request.param))
    return Predictor(running.network, running.corpus, running.session), running


def test_the_predictor_equals_the_network_on_words(predicting):
    predictor, running = predicting
    test, corpus = running.artefact.test, running.corpus
    outputs = predictor(test.user, test.item, test.review, slots=(corpus.user_slots, corpus.item_slots)).outputs
    for one, other in zip(outputs, running(running.arrays("test", slice(None))[0])):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_the_own_review_has_the_score_that_it_would_have_in_a_slot(predicting):
    predictor, running = predicting
    train = running.artefact.train
    rows = [row for row in range(len(train.user))
            if running.artefact.review_length[train.review[row]]]
    user_slots, item_slots = running.corpus.served_slots
    compared = 0
    for row in rows[:9]:
        user, item, own = (part[row:row + 1] for part in (train.user, train.item, train.review))
        slot = np.nonzero(item_slots[item[0]] == own[0])[0]
        if not len(slot):  # beyond the slots of a network that cannot mask padding
            continue
        others = np.where(user_slots == own[0], 0, user_slots)
        wanted = predictor(user, item, slots=(others, item_slots)).outputs.personal[0, slot[0]]
        score = predictor(user, item, own, slots=(others, item_slots)).own_score[0]
        assert score == pytest.approx(wanted, abs=1e-4)
        compared += 1
    assert compared


def test_where_the_author_is_the_query_a_review_has_the_same_score_for_every_user():
    running = Running(named("narre"))
    predictor = Predictor(running.network, running.corpus, running.session)
    test = running.artefact.test
    others = np.roll(test.user, 1)
    assert (others != test.user).any()
    one, other = (predictor(user, test.item, test.review).own_score for user in (test.user, others))
    np.testing.assert_allclose(one, other, atol=1e-6)
    assert np.ptp(one) > 0


def test_the_size_of_batches_does_not_change_the_results(predicting, monkeypatch):
    predictor, running = predicting
    user, item = running.artefact.train.user, running.artefact.train.item
    whole = predictor(user, item)
    reads = predictor.encoded_reviews
    monkeypatch.setattr(predictors, "BATCH", 5)
    monkeypatch.setattr(predictors, "BLOCK", 3)
    monkeypatch.setattr(encoded, "BLOCK", 3)
    predictor.forget()
    for one, other in zip(predictor.encoded_reviews, reads):
        np.testing.assert_allclose(one.texts, other.texts, atol=1e-5)
        np.testing.assert_allclose(one.keys, other.keys, atol=1e-5)
    parts = predictor(user, item)
    for one, other in zip(whole[0] + whole[1:], parts[0] + parts[1:]):
        np.testing.assert_allclose(one, other, atol=1e-5)
    for name in ("rating", "query"):
        np.testing.assert_allclose(predictor.alone(name, user, item), getattr(whole.outputs, name), atol=1e-5)


def test_a_batch_has_a_limited_number_of_slots(predicting, monkeypatch):
    predictor, running = predicting
    user, item = running.artefact.train.user, running.artefact.train.item
    whole = predictor(user, item)
    monkeypatch.setattr(predictors, "SLOTS", 17)
    batches = list(predictor.batches(user, item))
    np.testing.assert_array_equal(np.sort(np.concatenate([batch.rows for batch in batches])), np.arange(len(user)))
    for rows, _, item_slots, user_slots in batches:
        assert len(rows) == 1 or len(rows) * max(item_slots.shape[1], user_slots.shape[1]) <= 17
    assert 1 < len(batches) < len(user)
    parts = predictor(user, item)
    for one, other in zip(whole[0] + whole[1:], parts[0] + parts[1:]):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_forget_makes_the_predictor_use_new_weights(predicting):
    predictor, running = predicting
    kernel = running.network.item.kernel
    before, old = running.session.run(kernel), predictor.encoded_reviews[1].texts.copy()
    kernel.load(before * 2, running.session)
    np.testing.assert_array_equal(predictor.encoded_reviews[1].texts, old)
    predictor.forget()
    assert np.abs(predictor.encoded_reviews[1].texts - old).max() > .01
    kernel.load(before, running.session)
    predictor.forget()
    np.testing.assert_allclose(predictor.encoded_reviews[1].texts, old, atol=1e-6)


def test_reviews_that_are_encoded_when_they_are_asked_for_give_the_same_answers(predicting, monkeypatch):
    predictor, running = predicting
    test = running.artefact.test
    predictor.forget()
    whole, known = predictor(test.user, test.item, test.review), []
    monkeypatch.setattr(encoded, "AT_ONCE", 0)
    monkeypatch.setattr(encoded, "FIRST", 2)
    predictor.forget()
    batches = list(predictor.batches(test.user[:2], test.item[:2], test.review[:2]))
    few = list(predictor.answers(batches))
    known.append((predictor.some.place >= 0).sum())
    for answer in few:
        np.testing.assert_allclose(answer.outputs.rating, whole.outputs.rating[:2][answer.rows], atol=1e-6)
    parts = predictor(test.user, test.item, test.review)
    known.append((predictor.some.place >= 0).sum())
    for one, other in zip(whole[0] + whole[1:], parts[0] + parts[1:]):
        np.testing.assert_allclose(one, other, atol=1e-6)
    reads = predictor.encoded_reviews
    predictor.some.forget()
    again = predictor(test.user, test.item, test.review)  # all are encoded now, and none is encoded twice
    assert (predictor.some.place < 0).all()
    np.testing.assert_allclose(again.outputs.rating, whole.outputs.rating, atol=1e-6)
    monkeypatch.undo()
    predictor.forget()
    for one, other in zip(predictor.encoded_reviews, reads):
        np.testing.assert_allclose(one.texts, other.texts, atol=1e-6)
        np.testing.assert_allclose(one.keys, other.keys, atol=1e-6)
    assert known[0] < known[1] <= len(running.artefact.review_length)
