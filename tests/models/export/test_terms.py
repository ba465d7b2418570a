"""TF-IDF inside the graph is the bag of preprocessing."""
import numpy as np
import pytest
from scipy import sparse

from models.export import terms
from preprocessing import bag
from runtime.tf1 import tf

WORDS, REVIEWS = 9, 20
FREQUENCY = np.array([0, 1, 9, 4, 1, 2, 2, 17, 3])


def run(build):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(build())


def tokens(seed, count=6, length=7):
    """Random word ids: empty reviews, repeated and unknown words among them."""
    random = np.random.RandomState(seed)
    found = random.randint(1, WORDS, (count, length))
    found *= np.arange(length) < random.randint(0, length + 1, (count, 1))
    found[0] = 0
    found[1, :3] = 1
    return found.astype(np.int32)


def idf():
    return tf.constant(bag.inverse_document_frequency(FREQUENCY, REVIEWS))


def matrix(found, count):
    """Terms of arrays as a dense [count, V]."""
    return sparse.coo_matrix((found.weight, (found.review, found.word)),
                             shape=(count, WORDS)).toarray()


@pytest.mark.parametrize("seed", range(5))
def test_of_tokens_is_the_bag(seed):
    words = tokens(seed)
    found = run(lambda: terms.of_tokens(tf.constant(words), idf()))
    np.testing.assert_allclose(matrix(found, 6), bag.tfidf(words, FREQUENCY, REVIEWS).toarray(),
                               atol=1e-6)
    assert (np.diff(found.review) >= 0).all()


def test_reviews_of_nothing():
    found = run(lambda: terms.of_tokens(tf.zeros([3, 2], tf.int32), idf()))
    assert len(found.review) == 0


def test_what_is_made_of_terms():
    words, random = tokens(4), np.random.RandomState(6)
    bags = bag.tfidf(words, FREQUENCY, REVIEWS)
    word_topics = random.rand(WORDS, 3).astype(np.float32)
    anybody = random.rand(WORDS).astype(np.float32)
    real = np.array([[True, False, True], [False, True, True]]) & (words.reshape(2, 3, 7).any(2))

    def build():
        found = terms.of_tokens(tf.constant(words), idf())
        return (terms.topics(found, 6, tf.constant(word_topics), tf.constant(anybody)),
                terms.distinct_words(found, 6), terms.squares(found, 6),
                terms.alike_to_anybody(found, 6, tf.constant(anybody)), terms.written(found, 6))

    topics, distinct, squares, common, written = run(build)
    less = (bags.toarray() - anybody) * words.any(1)[:, None]
    np.testing.assert_allclose(topics, less @ word_topics, atol=1e-5)
    np.testing.assert_array_equal(distinct, [len(set(row) - {0}) for row in words])
    np.testing.assert_allclose(squares, bags.multiply(bags).sum(1).A1, atol=1e-5)
    np.testing.assert_allclose(common, bags @ anybody, atol=1e-5)
    np.testing.assert_array_equal(written, bags.sum(1).A1 > 0)


def test_mean_and_likeness_to_it():
    real = np.array([[True, False, True], [False, True, True]])
    words = np.where(real[..., None], tokens(4).reshape(2, 3, 7), 0).reshape(6, 7).astype(np.int32)
    dense = bag.tfidf(words, FREQUENCY, REVIEWS).toarray().reshape(2, 3, WORDS)
    wanted = dense.sum(1) / real.sum(1)[:, None]
    whose = np.array([1, 0, 0, 1, 1, 0], np.int32)

    def build():
        found = terms.of_tokens(tf.constant(words), idf())
        mean = terms.mean(found, tf.constant(real))
        return mean, terms.likeness(found, mean, tf.constant(whose), WORDS)

    mean, likeness = run(build)
    np.testing.assert_allclose(matrix(mean, 2), wanted, atol=1e-6)
    np.testing.assert_allclose(likeness, (dense.reshape(6, WORDS) * wanted[whose]).sum(1), atol=1e-6)


def test_likeness_to_bags_of_nothing():
    found = run(lambda: terms.likeness(
        terms.of_tokens(tf.constant(tokens(2)), idf()), terms.of_tokens(tf.zeros([1, 2], tf.int32), idf()),
        tf.zeros([6], tf.int32), WORDS))
    np.testing.assert_array_equal(found, np.zeros(6))


@pytest.mark.parametrize("unit", [True, False])
def test_who_asks_by_words(unit):
    """A question is the mean bag less anybody's share; of length 1, if so wanted, and nothing of who wrote nothing."""
    words, anybody = tokens(5), np.random.RandomState(7).rand(WORDS).astype(np.float32) / 9
    real = words.any(1).reshape(3, 2)
    bags = bag.tfidf(words, FREQUENCY, REVIEWS).toarray()

    def build():
        count, said = 3, terms.of_tokens(tf.constant(words), idf())
        return terms.question(terms.mean(said, tf.constant(real)), count, tf.constant(anybody), unit)

    wrote, share = run(build)
    mean = bags.reshape(3, 2, WORDS).sum(1) / np.maximum(real.sum(1, keepdims=True), 1)
    wanted = (mean - anybody) * mean.any(1)[:, None]
    if unit:
        wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(matrix(wrote, 3) - share[:, None] * anybody, wanted, atol=1e-6)
