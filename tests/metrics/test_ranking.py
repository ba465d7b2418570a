"""Rankings of the whole catalogue, by hand, by laws and against scikit-learn."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from metrics import ranking


def lists(seed, users=5, items=11):
    """(scores, known, row, item) of held-out pairs; the last user has none."""
    random = np.random.RandomState(seed)
    scores, known = random.rand(users, items), random.rand(users, items) < .3
    held = ~known & (random.rand(users, items) < .4)
    held[:-1, 3], known[:, 3] = True, False
    held[-1] = False
    row, item = np.nonzero(held)
    return scores, known, row, item


def measured(scores, known, row, item, k, seed=0):
    order = ranking.ordered(scores, known, np.random.RandomState(seed))
    rank = ranking.ranks(order, row, item)
    return [measure(rank, row, len(scores), k)
            for measure in (ranking.hit_rate, ranking.recall, ranking.ndcg)] + [
                ranking.reciprocal_rank(rank, row, len(scores))]


def test_by_hand():
    """Items 4 3 1 2 0 by score; 4 is known, 1 and 0 are held out: ranks 2 and 4."""
    scores, known = np.array([[.1, .3, .2, .4, .5]]), np.array([[False] * 4 + [True]])
    row, item = np.array([0, 0]), np.array([1, 0])
    order = ranking.ordered(scores, known, np.random.RandomState(0))
    assert order.tolist() == [[3, 1, 2, 0, 4]]
    rank = ranking.ranks(order, row, item)
    assert rank.tolist() == [2, 4]
    assert ranking.hit_rate(rank, row, 1, 1) == [0] and ranking.hit_rate(rank, row, 1, 2) == [1]
    assert ranking.recall(rank, row, 1, 3) == [.5] and ranking.reciprocal_rank(rank, row, 1) == [.5]
    best = 1 + 1 / np.log2(3)
    assert ranking.ndcg(rank, row, 1, 3) == pytest.approx([1 / np.log2(3) / best])
    assert ranking.ndcg(rank, row, 1, 4) == pytest.approx([(1 / np.log2(3) + 1 / np.log2(5)) / best])


@pytest.mark.parametrize("k", [1, 3, 11])
def test_ndcg_is_that_of_scikit_learn(k):
    scores, known, row, item = lists(1)
    truth = np.zeros(scores.shape)
    truth[row, item] = 1
    found = measured(scores, known, row, item, k)[2]
    wanted = [ndcg_score(truth[[user]], np.where(known, -1, scores)[[user]], k=k)
              for user in range(len(scores) - 1)]
    np.testing.assert_allclose(found[:-1], wanted)
    assert np.isnan(found[-1])


def test_reciprocal_rank_is_the_average_precision_of_one_item():
    scores, known, _, _ = lists(2)
    row, item = np.arange(len(scores)), np.full(len(scores), 3)
    truth = np.zeros(scores.shape, int)
    truth[row, item] = 1
    found = measured(scores, known, row, item, 2)[3]
    wanted = label_ranking_average_precision_score(truth, np.where(known, -1, scores))
    assert found.mean() == pytest.approx(wanted)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 9999), k=st.integers(1, 12))
def test_laws(seed, k):
    """Bounds; what is known has no say; the order of the pairs and monotone maps change nothing."""
    scores, known, row, item = lists(seed)
    found = measured(scores, known, row, item, k)
    for values in found:
        assert np.isnan(values[-1]) and (values[:-1] >= 0).all() and (values[:-1] <= 1).all()
    shuffled = np.random.RandomState(seed).permutation(len(row))
    for other in (measured(np.where(known, 99, scores), known, row, item, k),
                  measured(scores, known, row[shuffled], item[shuffled], k),
                  measured(np.exp(scores), known, row, item, k)):
        np.testing.assert_allclose(other, found)
    perfect = np.zeros(scores.shape)
    perfect[row, item] = 1
    hit, _, gain, first = measured(perfect, known, row, item, k)
    np.testing.assert_allclose([hit[:-1], gain[:-1], first[:-1]], 1)


def test_what_ties_is_a_random_order():
    """All items alike: the recall at k is the share of k, as by chance."""
    scores, known = np.zeros((4000, 7)), np.zeros((4000, 7), bool)
    known[:, 0] = True
    row, item = np.arange(4000), np.full(4000, 2)
    assert abs(np.mean(measured(scores, known, row, item, 3)[1]) - 3 / 6) < .03


def test_coverage_and_popularity():
    tops = np.array([[0, 1], [0, 2]])
    assert ranking.coverage(tops, 5) == .6
    known = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], bool)  # popularity 3 1 1 0
    lists_of = np.array([[0, 0], [0, 0], [0, 0]])
    profile = ((3 + 1) / 2 + (3 + 1) / 2 + 3) / 3
    assert ranking.popularity_bias(lists_of, known) == pytest.approx(3 / profile - 1)
    assert ranking.popularity_bias(np.full((3, 2), 3), known) == -1  # never sold
    assert np.isnan(ranking.popularity_bias(tops, np.zeros((2, 4), bool)))
