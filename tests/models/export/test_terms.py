"""TF-IDF bags inside the graph equal those of preprocessing."""
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
    ids = random.randint(1, WORDS, (count, length))
    ids *= np.arange(length) < random.randint(0, length + 1, (count, 1))
    ids[0] = 0
    ids[1, :3] = 1
    return ids.astype(np.int32)


def idf():
    return tf.constant(bag.inverse_document_frequency(FREQUENCY, REVIEWS))


def matrix(bag_terms, count):
    """Terms of arrays as a dense [count, V]."""
    return sparse.coo_matrix((bag_terms.weight, (bag_terms.review, bag_terms.word)),
                             shape=(count, WORDS)).toarray()


@pytest.mark.parametrize("seed", range(5))
def test_of_tokens_is_the_bag(seed):
    words = tokens(seed)
    result = run(lambda: terms.of_tokens(tf.constant(words), idf()))
    np.testing.assert_allclose(matrix(result, 6), bag.tfidf(words, FREQUENCY, REVIEWS).toarray(),
                               atol=1e-6)
    assert (np.diff(result.review) >= 0).all()


def test_empty_reviews_have_no_terms():
    result = run(lambda: terms.of_tokens(tf.zeros([3, 2], tf.int32), idf()))
    assert len(result.review) == 0


def test_topics_counts_and_products_of_terms():
    words, random = tokens(4), np.random.RandomState(6)
    bags = bag.tfidf(words, FREQUENCY, REVIEWS)
    word_topics = random.rand(WORDS, 3).astype(np.float32)
    mean_bag = random.rand(WORDS).astype(np.float32)

    def build():
        result = terms.of_tokens(tf.constant(words), idf())
        return (terms.topics(result, 6, tf.constant(word_topics), tf.constant(mean_bag)),
                terms.distinct_words(result, 6),
                terms.products(result, terms.scaled(result, tf.constant(mean_bag)), 6),
                terms.to_bag(result, 6, tf.constant(mean_bag)), terms.has_words(result, 6))

    topics, distinct, products, likeness, has_words = run(build)
    difference = (bags.toarray() - mean_bag) * words.any(1)[:, None]
    np.testing.assert_allclose(topics, difference @ word_topics, atol=1e-5)
    np.testing.assert_array_equal(distinct, [len(set(row) - {0}) for row in words])
    np.testing.assert_allclose(products, bags.multiply(bags) @ mean_bag, atol=1e-5)
    np.testing.assert_allclose(likeness, bags @ mean_bag, atol=1e-5)
    np.testing.assert_array_equal(has_words, bags.sum(1).A1 > 0)


def test_mean_bags_and_the_similarity_to_them():
    real = np.array([[True, False, True], [False, True, True]])
    words = np.where(real[..., None], tokens(4).reshape(2, 3, 7), 0).reshape(6, 7).astype(np.int32)
    dense = bag.tfidf(words, FREQUENCY, REVIEWS).toarray().reshape(2, 3, WORDS)
    wanted = dense.sum(1) / real.sum(1)[:, None]
    bag_of = np.array([1, 0, 0, 1, 1, 0], np.int32)

    def build():
        result = terms.of_tokens(tf.constant(words), idf())
        mean = terms.mean(result, tf.constant(real))
        return mean, terms.likeness(result, mean, tf.constant(bag_of), WORDS)

    mean, likeness = run(build)
    np.testing.assert_allclose(matrix(mean, 2), wanted, atol=1e-6)
    np.testing.assert_allclose(likeness, (dense.reshape(6, WORDS) * wanted[bag_of]).sum(1), atol=1e-6)


def test_the_similarity_to_empty_bags_is_zero():
    result = run(lambda: terms.likeness(
        terms.of_tokens(tf.constant(tokens(2)), idf()), terms.of_tokens(tf.zeros([1, 2], tf.int32), idf()),
        tf.zeros([6], tf.int32), WORDS))
    np.testing.assert_array_equal(result, np.zeros(6))


@pytest.mark.parametrize("unit", [True, False])
def test_the_lexical_query(unit):
    """The mean bag of the user minus the mean bag of all reviews, of length 1 if wanted; 0 for a user without words."""
    words, mean_bag = tokens(5), np.random.RandomState(7).rand(WORDS).astype(np.float32) / 9
    real = words.any(1).reshape(3, 2)
    bags = bag.tfidf(words, FREQUENCY, REVIEWS).toarray()

    def build():
        count, text_terms = 3, terms.of_tokens(tf.constant(words), idf())
        return terms.query(terms.mean(text_terms, tf.constant(real)), count, tf.constant(mean_bag), unit)

    query, mean_bag_weight = run(build)
    mean = bags.reshape(3, 2, WORDS).sum(1) / np.maximum(real.sum(1, keepdims=True), 1)
    wanted = (mean - mean_bag) * mean.any(1)[:, None]
    if unit:
        wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(matrix(query, 3) - mean_bag_weight[:, None] * mean_bag, wanted, atol=1e-6)
