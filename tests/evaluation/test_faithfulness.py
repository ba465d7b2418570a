"""Ratings without some reviews, and the choice of pairs that are measured."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import faithfulness
from metrics import comparison
from metrics.faithfulness import BINS, LEAST
from models.inference.predictor import Predictor
from tests.models.building import Running, artefact, config
from tests.preprocessing.writing import reviews


@pytest.fixture(scope="module")
def run():
    running = Running(config(), artefact(reviews(70, users=11)))
    return SimpleNamespace(predictor=Predictor(running.network, running.corpus, running.session),
                           corpus=running.corpus, artefact=running.artefact)


def test_pairs_are_of_different_items_with_enough_reviews():
    random, items = np.random.RandomState(0), np.array([0, 0, 1, 2, 2, 2, 3])
    counts = np.array([LEAST, LEAST - 1, 99, LEAST])
    seen = [tuple(faithfulness.chosen_pairs(items, counts, random)) for _ in range(60)]
    assert {tuple(items[list(rows)]) for rows in seen} == {(0, 2, 3)} and len(set(seen)) == 6
    assert len(faithfulness.chosen_pairs(items, counts * 0, random)) == 0


def test_measures_against_ratings_predicted_one_by_one(run):
    test, (users, items) = run.artefact.test, run.corpus.served_slots
    scores = np.random.RandomState(1).rand(len(test.user), items.shape[1])
    values = faithfulness.measured(run, {"any": scores}, np.random.RandomState(2))["any"]
    rows = np.nonzero(np.isfinite(values["comprehensiveness"]))[0]
    assert len(rows) and len(set(test.item[rows])) == len(rows)
    for row in rows:
        pair = [part[row:row + 1] for part in (test.user, test.item, test.review)]
        slots = items[test.item[row]]
        order = np.argsort(-np.where(slots > 0, scores[row], -1))

        def rating(kept):
            table = items.copy()
            table[test.item[row]] = np.where(np.isin(np.arange(len(slots)), kept), slots, 0)
            return float(run.predictor(*pair, slots=(users, table)).outputs.rating[0])

        whole = rating(order)
        without = np.mean([abs(rating(order[k:]) - whole) for k in BINS])
        alone = np.mean([abs(rating(order[:k]) - whole) for k in BINS])
        assert values["comprehensiveness"][row] == pytest.approx(without, abs=1e-5)
        assert values["sufficiency"][row] == pytest.approx(alone, abs=1e-5)


def test_votes_agree_with_leave_one_out(run):
    """Without a review the rating changes about as its vote predicts; only the network has votes."""
    network, session = run.predictor.network, run.predictor.session
    network.vote_gain.load(1., session)
    network.vote_shrink.load(0., session)
    test, slots = run.artefact.test, run.corpus.served_slots.item
    orders = {name: np.zeros((len(test.user), slots.shape[1])) for name in (comparison.OURS, "random")}
    measures = faithfulness.measured(run, orders, np.random.RandomState(0))
    assert "tau_votes" not in measures["random"]
    tau = measures[comparison.OURS]["tau_votes"]
    assert np.nanmean(tau) > .5 and np.nanmax(tau) <= 1
    network.vote_gain.load(0., session)
    without_votes = faithfulness.measured(run, orders, np.random.RandomState(0))[comparison.OURS]["tau_votes"]
    assert np.isnan(without_votes).all()


def test_the_order_by_leave_one_out_has_rank_correlation_one_with_it(run):
    test, slots = run.artefact.test, run.corpus.served_slots.item
    run.predictor.network.vote_gain.load(1., run.predictor.session)  # each review changes the rating
    one = [np.argmax((slots[test.item] > 0).sum(1))]  # a pair whose item has the most reviews
    assert (slots[test.item[one]] > 0).sum() >= LEAST
    pair = faithfulness._Pairs(run, test.user[one], test.item[one], test.review[one])
    changes = np.abs(pair.leave_one_out())
    assert changes[pair.real].any() and not changes[~pair.real].any()
    single = SimpleNamespace(predictor=run.predictor, corpus=run.corpus, artefact=run.artefact._replace(
        test=type(test)(*(part[one] for part in test))))
    measures = faithfulness.measured(single, {"loo": changes}, np.random.RandomState(0))
    assert measures["loo"]["tau_leave_one_out"] == pytest.approx([1], abs=1e-6)
