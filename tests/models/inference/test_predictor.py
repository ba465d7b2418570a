"""The network in process: every review read once, and the score of the own review."""
import numpy as np
import pytest

from models.inference import predictor as predictors
from models.inference.predictor import Predictor
from tests.models.building import Running, named


@pytest.fixture(scope="module", params=["default", "drawing", "original", "text"])
def asked(request):
    """(Predictor of a network of random weights, its Running)."""
    running = Running(named(request.param))
    return Predictor(running.network, running.corpus, running.session), running


def test_it_answers_as_the_network_does_on_words(asked):
    predictor, running = asked
    test, corpus = running.artefact.test, running.corpus
    found = predictor(test.user, test.item, test.review,
                      slots=(corpus.user_slots, corpus.item_slots))[0]
    for one, other in zip(found, running(running.arrays("test", slice(None))[0])):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_the_own_review_scores_as_it_would_in_a_slot(asked):
    predictor, running = asked
    train = running.artefact.train
    rows = [row for row in range(len(train.user))
            if running.artefact.review_length[train.review[row]]]
    user_slots, item_slots = running.corpus.served_slots
    compared = 0
    for row in rows[:9]:
        user, item, own = (part[row:row + 1] for part in (train.user, train.item, train.review))
        place = np.nonzero(item_slots[item[0]] == own[0])[0]
        if not len(place):  # beyond the slots of a network that cannot mask padding
            continue
        others = np.where(user_slots == own[0], 0, user_slots)
        wanted = predictor(user, item, slots=(others, item_slots))[0].personal[0, place[0]]
        score = predictor(user, item, own, slots=(others, item_slots))[1][0]
        assert score == pytest.approx(wanted, abs=1e-4)
        compared += 1
    assert compared


def test_batches_change_nothing(asked, monkeypatch):
    predictor, running = asked
    user, item = running.artefact.train.user, running.artefact.train.item
    whole = predictor(user, item)
    reads = predictor.whole
    monkeypatch.setattr(predictors, "BATCH", 5)
    monkeypatch.setattr(predictors, "READ", 3)
    predictor.forget()
    for one, other in zip(predictor.whole, reads):
        np.testing.assert_allclose(one.texts, other.texts, atol=1e-5)
        np.testing.assert_allclose(one.answers, other.answers, atol=1e-5)
    parts = predictor(user, item)
    for one, other in zip(whole[0] + whole[1:], parts[0] + parts[1:]):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_batch_has_slots_of_a_few_pairs_alone(asked, monkeypatch):
    predictor, running = asked
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


def test_it_reads_the_weights_anew_when_told(asked):
    predictor, running = asked
    kernel = running.network.item.kernel
    before, old = running.session.run(kernel), predictor.whole[1].texts.copy()
    kernel.load(before * 2, running.session)
    np.testing.assert_array_equal(predictor.whole[1].texts, old)
    predictor.forget()
    assert np.abs(predictor.whole[1].texts - old).max() > .01
    kernel.load(before, running.session)
    predictor.forget()
    np.testing.assert_allclose(predictor.whole[1].texts, old, atol=1e-6)
