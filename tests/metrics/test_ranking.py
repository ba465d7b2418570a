"""Rankings of the whole catalogue: worked out by hand, laws, and against scikit-learn."""
import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from metrics import ranking


def lists(seed, users=5, items=11):
    """(scores, in_training, row, item) of held-out pairs; the last user has none."""
    random = np.random.RandomState(seed)
    scores, in_training = random.rand(users, items), random.rand(users, items) < .3
    held = ~in_training & (random.rand(users, items) < .4)
    held[:-1, 3], in_training[:, 3] = True, False
    held[-1] = False
    row, item = np.nonzero(held)
    return scores, in_training, row, item


def ordered(scores, in_training, random):
    """Whole lists [m, I] of items by falling score, training items last, ties at random: sorted, unlike `lists`."""
    return np.lexsort((random.rand(*scores.shape), np.where(in_training, np.inf, -scores)), -1)


def ranks(order, row, item):
    """Rank [n], from 1, of items in the lists `order` [m, I]."""
    return np.argsort(order, -1)[row, item] + 1


def measured(scores, in_training, row, item, k, seed=0):
    order = ordered(scores, in_training, np.random.RandomState(seed))
    rank = ranks(order, row, item)
    return [measure(rank, row, len(scores), k)
            for measure in (ranking.hit_rate, ranking.recall, ranking.ndcg)] + [
                ranking.reciprocal_rank(rank, row, len(scores))]


def test_by_hand():
    """Items 4 3 1 2 0 by score; 4 is a training item, 1 and 0 are held out: ranks 2 and 4."""
    scores, in_training = np.array([[.1, .3, .2, .4, .5]]), np.array([[False] * 4 + [True]])
    row, item = np.array([0, 0]), np.array([1, 0])
    order = ordered(scores, in_training, np.random.RandomState(0))
    assert order.tolist() == [[3, 1, 2, 0, 4]]
    rank = ranks(order, row, item)
    assert rank.tolist() == [2, 4]
    assert ranking.hit_rate(rank, row, 1, 1) == [0] and ranking.hit_rate(rank, row, 1, 2) == [1]
    assert ranking.recall(rank, row, 1, 3) == [.5] and ranking.reciprocal_rank(rank, row, 1) == [.5]
    best = 1 + 1 / np.log2(3)
    assert ranking.ndcg(rank, row, 1, 3) == pytest.approx([1 / np.log2(3) / best])
    assert ranking.ndcg(rank, row, 1, 4) == pytest.approx([(1 / np.log2(3) + 1 / np.log2(5)) / best])


@pytest.mark.parametrize("k", [1, 3, 11])
def test_ndcg_equals_that_of_scikit_learn(k):
    scores, in_training, row, item = lists(1)
    truth = np.zeros(scores.shape)
    truth[row, item] = 1
    values = measured(scores, in_training, row, item, k)[2]
    wanted = [ndcg_score(truth[[user]], np.where(in_training, -1, scores)[[user]], k=k)
              for user in range(len(scores) - 1)]
    np.testing.assert_allclose(values[:-1], wanted)
    assert np.isnan(values[-1])


def test_reciprocal_rank_is_the_average_precision_of_one_item():
    scores, in_training, _, _ = lists(2)
    row, item = np.arange(len(scores)), np.full(len(scores), 3)
    truth = np.zeros(scores.shape, int)
    truth[row, item] = 1
    values = measured(scores, in_training, row, item, 2)[3]
    wanted = label_ranking_average_precision_score(truth, np.where(in_training, -1, scores))
    assert values.mean() == pytest.approx(wanted)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 9999), k=st.integers(1, 12))
def test_laws(seed, k):
    """Values lie in 0..1; scores of training items, the order of the pairs and monotone maps change nothing."""
    scores, in_training, row, item = lists(seed)
    values = measured(scores, in_training, row, item, k)
    for value in values:
        assert np.isnan(value[-1]) and (value[:-1] >= 0).all() and (value[:-1] <= 1).all()
    shuffled = np.random.RandomState(seed).permutation(len(row))
    for other in (measured(np.where(in_training, 99, scores), in_training, row, item, k),
                  measured(scores, in_training, row[shuffled], item[shuffled], k),
                  measured(np.exp(scores), in_training, row, item, k)):
        np.testing.assert_allclose(other, values)
    perfect = np.zeros(scores.shape)
    perfect[row, item] = 1
    hit, _, gain, first = measured(perfect, in_training, row, item, k)
    np.testing.assert_allclose([hit[:-1], gain[:-1], first[:-1]], 1)


