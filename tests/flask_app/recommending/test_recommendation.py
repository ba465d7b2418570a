"""Explanations: order, shares, sums and reasons."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.recommending.recommendation import (Explanation, MismatchError, RankedItem, Shopper, WeighedReview,
                                                   explain, reasons_of)
from flask_app.storage.store import Store
from serving.client import ModelClient
from tests.flask_app.tiny_catalogue import ITEMS, SHOPPERS

FEW = settings(deadline=None, max_examples=30)


def explanation(weights, votes=None, rating=4.2):
    weights = np.sort(np.array(weights, float) / sum(weights))[::-1]
    votes = [0.] * len(weights) if votes is None else votes
    return Explanation(rating, tuple(
        WeighedReview({"review": n}, n, weight, vote, None, False)
        for n, (weight, vote) in enumerate(zip(weights, votes), 1)), any(votes))


@pytest.fixture(scope="module")
def model(server):
    return ModelClient(server.rest_url, timeout=60)


@pytest.fixture
def reviews(catalogue_path):
    store = Store(catalogue_path)
    yield store.reviews_of_items(range(len(ITEMS)))
    store.close()


def test_explanations_hold_the_numbers_of_the_model(model, planted, reviews):
    pairs = [(user, item) for user in range(len(SHOPPERS)) for item in range(len(ITEMS))]
    for (user, item), explained in zip(pairs, explain(model, pairs, reviews)):
        weights, votes = planted.weights(user, item), planted.votes(user, item)
        rows = [weighed.review["review"] for weighed in explained.reviews]
        assert rows == list(weights)
        for shown, expected in zip(explained.reviews, zip(weights.values(), votes.values())):
            assert (shown.weight, shown.vote) == pytest.approx(expected, abs=1e-5)
            assert shown.is_own == (shown.review["user"] == user)
        assert explained.rating == pytest.approx(planted.rating(user, item), abs=1e-5)
        assert [w.position for w in explained.reviews] == list(range(1, len(rows) + 1))


def test_no_pairs_need_no_request():
    assert explain(None, [], {}) == []


@pytest.mark.parametrize("count", [1, 4, len(ITEMS)])
def test_rank_returns_at_most_count_items(model, planted, count):
    ranked = Shopper(model, 2).rank(count, with_owned=False)
    assert [entry.item for entry in ranked] == planted.ranking(2)[:count]
    assert all(isinstance(entry, RankedItem) for entry in ranked)


def test_reviews_of_another_item_are_a_mismatch(model, reviews):
    swapped = dict(zip(reviews, reversed(list(reviews.values()))))
    with pytest.raises(MismatchError):
        explain(model, [(0, 0)], swapped)
    with pytest.raises(MismatchError):
        explain(model, [(0, 0)], {})


@FEW
@given(st.lists(st.floats(1e-3, 1), min_size=1, max_size=23))
def test_shares_add_up_and_even_weights_are_flat(weights):
    explained = explanation(weights)
    assert explained.top_share + sum(w.weight for w in explained.others) == pytest.approx(1)
    assert explanation([1] * len(weights)).is_flat == (len(weights) > 3)


def test_weights_on_few_reviews_are_not_flat():
    assert not explanation([5, 1, 1, 1, 1, 1]).is_flat
    assert explanation([1.1, 1, 1, 1, 1, 1]).is_flat
    assert not explanation([1, 1, 1]).is_flat  # all reviews are shown


@FEW
@given(st.floats(-1, 7), st.lists(st.floats(-1, 1), min_size=1, max_size=9), st.sets(st.integers(0, 8)))
def test_shown_sum_is_exact_in_cents_and_stays_within_the_scale(rating, votes, chosen):
    explained = explanation([1] * len(votes), votes, rating)
    reviews = [review for place, review in enumerate(explained.reviews) if place in chosen]
    shown = explained.sum_of(reviews)
    cents = [round(100 * part) for part in (shown.base, *shown.shown, shown.others, shown.limit)]
    assert sum(cents) == round(100 * shown.rating) and 1 <= shown.rating <= 5
    assert bool(shown.limit) == (not 1 <= round(rating, 2) <= 5) and len(shown.shown) == len(reviews)


def reasons(personal, useful):
    """The reasons of one item's reviews; empty slots and a second item with one review are added."""
    real = np.array([[True] * len(personal) + [False] * 2, [False, True] + [False] * len(personal)])
    padded = [np.stack([np.append(part, [9., -9.]), np.full(len(personal) + 2, 5.)]) for part in (personal, useful)]
    first, single = reasons_of(*padded, real)
    assert first[len(personal):] == [None] * 2 and single == [None] * len(single)  # nothing to compare with
    return first[:len(personal)]


@FEW
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=9))
def test_reviews_above_the_mean_get_a_reason(parts):
    personal, useful = np.array(parts, float).T
    given_reasons = reasons(personal, useful)
    above_mean = [p + u > 1e-3 for p, u in zip(personal - personal.mean(), useful - useful.mean())]
    assert [reason is not None for reason in given_reasons] == above_mean
    swapped = {"personal": "useful", "useful": "personal"}
    assert reasons(useful, personal) == [swapped.get(reason, reason) for reason in given_reasons]


def test_reasons_name_the_part_that_is_above_its_mean():
    assert reasons(np.array([3., 0, 0]), np.zeros(3)) == ["personal", None, None]
    assert reasons(np.zeros(3), np.array([0., 3, 0])) == [None, "useful", None]
    assert reasons(np.array([3., 0, 0]) + 7, np.array([2.9, 0, 0]) - 4) == ["both", None, None]
    assert reasons(np.zeros(4), np.ones(4)) == [None] * 4  # the model prefers no review
