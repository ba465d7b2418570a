"""The examples are chosen by a rule and a seed."""
import numpy as np

from evaluation.examples import which


def test_the_worst_the_best_and_others_at_random():
    values = np.array([np.nan, .5, .1, .9, .2, .3, .8, .7, .6, .4, np.nan, .55])
    chosen = which(values, 0)
    assert [row for row, why in chosen if why == "worst"] == [2, 4, 5]
    assert [row for row, why in chosen if why == "best"] == [3, 6, 7]
    rest = [row for row, why in chosen if why == "random"]
    assert len(chosen) == len({row for row, _ in chosen}) == 10 and set(rest) <= {0, 1, 8, 9, 10, 11}
    assert which(values, 0) == chosen != which(values, 1)


def test_few_pairs_and_no_pairs():
    assert [why for _, why in which(np.array([.1, .2, .3]), 0)] == ["worst", "best", "random"]
    assert [why for _, why in which(np.full(3, np.nan), 0)] == ["random"] * 3
    assert which(np.zeros(0), 0) == []