def test_ties_are_in_random_order():
    """Where all scores tie, the recall at k is k divided by the number of candidates."""
    scores, in_training = np.zeros((4000, 7)), np.zeros((4000, 7), bool)
    in_training[:, 0] = True
    row, item = np.arange(4000), np.full(4000, 2)
    assert abs(np.mean(measured(scores, in_training, row, item, 3)[1]) - 3 / 6) < .03


def test_coverage_and_popularity():
    tops = np.array([[0, 1], [0, 2]])
    assert ranking.coverage(tops, 5) == .6
    in_training, buyers = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], bool), np.array([3, 1, 1, 0])
    lists_of = np.array([[0, 0], [0, 0], [0, 0]])
    profile = ((3 + 1) / 2 + (3 + 1) / 2 + 3) / 3
    assert ranking.popularity_bias(lists_of, in_training, buyers) == pytest.approx(3 / profile - 1)
    assert ranking.popularity_bias(np.full((3, 2), 3), in_training, buyers) == -1  # items without any training rating
    assert np.isnan(ranking.popularity_bias(tops, np.zeros((2, 4), bool), buyers))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 9999), size=st.integers(1, 30))
def test_the_popularity_bias_of_a_sample_counts_the_ratings_of_all_users(seed, size):
    """The popularity of an item is that of all training pairs, so users with the same items have the same bias."""
    random = np.random.RandomState(seed)
    in_training = random.rand(30, 8) < .3
    in_training[:, 0] = True
    in_training[random.permutation(30)[:size]] = in_training[0]  # users with equal training items
    alike = (in_training == in_training[0]).all(1)
    tops, buyers = np.tile(random.permutation(8)[:3], (30, 1)), in_training.sum(0)
    bias = ranking.popularity_bias(tops[:1], in_training[:1], buyers)
    assert bias == pytest.approx(buyers[tops[0]].mean() / buyers[in_training[0]].mean() - 1)
    assert ranking.popularity_bias(tops[alike], in_training[alike], buyers) == pytest.approx(bias)


def test_the_overlap_of_lists_is_that_of_all_pairs_of_users():
    random = np.random.RandomState(0)
    tops = np.stack([random.permutation(13)[:4] for _ in range(7)])
    sets = [set(top) for top in tops.tolist()]
    shared = [len(one & other) for number, one in enumerate(sets) for other in sets[:number]]
    assert ranking.mean_overlap(tops) == pytest.approx(np.mean(shared))
    assert ranking.mean_overlap(np.tile(tops[:1], (3, 1))) == 4
    assert np.isnan(ranking.mean_overlap(tops[:1]))


@pytest.mark.parametrize("chunk", [1, 4, 99])
def test_the_overlap_by_likeness_is_that_of_the_pairs_of_users_with_so_many_traits_in_common(chunk):
    random = np.random.RandomState(3)
    tops = np.array([random.permutation(13)[:5] for _ in range(11)])
    traits = random.random_sample((11, 4)) < .5
    traits[7] = False
    expected = {}
    for one, other in itertools.combinations(range(11), 2):
        if 7 not in (one, other):
            expected.setdefault((traits[one] & traits[other]).sum(), []).append(len(set(tops[one]) & set(tops[other])))
    found = ranking.overlap_by_likeness(tops, traits, chunk)
    assert found == {number: (pytest.approx(np.mean(values)), len(values)) for number, values in expected.items()}
    assert ranking.overlap_by_likeness(tops, np.zeros((11, 4), bool)) == {}


