"""Word vectors from counts, beside loops over all pairs of words and the singular vectors of the whole matrix."""
import numpy as np
import pytest

from preprocessing.artefact import UNKNOWN
from preprocessing.corpus import counted

TEXTS = [[2, 3, 1, 4, 2, 5, 6, 7, 2], [], [3, 3, 8], [1, 1], [9], [4, 6, 4, 2, 8, 8, 3, 5, 7, 6, 2]]
SIZE = 11  # word 10 is in no text


def pieces(count):
    """The texts in pieces of `count` texts."""
    for start in range(0, len(TEXTS), count):
        part = TEXTS[start:start + count]
        yield np.array([word for text in part for word in text], np.int32), np.array([len(text) for text in part])


def information(contexts):
    """[SIZE, contexts] PPMI by loops."""
    counts = np.zeros((SIZE, SIZE))
    for text in TEXTS:
        known = [word for word in text if word > UNKNOWN]
        for place, word in enumerate(known):
            for other, near in enumerate(known):
                if 0 < abs(place - other) <= counted.WINDOW:
                    counts[word, near] += 1 - (abs(place - other) - 1) / counted.WINDOW
    counts = counts[:, UNKNOWN + 1:UNKNOWN + 1 + contexts]
    smoothed = counts.sum(0) ** counted.SMOOTHING
    expected = counts.sum(1, keepdims=True) * smoothed / smoothed.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.nan_to_num(np.log(counts / expected), nan=0, neginf=0), 0)


@pytest.mark.parametrize("contexts", [4, 100])
@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_products_of_vectors_are_those_of_the_singular_vectors(monkeypatch, contexts, count):
    monkeypatch.setattr(counted, "CONTEXTS", contexts)
    monkeypatch.setattr(counted, "ROWS", 3)
    found = counted.vectors(pieces(count), SIZE, 3)
    left, values, _ = np.linalg.svd(information(min(contexts, 9)), full_matrices=False)
    expected = left[:, :3] * values[:3] ** .5
    expected *= counted.LENGTH / np.linalg.norm(expected, axis=1)[np.linalg.norm(expected, axis=1) > 1e-9].mean()
    assert found.shape == (SIZE, 3) and found.dtype == np.float32
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)
    assert not found[[0, 1, 9, 10]].any()


def test_dimensions_beyond_the_contexts_are_zero_and_a_text_without_pairs_gives_zeros():
    found = counted.vectors(pieces(9), SIZE, 40)
    assert found[:, :5].any(axis=0).all() and not found[:, 9:].any()
    assert not counted.vectors([(np.array([2, 1]), np.array([1, 1]))], 4, 3).any()


def test_the_same_texts_give_the_same_bytes():
    first, second = (counted.vectors(pieces(2), SIZE, 3) for _ in range(2))
    assert first.tobytes() == second.tobytes()
