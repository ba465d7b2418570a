"""Artificial corpora: they are valid artefacts, and resemble real reviews in what determines cost."""
import numpy as np
import pytest

from benchmarks import shapes
from preprocessing import artefact as contract

SHAPE = shapes.Shape(reviews=2000, users=211, items=97, user_slots=9, item_slots=23, words=101,
                     vocabulary=3001, word_dim=7, topics=5)


@pytest.fixture(scope="module")
def built():
    return shapes.build(SHAPE)


def test_a_built_corpus_is_a_valid_artefact(built, tmp_path):
    folder = str(tmp_path / "shape")
    contract.save(built, folder)
    read = contract.load(folder)
    for name in contract.ARRAYS + contract.TABLES:
        np.testing.assert_array_equal(getattr(read, name), getattr(built, name))
    assert read.meta["sizes"] == {"U": 211, "I": 97, "N": 2000, "V": 3001, "E": 7, "D": 5, "L": 101,
                                  "R_user": 9, "R_item": 23}
    assert read.meta["splits"] == {"train": 1600, "validation": 200, "test": 200}


def test_lengths_and_popularity_are_skewed(built):
    lengths = built.review_length[1:]
    assert lengths.min() >= 1 and 20 < np.median(lengths) < 36
    assert .08 < (lengths == 101).mean() < .12  # a tenth is cut
    for owner, count in ((built.review_user, 211), (built.review_item, 97)):
        reviews = np.bincount(owner[1:], minlength=count)
        assert reviews.min() >= shapes.MIN_REVIEWS and reviews.max() > 4 * np.median(reviews)


def test_words_follow_zipf_and_document_frequencies_count_training_reviews(built):
    counts = np.bincount(built.review_tokens[built.review_tokens > 0], minlength=3001)
    assert counts[1:11].sum() > .15 * counts.sum() and (counts[1:] > 0).sum() > 1000
    for word in (5, 40, 700):
        holds = (built.review_tokens[built.train.review] == word).any(1).sum()
        assert built.document_frequency[word] == holds


def test_the_seed_determines_the_corpus(built):
    again, other = shapes.build(SHAPE), shapes.build(SHAPE, seed=1)
    np.testing.assert_array_equal(again.review_tokens, built.review_tokens)
    np.testing.assert_array_equal(again.word_vectors, built.word_vectors)
    assert not np.array_equal(other.review_tokens, built.review_tokens)


@pytest.mark.parametrize("name", sorted(shapes.SHAPES))
def test_scaling_keeps_the_length_of_reviews(name):
    shape = shapes.SHAPES[name]
    small = shapes.scaled(shape, .1)
    assert small.reviews == int(shape.reviews * .1) and small.users == int(shape.users * .1)
    assert (small.words, small.user_slots) == (shape.words, shape.user_slots)
    assert .1 * shape.vocabulary < small.vocabulary < .5 * shape.vocabulary
    assert shapes.scaled(shape, 1) == shape