def test_novelty_is_in_bits_of_the_share_of_users():
    buyers = np.array([8, 4, 1, 0])
    assert ranking.novelty(np.array([[0, 1]]), buyers, 8) == pytest.approx((0 + 1) / 2)
    assert ranking.novelty(np.array([[2], [3]]), buyers, 8) == 3  # an item without buyers counts as one with one
    assert np.isnan(ranking.novelty(np.zeros((0, 2), int), buyers, 8))


@pytest.mark.parametrize("values", [2, 4, 1000])  # of the scores: with few, most items tie
@pytest.mark.parametrize("k", [1, 3, 11, 20])
@pytest.mark.parametrize("chunk", [1, 2, 5, 99])
def test_lists_in_chunks_of_users_are_those_of_all_users_sorted(chunk, k, values):
    scores, in_training, row, item = lists(4)
    scores = np.floor(scores * values)
    held = SimpleNamespace(users=np.arange(5), row=row, item=item, in_training=in_training)
    calls = []
    found = ranking.lists(lambda users: scores[users], held, k, np.random.RandomState(0), chunk,
                          lambda: calls.append(1))
    order = ordered(scores, in_training, np.random.RandomState(0))
    new = np.where(np.take_along_axis(in_training, order, 1), ranking.NO_ITEM, order)
    np.testing.assert_array_equal(found.tops, new[:, :k])
    np.testing.assert_array_equal(found.rank, ranks(order, row, item))
    assert len(calls) == -(-5 // chunk)


def test_of_a_large_catalogue_fewer_users_are_ranked_at_a_time(monkeypatch):
    scores, in_training, row, item = lists(4)
    held, at_a_time = SimpleNamespace(users=np.arange(5), row=row, item=item, in_training=in_training), []

    def score(users):
        at_a_time.append(len(users))
        return scores[users]

    whole = ranking.lists(score, held, 3, np.random.RandomState(0), 99)
    monkeypatch.setattr(ranking, "MOST", 2 * scores.shape[1])
    parts = ranking.lists(score, held, 3, np.random.RandomState(0), 99)
    assert at_a_time == [5, 2, 2, 1]
    np.testing.assert_array_equal(parts.rank, whole.rank)
    np.testing.assert_array_equal(parts.tops, whole.tops)


def test_an_item_without_a_score_has_the_last_rank_and_is_in_no_list():
    held = SimpleNamespace(users=np.arange(1), row=np.array([0, 0]), item=np.array([1, 3]),
                           in_training=np.zeros((1, 5), bool))
    found = ranking.lists(lambda users: np.array([[.5, np.nan, .1, .2, .3]]), held, 5, np.random.RandomState(0), 1)
    assert found.rank.tolist() == [5, 3] and found.tops.tolist() == [[0, 4, 3, 2, ranking.NO_ITEM]]


def test_a_user_who_has_most_items_has_a_shorter_list():
    """4 items: the first user has all but item 2, the second none; no place holds an item that the user has."""
    held = SimpleNamespace(users=np.arange(2), row=np.array([0, 1]), item=np.array([2, 0]),
                           in_training=np.array([[1, 1, 0, 1], [0, 0, 0, 0]], bool))
    scores = np.array([[4., 3., 2., 1.], [1., 2., 3., np.nan]])
    tops = ranking.lists(lambda users: scores[users], held, 4, np.random.RandomState(0), 1).tops
    none = ranking.NO_ITEM
    assert tops.tolist() == [[2, none, none, none], [2, 1, 0, none]]
    buyers = np.array([8., 4., 2., 1.])
    assert ranking.coverage(tops, 4) == .75 and ranking.mean_overlap(tops) == 1
    assert ranking.novelty(tops, buyers, 8) == pytest.approx(np.mean([2, 2, 1, 0]))
    traits = np.ones((2, 1), bool)
    assert ranking.overlap_by_likeness(tops, traits) == {1: (1., 1)}
    profile = buyers[[0, 1, 3]].mean()
    assert ranking.popularity_bias(tops, held.in_training, buyers) == pytest.approx(2 / profile - 1)
    assert np.isnan(ranking.popularity_bias(np.full((2, 2), none), held.in_training, buyers))
    assert np.isnan(ranking.novelty(np.full((2, 2), none), buyers, 8))
