"""The bag of words, against numbers computed by hand and a slow loop."""
import math
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing import bag
from preprocessing.artefact import UNKNOWN

FREQUENCY = np.array([0, 1, 3, 2, 1], np.int32)  # of padding, UNKNOWN and three words
REVIEWS = 4


def idf(frequency):
    return 1 + math.log((1 + REVIEWS) / (1 + frequency))


def slow(tokens, held_out=False):
    """The vector [V] of one review, word by word."""
    counts = Counter(token for token in tokens if token)
    out, square = np.zeros(len(FREQUENCY)), 0.
    for word, count in counts.items():
        rarity = idf(FREQUENCY[word] + held_out)
        if word == UNKNOWN:
            square += count * rarity ** 2  # each occurrence counts as a different word
        else:
            out[word] = (1 + math.log(count)) * rarity
            square += out[word] ** 2
    return out / math.sqrt(square) if square else out


def test_tfidf_equals_numbers_computed_by_hand():
    assert idf(4) == 1 and abs(idf(1) - 1.9163) < 1e-4
    vector = bag.tfidf(np.array([[2, 3, 2, 0]]), FREQUENCY, REVIEWS).toarray()[0]
    two, three = (1 + math.log(2)) * (1 + math.log(5 / 4)), 1 + math.log(5 / 3)
    norm = math.hypot(two, three)
    np.testing.assert_allclose(vector, [0, 0, two / norm, three / norm, 0], rtol=1e-6)


review = st.lists(st.integers(0, len(FREQUENCY) - 1), min_size=5, max_size=5)


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(review, st.booleans()), min_size=1, max_size=6))
def test_tfidf_equals_a_slow_loop(rows):
    tokens, held_out = np.array([row for row, _ in rows]), np.array([held for _, held in rows])
    bags = bag.tfidf(tokens, FREQUENCY, REVIEWS, held_out)
    assert bags.dtype == np.float32
    np.testing.assert_allclose(bags.toarray(), [slow(*row) for row in rows], atol=1e-6)
    lengths = np.sqrt(bags.multiply(bags).sum(1)).A1
    for row, length in zip(tokens, lengths):
        if UNKNOWN in row:
            assert length < 1
        else:
            assert abs(length - row.any()) < 1e-6


def test_words_of_held_out_text_count_once_more():
    """A review has the same vector whether it is a training review or held out."""
    inside = bag.tfidf(np.array([[2, 3]]), FREQUENCY, REVIEWS)
    outside = bag.tfidf(np.array([[2, 3]]), FREQUENCY - np.array([0, 0, 1, 1, 0]), REVIEWS,
                        np.array([True]))
    np.testing.assert_array_equal(inside.toarray(), outside.toarray())
