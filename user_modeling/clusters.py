"""Groups the candidate words of a corpus by meaning: each group of words is an aspect.

1. Vectors: a word's word2vec vector beside its row of the factorised positive PMI matrix of words of one sentence (Levy
   & Goldberg, "Neural word embedding as implicit matrix factorization", 2014), each of length 1. The first brings
   synonyms together, the second words that are said together.
2. k-means of these vectors. The number of clusters is the one of `COUNTS` whose clusters agree best over seeds.
3. Clusters that the same users speak of are one aspect: they are joined while the correlation of their shares in the
   reviews of users is `JOINED` above that of most pairs.
4. Kept are clusters that hold together and are not of one kind of product. Where users do speak of aspects of their
   own, so that most words are in joined clusters, kept is what some users speak of more than others.

Legend: `n` reviews, `S` sentences, `C` candidate words, `V` words.
"""
from typing import NamedTuple

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.extmath import randomized_svd

from metrics.aspects import npmi

COUNTS, SEEDS = (40, 48, 56), 3  # numbers of clusters that are tried; seeds that must agree
WORDS_EACH, FEWEST = 12, 4  # at least: words of a cluster on average, clusters
DIMENSIONS = 50  # of the PMI matrix
JOINED = .4  # correlation above the median of all pairs at which two clusters are one aspect
REVIEWS_EACH = 5  # of a user whose shares are correlated
ONE_KIND = .77  # mean spread of words below which a cluster is about one kind of product
OWN = .75, .85  # least dispersion over users of joined and of single clusters, as parts of the joined ones' median
LOOSE = .3  # share of the clusters that hold together least, which are left out
SMALLEST = .03  # share of the reviews that hold a word of a kept cluster
TOP = 10  # words by which a cluster's coherence is measured


class Group(NamedTuple):
    """The words of an aspect."""
    words: np.ndarray  # word ids, the most central first
    coherence: float  # mean NPMI of its clusters
    spread: float  # of its words
    share: float  # of the reviews that hold one of its words
    clusters: int
    dispersion: float  # of its words over users
    tightness: float  # how near its words are to their mean


def find(corpus, words, seed, number=None):
    """Returns (Groups, facts) of a Corpus and its Words; no group where there are too few candidates.

    Args:
      number: how many aspects at most, the most coherent and most frequent; None: all that are kept.
    """
    if len(words.candidates) < 2 * FEWEST:
        return [], {"candidates": len(words.candidates)}
    space = vectors(corpus, words, seed)
    weight = np.sqrt(words.reviews[words.candidates])
    count, stability = choose_count(space, weight, seed, number)
    labels = _labels(space, weight, count, seed)
    groups = join(corpus, words.candidates, labels) if number is None else [[one] for one in range(count)]
    found = [_described(corpus, words, space, labels, group) for group in groups]
    kept, own = _kept(found) if number is None else (found, False)
    kept = sorted(kept, key=lambda one: -one.share)[:number]
    facts = {"candidates": len(words.candidates), "clusters": count, "stability": stability, "users_differ": own}
    return kept, facts


def vectors(corpus, words, seed):
    """Returns the vectors [C, D] of the candidates."""
    chosen = words.candidates
    meaning = corpus.artefact.word_vectors[chosen].astype(np.float64)
    together = (corpus.bags[:, chosen].T @ corpus.bags[:, chosen]).toarray().astype(np.float64)
    np.fill_diagonal(together, 0)
    context = together.sum(axis=0) ** .75  # the exponent as in word2vec's negative sampling
    expected = together.sum(axis=1)[:, None] * context / max(context.sum(), 1e-9)
    information = np.maximum(0, np.log((together + 1e-9) / (expected + .5)))
    left, strength, _ = randomized_svd(information, min(DIMENSIONS, len(chosen) - 1), random_state=seed)
    return np.hstack([_unit(meaning - meaning.mean(axis=0)), _unit(left * np.sqrt(strength))])


