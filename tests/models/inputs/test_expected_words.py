"""The regression of a review's words on those of the item's other reviews, against a plain one, word by word."""
import numpy as np
import pytest
from scipy import sparse

from models.inputs import expected_words
from models.inputs.expected_words import DAMPING, FOLDS, RIDGES

WORDS = 7


def reviews(items=31, seed=3):
    """([N+1, V] bags, [N+1] items, [n] rows) of reviews that repeat words 0 and 1 of their item, but not word 2."""
    random = np.random.RandomState(seed)
    item = np.append(0, np.repeat(np.arange(items), random.randint(0, 6, items)))
    names = random.rand(items, WORDS)
    bags = random.rand(len(item), WORDS) * (random.rand(len(item), WORDS) < .7)
    bags[:, :2] = .8 * names[item, :2] + .1 * random.rand(len(item), 2)
    bags[:, 6] = 0  # a word that no review holds
    bags[0] = 0
    return sparse.csr_matrix(bags.astype(np.float32)), item, np.arange(1, len(item))


def pairs(bags, item, rows):
    """([m, V] x, [m, V] t, [m] item) of the reviews that have another one of their item."""
    dense, x, kept = bags.toarray().astype(float), [], []
    for row in rows:
        others = [other for other in rows if item[other] == item[row] and other != row]
        if others:
            x.append(dense[others].sum(0) / (len(others) + DAMPING))
            kept.append(row)
    return np.array(x), dense[kept], item[kept]


def fitted(x, t, ridge):
    """(repeat, usual) by a plain regression of each word."""
    centred, target = x - x.mean(0), t - t.mean(0)
    variance, covariance = (centred ** 2).sum(0), (centred * target).sum(0)
    common, ridge = covariance.sum() / variance.sum(), ridge * variance.mean()
    repeat = (covariance + ridge * common) / (variance + ridge)
    return repeat, t.mean(0) - repeat * x.mean(0)


def test_against_a_plain_regression_with_the_ridge_that_predicts_other_items_best():
    bags, item, rows = reviews()
    x, t, of = pairs(bags, item, rows)
    errors = []
    for ridge in RIDGES:
        error = 0
        for fold in range(FOLDS):
            held = of % FOLDS == fold
            repeat, usual = fitted(x[~held], t[~held], ridge)
            error += ((t[held] - repeat * x[held] - usual) ** 2).sum()
        errors.append(error)
    repeat, usual = fitted(x, t, RIDGES[int(np.argmin(errors))])
    found = expected_words.learn(bags, item, rows)
    np.testing.assert_allclose(found.repeat, repeat, atol=1e-5)
    np.testing.assert_allclose(found.usual, usual, atol=1e-5)


def test_words_of_the_item_are_repeated_and_others_are_usual():
    found = expected_words.learn(*reviews(items=400))
    assert found.repeat[:2].min() > 1  # more than the damped mean
    assert abs(found.repeat[2:6]).max() < .3 and found.usual[2:6].min() > .2
    assert found.usual[6] == 0


def test_a_word_that_is_in_few_reviews_has_the_value_that_words_have_in_common():
    bags, item, rows = reviews(items=400)
    rare = np.zeros(bags.shape[0], np.float32)
    rare[5] = .9
    found = expected_words.learn(sparse.hstack([bags, rare[:, None]]).tocsr(), item, rows)
    assert found.repeat[2:6].max() < found.repeat[-1] < found.repeat[:2].min()


def test_order_and_blocks_of_reviews_and_reviews_that_are_not_read_change_nothing(monkeypatch):
    bags, item, rows = reviews()
    wanted = expected_words.learn(bags, item, rows)
    for size in (1, 4, 1000):
        monkeypatch.setattr(expected_words, "BLOCK", size)
        found = expected_words.learn(bags, item, np.random.RandomState(size).permutation(rows))
        np.testing.assert_allclose(found.repeat, wanted.repeat, atol=1e-5)
        np.testing.assert_allclose(found.usual, wanted.usual, atol=1e-5)
    some = rows[rows % 3 > 0]
    changed = bags.toarray()
    changed[rows[rows % 3 == 0]] = 1
    np.testing.assert_array_equal(expected_words.learn(sparse.csr_matrix(changed), item, some).repeat,
                                  expected_words.learn(bags, item, some).repeat)


@pytest.mark.parametrize("most", [1, 17, 35])
def test_of_a_large_corpus_whole_items_are_read_as_many_as_fit(monkeypatch, most):
    bags, item, rows = reviews()
    count = np.bincount(item[rows])
    monkeypatch.setattr(expected_words, "MOST_REVIEWS", most)
    read = expected_words._read(item, rows)
    found = np.bincount(item[read], minlength=len(count))
    assert set(found[found > 0] - count[found > 0]) == {0} and found[found > 0].min() > 1
    if most > 5:  # no item has as many
        assert most - 5 <= len(read) <= most
    else:
        assert np.count_nonzero(found) == 1  # one item is read in any case
    learned = expected_words.learn(bags, item, rows)
    monkeypatch.undo()
    np.testing.assert_array_equal(learned.repeat, expected_words.learn(bags, item, read).repeat)


def test_without_other_items_to_predict_words_are_drawn_most_to_what_they_have_in_common():
    random = np.random.RandomState(1)
    bags = sparse.csr_matrix(random.rand(13, 40).astype(np.float32))
    item = np.append(0, np.repeat([0, FOLDS, 2 * FOLDS, 3 * FOLDS], 3))  # all in one fold
    assert expected_words.learn(bags, item, np.arange(1, 13)).repeat.std() < .01


@pytest.mark.parametrize("count", [0, 1, 5])
def test_without_an_item_of_several_reviews_nothing_is_expected(count):
    bags, item = sparse.csr_matrix(np.random.RandomState(0).rand(6, WORDS).astype(np.float32)), np.arange(6)
    found = expected_words.learn(bags, item, np.arange(1, 1 + count))
    assert not found.repeat.any() and not found.usual.any()


def test_one_item_alone_is_enough():
    bags = sparse.csr_matrix(np.random.RandomState(0).rand(4, WORDS).astype(np.float32))
    found = expected_words.learn(bags, np.array([0, 2, 2, 2]), np.arange(1, 4))
    assert np.isfinite(found.repeat).all() and np.isfinite(found.usual).all() and found.usual.any()
