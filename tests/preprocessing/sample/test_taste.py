"""Purchases that follow taste: the limit of the swaps, the numbers that they keep, and the popularity of the oracle."""
import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from metrics import planted, ranking
from preprocessing.sample import corpus as sample
from preprocessing.sample import taste as tastes
from preprocessing.sample.shop import CORE, plant

SHAPES = [(600, 200, 8000, 8, 2), (61, 23, 907, 8, 2), (23, 61, 907, 12, 3), (13, 11, 65, 1, 1), (17, 19, 323, 4, 2)]


def shop(shape, taste, seed=3):
    return plant(np.random.RandomState(seed), np.random.RandomState(seed + 1), *shape, taste=taste)


def appeal_of_pairs(planted_shop):
    """Mean appeal of the pairs, by a loop."""
    cares = planted_shop.cares
    return np.mean([planted_shop.quality[item, cares[user]].sum() / np.sqrt(cares.shape[1])
                    for user, item in zip(planted_shop.user, planted_shop.item)])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [3, 4])
def test_only_who_bought_what_differs_from_the_draw_without_taste(shape, seed):
    without, some, more = (shop(shape, taste, seed) for taste in (0, 1, 3))
    users, items, reviews = shape[:3]
    for other in (some, more):
        assert len(set(zip(other.user.tolist(), other.item.tolist()))) == reviews
        np.testing.assert_array_equal(other.user, without.user)
        of_item = np.bincount(other.item, minlength=items)
        np.testing.assert_array_equal(of_item, np.bincount(without.item, minlength=items))
        assert min(of_item.min(), np.bincount(other.user, minlength=users).min()) >= CORE
        for name in ("mood", "day", "cares", "quality"):
            np.testing.assert_array_equal(getattr(other, name), getattr(without, name))


@pytest.mark.parametrize("shape", SHAPES[:3])
@pytest.mark.parametrize("seed", [3, 4])
def test_the_more_taste_the_better_the_items_suit_their_users(shape, seed):
    means = [appeal_of_pairs(shop(shape, taste, seed)) for taste in (0, 0.5, 1, 2, 3)]
    assert all(after > before + 0.02 for before, after in zip(means, means[1:])), means


def test_taste_0_gives_the_pairs_that_were_drawn_before_there_was_taste():
    """The items were recorded then; no number is drawn for swaps."""
    assert plant(np.random.RandomState(1), None, 6, 9, 50, 3, 1, taste=0).item.tolist() == [
        4, 3, 6, 7, 1, 6, 8, 2, 2, 5, 1, 6, 5, 3, 3, 6, 0, 1, 4, 5, 2, 7, 2, 0, 3, 0, 7, 8, 5, 1, 7, 4, 2, 8, 0, 6, 1,
        6, 7, 5, 4, 5, 0, 0, 2, 8, 4, 7, 8, 3]


@pytest.mark.parametrize("taste", [0.7, 2])
def test_in_the_limit_of_the_chain_sets_of_pairs_are_weighted_by_their_appeal(monkeypatch, taste):
    """The sets of pairs with numbers 2 1 1 of users and items, counted, beside those that the chain ends in."""
    appeal = np.random.RandomState(5).normal(size=(3, 3))
    sets = [pairs for pairs in itertools.combinations(itertools.product(range(3), range(3)), 4)
            if all(np.bincount(numbers, minlength=3).tolist() == [2, 1, 1] for numbers in zip(*pairs))]
    weights = np.exp([taste * sum(appeal[pair] for pair in pairs) for pairs in sets])
    monkeypatch.setattr(tastes, "SWEEPS", 15)
    random, user, ends = np.random.RandomState(0), np.array([0, 0, 1, 2]), []
    for _ in range(2000):
        item = tastes.follow(random, user, np.array([0, 1, 0, 2]), appeal, taste)
        ends.append(sets.index(tuple(sorted(zip(user.tolist(), item.tolist())))))
    np.testing.assert_allclose(np.bincount(ends, minlength=len(sets)) / 2000, weights / weights.sum(), atol=0.035)


@pytest.mark.parametrize("taste", [tastes.TASTE, tastes.MAX_TASTE])
def test_further_sweeps_change_the_mean_appeal_no_more(taste):
    once = shop(SHAPES[0], taste)
    appeal = tastes.appeal(once.quality, once.cares)
    item = tastes.follow(np.random.RandomState(9), once.user, once.item, appeal, taste)
    assert not np.array_equal(item, once.item)
    assert abs(appeal[once.user, item].mean() - appeal[once.user, once.item].mean()) < 0.03


@pytest.mark.parametrize("taste", [0, 1, 3])
@pytest.mark.parametrize("reviews, tolerance", [(500, 1e-4), (907, 1e-2)])  # of 907, some users reviewed every item
def test_with_the_popularity_the_odds_give_each_item_its_number(taste, reviews, tolerance):
    """The activity of each user is found by bisection, such that the probabilities add up to the user's number."""
    planted_shop = shop((61, 23, reviews, 8, 2), taste)
    appeal = tastes.appeal(planted_shop.quality, planted_shop.cares)
    of_user = np.bincount(planted_shop.user, minlength=len(appeal))

    def probability(activity):
        return 1 / (1 + np.exp(-(activity[:, None] + planted_shop.log_popularity + taste * appeal)))

    low, high = np.full(len(appeal), -30.0), np.full(len(appeal), 30.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = probability(middle).sum(axis=1) > of_user
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    assert planted_shop.log_popularity.mean() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(probability(low).sum(axis=0), np.bincount(planted_shop.item), rtol=tolerance)


def ndcg_of(corpus, seed):
    """nDCG@10 of (oracle, popularity of the training pairs, oracle with counts for popularity), 80 % training."""
    truth, random = corpus.truth, np.random.RandomState(seed)
    users, items = list(truth["users"]), list(truth["items"])
    pairs = np.array([(users.index(review["reviewerID"]), items.index(review["asin"])) for review in corpus.reviews])
    train, held = np.split(random.permutation(pairs), [int(0.8 * len(pairs))])
    in_training = np.zeros((len(users), len(items)), bool)
    in_training[tuple(train.T)] = True
    counts = dict(zip(items, np.log(np.bincount(pairs[:, 1])).tolist()))
    scorers = (planted.oracle_scores(truth, users, items), np.tile(in_training.sum(axis=0), (len(users), 1)),
               planted.oracle_scores(dict(truth, log_popularity=counts), users, items))
    row, item = held[np.argsort(held[:, 0], kind="stable")].T
    of_users = SimpleNamespace(users=np.arange(len(users)), row=row, item=item, in_training=in_training)
    ranks = [ranking.lists(scores.__getitem__, of_users, 10, random, len(users)).rank for scores in scorers]
    return [np.nanmean(ranking.ndcg(rank, row, len(users), 10)) for rank in ranks]


@pytest.mark.parametrize("seed, shape", [(2017, (600, 200, 8000)), (1, (400, 150, 5000)), (2, (150, 300, 3000))])
def test_the_oracle_finds_held_out_purchases_far_above_popularity(seed, shape):
    corpus = sample.generate(seed, *shape)
    oracle, popular, with_counts = np.mean([ndcg_of(corpus, split) for split in range(3)], axis=0)
    assert oracle > 1.35 * popular
    assert oracle > 1.05 * with_counts  # counts hold a part of the quality already


def test_without_taste_the_oracle_is_as_good_as_popularity():
    corpus = sample.generate(2017, 400, 150, 5000, taste=0)
    oracle, popular, _ = np.mean([ndcg_of(corpus, split) for split in range(3)], axis=0)
    assert abs(oracle - popular) < 0.01
