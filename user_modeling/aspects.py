"""The aspects that reviews speak of, learned from the training text alone, and the tables of a run.

Legend: `n` training reviews with text, `S` sentences, `V` words, `K` aspects, `U` users, `I` items.
"""
import re

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans

from models.run_folder import aspect_reading
from models.run_folder.aspect_tables import Aspect, Tables
from user_modeling import corpus as corpora, polarity


def learn(artefact, data_folder, seed=2017, number=None):
    """Returns the Tables of an Artefact."""
    corpus = corpora.read(artefact, data_folder)
    word_aspect, words = clusters(corpus, number or 30, seed)
    aspects = named(words, artefact.vocabulary)
    learned = polarity.learn(corpus, data_folder)
    return tables(corpus, aspects, word_aspect, learned, seed, {"number": number})


def tables(corpus, aspects, word_aspect, learned, seed, settings):
    """Returns the Tables of a Corpus by the weights of its words."""
    reading = aspect_reading.read(corpus.found, word_aspect, learned.weights)
    said, praise = mentions(corpus, reading, len(aspects))
    users, items = len(corpus.artefact.user_reviews), len(corpus.artefact.item_reviews)
    sums = [_sum(owner, count, matrix) for owner, count in ((corpus.user, users), (corpus.item, items))
            for matrix in (said, praise)]
    return Tables(aspects, seed, settings, learned.facts, corpus.starts(), corpus.found.span, reading.aspect,
                  reading.polarity, *sums, np.bincount(corpus.user, minlength=users),
                  np.bincount(corpus.item, minlength=items), word_aspect, learned.weights)


def mentions(corpus, reading, count):
    """Returns ([n, K] whether a review speaks of an aspect, [n, K] probability that it praises it), dense.

    The probability of a review is the mean of those of its sentences on the aspect.
    """
    spoken = reading.aspect != aspect_reading.NO_ASPECT
    place = (corpus.review[spoken], reading.aspect[spoken])
    shape = (len(corpus.rows), count)
    sentences = sparse.csr_matrix((np.ones(spoken.sum()), place), shape).toarray()
    praise = sparse.csr_matrix((reading.polarity[spoken], place), shape).toarray()
    return (sentences > 0).astype(np.float32), praise / np.maximum(sentences, 1)


def _sum(owner, count, matrix):
    total = np.zeros((count, matrix.shape[1]), np.float64)
    np.add.at(total, owner, matrix)
    return total


def named(words, vocabulary):
    """Returns the Aspects of lists of word ids, best first, with unique codes."""
    aspects, taken = [], set()
    for ids in words:
        texts = tuple(vocabulary[word] for word in ids)
        name = " ".join(texts[:1])
        code = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "aspect"
        while code in taken:
            code += "-2"
        taken.add(code)
        aspects.append(Aspect(code, name, texts))
    return tuple(aspects)


def dispersion(corpus, owner, count):
    """Returns [V]: how often two reviews of one owner both hold a word, divided by how often that is by chance."""
    n = len(corpus.rows)
    frequency = np.asarray(corpus.reviews.sum(0)).ravel().astype(float)
    sizes = np.bincount(owner, minlength=count).astype(float)
    of_owner = sparse.csr_matrix((np.ones(n), (owner, np.arange(n))), (count, n)) @ corpus.reviews
    pairs = np.asarray(of_owner.multiply(of_owner).sum(0)).ravel() - frequency
    expected = (sizes * (sizes - 1)).sum() * frequency * (frequency - 1) / max(n * (n - 1.), 1)
    return pairs / np.maximum(expected, 1e-9), (pairs - expected) / np.sqrt(2 * np.maximum(expected, 1e-9))


def clusters(corpus, number, seed):
    """Returns ([V, K] weights of words, [K] lists of word ids)."""
    artefact, n = corpus.artefact, len(corpus.rows)
    frequency = np.asarray(corpus.reviews.sum(0)).ravel()
    item, z_item = dispersion(corpus, corpus.item, len(artefact.item_reviews))
    user, _ = dispersion(corpus, corpus.user, len(artefact.user_reviews))
    usable = (frequency >= max(5, .004 * n)) & (frequency < .25 * n) & (item < 6)
    usable[:2] = False
    ids = np.flatnonzero(usable & ((item > 1.15) & (z_item > 2) | (user > 1.6)))
    vectors = artefact.word_vectors[ids].astype(float)
    vectors -= vectors.mean(0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    model = KMeans(min(number, len(ids)), n_init=10, random_state=seed)
    model.fit(vectors, sample_weight=np.sqrt(frequency[ids]))
    centres = model.cluster_centers_ / np.linalg.norm(model.cluster_centers_, axis=1, keepdims=True)
    near = vectors @ centres.T
    found = []
    for cluster in range(len(centres)):
        inside = model.labels_ == cluster
        members, weight = ids[inside], frequency[ids[inside]]
        mean_item = np.average(item[members], weights=weight)
        if weight.sum() < .02 * n or mean_item < 1.25:
            continue
        found.append((members, near[inside, cluster], weight))
    found.sort(key=lambda one: -one[2].sum())
    weights, words = np.zeros((len(frequency), len(found)), np.float32), []
    for place, (members, cosine, weight) in enumerate(found):
        weights[members, place] = np.where(cosine > .3, .5 + cosine, .3)
        words.append(members[np.argsort(-cosine * np.sqrt(weight))][:12])
    return weights, words