def choose_count(space, weight, seed, number=None):
    """Returns (number of clusters, mean adjusted Rand index of the clusters of two seeds)."""
    most = max(FEWEST, len(space) // WORDS_EACH)
    counts = [number] if number else sorted({min(count, most) for count in COUNTS})
    found = {}
    for count in [min(count, len(space) // 2) for count in counts]:
        labels = [_labels(space, weight, count, seed + start, starts=2) for start in range(SEEDS)]
        found[count] = float(np.mean([adjusted_rand_score(labels[one], labels[other])
                                      for one in range(SEEDS) for other in range(one)]))
    return max(found.items(), key=lambda pair: pair[1])


def join(corpus, candidates, labels):
    """Returns lists of the clusters that the same users speak of."""
    count = labels.max() + 1
    users = len(corpus.artefact.user_reviews)
    size = np.bincount(corpus.user, minlength=users)
    many = size >= REVIEWS_EACH
    if count < 3 or many.sum() < 3:
        return [[one] for one in range(count)]
    shares = np.zeros((users, count))
    for one in range(count):
        spoken = np.asarray(corpus.reviews[:, candidates[labels == one]].sum(axis=1)).ravel() > 0
        shares[:, one] = np.bincount(corpus.user, spoken, users) / np.maximum(size, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.nan_to_num(np.corrcoef(shares[many].T))
    usual = np.median(alike[np.triu_indices(count, 1)])
    distance = np.clip(1 - (alike - usual), 0, None)
    np.fill_diagonal(distance, 0)
    tree = hierarchy.linkage(squareform(distance, checks=False), "average")
    group = hierarchy.fcluster(tree, 1 - JOINED, "distance")
    return [np.flatnonzero(group == one).tolist() for one in np.unique(group)]


def _described(corpus, words, space, labels, group):
    """The Group of a list of clusters."""
    parts = [_central(words, space, labels == one) for one in group]
    sizes = [words.reviews[part].sum() for part in parts]
    ordered = _central(words, space, np.isin(labels, group))
    share = float((np.asarray(corpus.reviews[:, ordered].sum(axis=1)) > 0).mean())
    near = [npmi(corpus.bags, part[:TOP]) if len(part) > 2 else -1. for part in parts]
    return Group(ordered, float(np.average(near, weights=sizes)),
                 float(np.average(words.spread[ordered], weights=words.reviews[ordered])), share, len(group),
                 float(np.average(words.users[ordered], weights=words.reviews[ordered])),
                 float(np.average([_tightness(space[labels == one]) for one in group], weights=sizes)))


def _kept(found):
    """(those of `found` that are aspects, whether users speak of aspects of their own)."""
    joined = [one for one in found if one.clusters > 1]
    if 2 * sum(len(one.words) for one in joined) > sum(len(one.words) for one in found):
        usual = np.median([one.dispersion for one in joined])
        return [one for one in found
                if one.dispersion >= OWN[one.clusters == 1] * usual and one.share >= SMALLEST], True
    found = [one for one in found if one.spread >= ONE_KIND and one.share >= SMALLEST]
    if not found:
        return [], False
    rank = rankdata([one.coherence for one in found]) + rankdata([one.tightness for one in found])  # both are coherence
    limit = np.quantile(rank, LOOSE)
    return [one for one, at in zip(found, rank) if at >= limit], False


def _tightness(space):
    return float((_unit(space) @ _unit(space.mean(axis=0)[None])[0]).mean())


def _central(words, space, inside):
    """Word ids of a part of the candidates, the most central and frequent first."""
    members = words.candidates[inside]
    weight = np.sqrt(words.reviews[members])
    centre = _unit(np.average(space[inside], axis=0, weights=weight)[None])[0]
    return members[np.argsort(-(_unit(space[inside]) @ centre) * weight, kind="stable")]


def _labels(space, weight, count, seed, starts=5):
    return KMeans(count, n_init=starts, random_state=seed).fit(space, sample_weight=weight).labels_


def _unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
