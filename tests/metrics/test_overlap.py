"""ROUGE and aspects, worked out by hand and against slow counts."""
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from metrics import overlap

WORDS = st.lists(st.sampled_from("abcd"), max_size=6)


def test_rouge_1_by_hand():
    counts = overlap.word_counts([[], "the cat sat on the mat".split(), "the the the dog".split(), ["owl"]])
    values = overlap.rouge1(counts, np.array([1, 3]), np.array([[2, 1, 0], [1, 3, 0]]))
    np.testing.assert_allclose(values, [[2 * 2 / 10, 1, 0], [0, 1, 0]], rtol=1e-6)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(WORDS, min_size=1, max_size=7), seed=st.integers(0, 99))
def test_rouge_1_against_a_slow_count(texts, seed):
    random = np.random.RandomState(seed)
    own, slots = random.randint(0, len(texts), 5), random.randint(0, len(texts), (5, 3))
    values = overlap.rouge1(overlap.word_counts(texts), own, slots)
    for pair in range(5):
        for slot in range(3):
            left, right = texts[own[pair]], texts[slots[pair, slot]]
            shared = sum((Counter(left) & Counter(right)).values())
            assert values[pair, slot] == pytest.approx(2 * shared / max(len(left) + len(right), 1))


def test_chunks_of_pairs_change_nothing(monkeypatch):
    random = np.random.RandomState(1)
    counts = overlap.word_counts([list(random.choice(list("abcdef"), 5)) for _ in range(9)])
    own, slots = random.randint(0, 9, 7), random.randint(0, 9, (7, 2))
    whole = overlap.rouge1(counts, own, slots)
    monkeypatch.setattr(overlap, "CHUNK", 2)
    np.testing.assert_array_equal(overlap.rouge1(counts, own, slots), whole)


def slow_lcs(first, second):
    table = np.zeros((len(first) + 1, len(second) + 1), int)
    for i, left in enumerate(first):
        for j, right in enumerate(second):
            table[i + 1, j + 1] = table[i, j] + 1 if left == right else max(table[i, j + 1], table[i + 1, j])
    return table[-1, -1]


def test_rouge_l_by_hand():
    """Lin's example: 'police killed the gunman' against 'police kill the gunman', 'the gunman kill police'."""
    texts = [[], "police killed the gunman".split(), "police kill the gunman".split(),
             "the gunman kill police".split()]
    values = overlap.rouge_l(texts, np.array([1, 0]), np.array([[2, 3, 1, 0], [1, 2, 3, 0]]))
    np.testing.assert_allclose(values, [[.75, .5, 1, 0], [0, 0, 0, 0]])


def test_rouge_l_against_a_table():
    random = np.random.RandomState(0)
    texts = [[]] + [list(random.randint(0, 5, random.randint(1, 90))) for _ in range(8)]
    slots = np.arange(1, 9)[np.newaxis].repeat(8, 0)
    values = overlap.rouge_l(texts, np.arange(1, 9), slots)
    for row in range(8):
        for column in range(8):
            wanted = 2 * slow_lcs(texts[row + 1], texts[column + 1]) / (
                len(texts[row + 1]) + len(texts[column + 1]))
            assert values[row, column] == pytest.approx(wanted)
    np.testing.assert_allclose(values, values.T)
    assert (values <= 1).all() and np.allclose(np.diag(values), 1)


def test_aspects_are_the_words_of_the_highest_weight():
    bags = sparse.csr_matrix([[0, 0, 0, 0], [.1, .3, 0, .2], [.5, 0, .5, .1], [0, .7, 0, 0]])
    marks = overlap.aspects(bags, 2)
    np.testing.assert_array_equal(marks.toarray(), [[0] * 4, [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 0]])
    values = overlap.aspect_overlap(marks, np.array([1, 0]), np.array([[1, 2, 3, 0], [1, 2, 3, 0]]))
    np.testing.assert_allclose(values, [[1, 0, .5, 0], [0] * 4])
