"""From the words of aspects to a linear model that assigns sentences: what each word adds to the score of each aspect.

Sentences that clearly speak of one aspect, or of none, teach the model: a word's weight is the pointwise mutual
information of the word and the aspect among them, so that words which were in no group ("drop", "chipped") gain weight
where they are said with those that were. Repeated once.

Legend: `S` sentences, `V` words, `K` aspects.
"""
import numpy as np
from scipy import sparse

from user_modeling.words import FREQUENT

ROUNDS = 2
PRIOR, PRIOR_SHARE = 5., .0005  # sentences of the average, and as a share of all, added to those that hold a word
LEAST = .7  # information below which a word tells nothing
SCALE = .9  # information over that of a word said of one aspect alone; a sentence is assigned from 1
SURE = .5  # share of an aspect in a word's sentences from which a word of its group is enough alone
CLEAR = .3  # difference of the two highest scores of a sentence that teaches


def learn(corpus, words, groups, sure=True):
    """Returns the weights [V, K] float32 of the words.

    Args:
      words: Words of the corpus.
      groups: K arrays of word ids.
      sure: whether a single word of a group is enough for a sentence, if SURE of its sentences are of the aspect.
    """
    size, sentences = len(words.sentences), corpus.bags.shape[0]
    weights = np.zeros((size, len(groups)), np.float32)
    for aspect, group in enumerate(groups):
        weights[group, aspect] = 1
    member = weights > 0
    known = member.any(axis=1)
    if not groups or not sentences:
        return weights
    for _ in range(ROUNDS):
        taught, silent = _assigned(corpus.bags @ weights)
        weights = _information(corpus.bags, taught, silent, weights, member & sure)
    weights[(words.reviews > FREQUENT * corpus.reviews.shape[0]) & ~known] = 0
    return weights.astype(np.float32)


def _assigned(scores):
    """([S, K] CSR of ones: the aspect of each sentence that has a clear one, [S] bool: no word of an aspect)."""
    best = scores.argmax(axis=1)
    rows = np.arange(len(scores))
    highest = scores[rows, best]
    rest = scores.copy()
    rest[rows, best] = -np.inf
    clear = (highest >= 1) & (highest - rest.max(axis=1) >= CLEAR)
    taught = sparse.csr_matrix((np.ones(clear.sum(), np.float32), (rows[clear], best[clear])), scores.shape)
    return taught, highest <= 0


def _information(bags, taught, silent, before, member):
    """The weights [V, K] by sentences that were assigned; an aspect without any keeps the weights `before`.

    `member` [V, K] says which words are in the group of an aspect.
    """
    counts = (bags.T @ taught).toarray().astype(np.float64)
    teachers = silent + np.asarray(taught.sum(axis=1)).ravel()
    sentences = bags.T @ teachers
    share = np.asarray(taught.sum(axis=0)).ravel() / max(1, teachers.sum())
    prior = PRIOR + PRIOR_SHARE * bags.shape[0]
    present = np.maximum(share, 1e-6)
    given = (counts + prior * share) / (sentences[:, None] + prior)
    information = np.maximum(0, np.log(np.maximum(given, 1e-12) / present) - LEAST)
    scale = SCALE / max(np.mean(np.log(1 / np.clip(share[share > 0], 1e-3, .9))), .1) if (share > 0).any() else 1
    weights = np.where(member & (given >= SURE), np.maximum(1, information * scale), information * scale)
    return np.where(share > 0, weights, before)
