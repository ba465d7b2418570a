"""Rating baselines, compared with slow loops, exact algebra and planted structure."""
import numpy as np
import pytest

from models.inputs import baselines
from preprocessing import readers
from preprocessing.artefact import Split
from preprocessing.split import split
from tests.preprocessing.test_real_data import real

USERS, ITEMS = 11, 7


def ratings(count=50, seed=1, stars=None):
    """A Split of different pairs of USERS - 1 users and ITEMS items: the last user has none."""
    random = np.random.RandomState(seed)
    pairs = random.permutation((USERS - 1) * ITEMS)[:count]
    user, item = pairs // ITEMS, pairs % ITEMS
    rating = random.randint(1, 6, count) if stars is None else stars(user, item)
    return Split(user.astype(np.int32), item.astype(np.int32), rating.astype(np.float32),
                 np.arange(1, count + 1))


def test_offsets_against_a_slow_loop():
    train = ratings()
    offsets = baselines.damped_offsets(train, USERS, ITEMS, 3.)
    mean = np.mean(train.rating)
    user, item = np.zeros(USERS), np.zeros(ITEMS)
    for _ in range(baselines.PASSES):
        for number in range(ITEMS):
            rest = [r - mean - user[u] for u, i, r in zip(train.user, train.item, train.rating)
                    if i == number]
            item[number] = sum(rest) / (3 + len(rest))
        for number in range(USERS):
            rest = [r - mean - item[i] for u, i, r in zip(train.user, train.item, train.rating)
                    if u == number]
            user[number] = sum(rest) / (3 + len(rest))
    np.testing.assert_allclose(offsets.user, user, atol=1e-6)
    np.testing.assert_allclose(offsets.item, item, atol=1e-6)
    assert offsets.user[USERS - 1] == 0
    np.testing.assert_allclose(offsets.predict(np.array([0, 10]), np.array([2, 3])),
                               [mean + user[0] + item[2], mean + item[3]], atol=1e-6)


def test_leave_out_is_a_fit_without_the_rating():
    """Exact where each user has one rating: the item's offset is a damped mean of the others."""
    rating = np.array([5., 1, 4, 2, 3], np.float32)
    train = Split(np.arange(5), np.zeros(5, int), rating, np.arange(1, 6))
    offsets = baselines.Offsets(3., np.zeros(5), np.array([np.sum(rating - 3) / (2 + 5)]), 2.,
                                np.ones(5, int),
                                np.array([5]))
    user, item = offsets.leave_out(train.user, train.item, rating)
    np.testing.assert_allclose(item, [(np.sum(rating - 3) - (own - 3)) / (2 + 4) for own in rating],
                               atol=1e-6)
    assert not user.any()  # no rating of the user is left


def test_leave_out_removes_the_own_residual_from_each_mean():
    train = ratings()
    offsets = baselines.damped_offsets(train, USERS, ITEMS, 3.)
    user_offset, item_offset = offsets.leave_out(train.user, train.item, train.rating)
    for row in range(len(train.user)):
        others = [n for n in np.nonzero(train.user == train.user[row])[0] if n != row]
        rest = train.rating[others] - offsets.mean - offsets.item[train.item[others]]
        wanted = rest.sum() / (3 + len(others)) if others else 0
        assert abs(user_offset[row] - wanted) < 1e-5
        others = [n for n in np.nonzero(train.item == train.item[row])[0] if n != row]
        rest = train.rating[others] - offsets.mean - offsets.user[train.user[others]]
        # users are fitted last, so items are a pass behind: close, not equal
        assert abs(item_offset[row] - rest.sum() / (3 + len(others))) < 1e-3


def test_the_damping_of_least_validation_error_is_chosen():
    train, validation = ratings(40, 1), ratings(30, 2)
    chosen = baselines.choose_offsets(train, validation, USERS, ITEMS)
    errors = {}
    for damping in baselines.DAMPINGS:
        fit = baselines.damped_offsets(train, USERS, ITEMS, damping)
        errors[damping] = baselines.rmse(
            fit.predict(validation.user, validation.item), validation.rating)
    assert errors[chosen.damping] == min(errors.values())


def test_factors_recover_planted_preferences():
    random = np.random.RandomState(4)
    taste, kind = random.choice([-1., 1], USERS), random.choice([-1., 1], ITEMS)
    everything = ratings(
        (USERS - 1) * ITEMS, stars=lambda user, item: 3 + 1.5 * taste[user] * kind[item])
    train, held = (Split(*(part[rows] for part in everything))
                   for rows in (slice(0, 55), slice(55, None)))
    offsets = baselines.damped_offsets(train, USERS, ITEMS, 20.)
    factors = baselines.matrix_factorisation(train, offsets, ridge=.3, seed=1, factors=1)
    error = baselines.rmse(factors.predict(held.user, held.item), held.rating)
    assert error < .35 < 1 < baselines.rmse(offsets.predict(held.user, held.item), held.rating)


def test_a_large_ridge_gives_the_offsets_alone():
    train = ratings()
    offsets = baselines.damped_offsets(train, USERS, ITEMS, 3.)
    factors = baselines.matrix_factorisation(train, offsets, ridge=1e9, seed=1)
    np.testing.assert_allclose(factors.predict(train.user, train.item),
                               offsets.predict(train.user, train.item),
                               atol=1e-6)


def test_half_a_pass_solves_its_least_squares():
    """Each user's latents leave no gradient: sum (rest - p.q) q = ridge p."""
    train = ratings()
    offsets = baselines.damped_offsets(train, USERS, ITEMS, 3.)
    factors = baselines.matrix_factorisation(train, offsets, ridge=2., seed=1, factors=3)
    left = train.rating - factors.predict(train.user, train.item)
    for number in range(ITEMS):  # items are solved last
        mine = train.item == number
        np.testing.assert_allclose(left[mine] @ factors.user[train.user[mine]],
                                   2 * factors.item[number], atol=1e-6)


def test_predictions_are_clipped_to_stars():
    assert baselines.rmse(np.array([9., -3.]), np.array([5., 1.])) == 0
    assert baselines.rmse(np.array([2., 2.]), np.array([1., 4.])) == pytest.approx(2.5 ** .5)


def test_musical_instruments():
    reviews, _ = readers.read_reviews(real("reviews_Musical_Instruments_5.json.gz"))
    users, items, user, item = reviews.user_ids, reviews.item_ids, reviews.user, reviews.item
    stars = reviews.rating.astype(np.float32)
    train, validation, test = (Split(user[rows], item[rows], stars[rows], rows + 1)
                               for rows in split(len(reviews)))
    offsets = baselines.damped_offsets(train, len(users), len(items), 5.)
    errors = [baselines.rmse(offsets.predict(part.user, part.item), part.rating)
              for part in (validation, test)]
    mean = baselines.rmse(np.full(len(test.user), offsets.mean), test.rating)
    assert [round(error, 4) for error in [mean] + errors] == [.9152, .8344, .9029]
    assert baselines.choose_offsets(train, validation, len(users), len(items)).damping == 5
