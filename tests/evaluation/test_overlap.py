"""ROUGE-1 by hand and against a slow count."""
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import overlap

WORDS = st.lists(st.sampled_from("abcd"), max_size=6)


def test_by_hand():
    counts = overlap.word_counts([[], "the cat sat on the mat".split(), "the the the dog".split(), ["owl"]])
    found = overlap.rouge1(counts, np.array([1, 3]), np.array([[2, 1, 0], [1, 3, 0]]))
    np.testing.assert_allclose(found, [[2 * 2 / 10, 1, 0], [0, 1, 0]], rtol=1e-6)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(WORDS, min_size=1, max_size=7), seed=st.integers(0, 99))
def test_against_a_slow_count(texts, seed):
    random = np.random.RandomState(seed)
    own, slots = random.randint(0, len(texts), 5), random.randint(0, len(texts), (5, 3))
    found = overlap.rouge1(overlap.word_counts(texts), own, slots)
    for pair in range(5):
        for place in range(3):
            one, other = texts[own[pair]], texts[slots[pair, place]]
            shared = sum((Counter(one) & Counter(other)).values())
            assert found[pair, place] == pytest.approx(2 * shared / max(len(one) + len(other), 1))


def test_many_pairs_are_as_one(monkeypatch):
    random = np.random.RandomState(1)
    counts = overlap.word_counts([list(random.choice(list("abcdef"), 5)) for _ in range(9)])
    own, slots = random.randint(0, 9, 7), random.randint(0, 9, (7, 2))
    whole = overlap.rouge1(counts, own, slots)
    monkeypatch.setattr(overlap, "CHUNK", 2)
    np.testing.assert_array_equal(overlap.rouge1(counts, own, slots), whole)
