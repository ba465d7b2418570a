"""Groups users by their attention queries, finds the words that distinguish each group, and measures how well the
groups are separated.

`U` users, `D` dimensions, `G` groups, `N` reviews, `V` words.
"""
from typing import NamedTuple

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from tqdm import tqdm

from preprocessing import artefact as contract
from user_modeling.generic_words import is_generic

USERS = 3000  # the measures use a random sample of at most this many
COUNTS = range(2, 41)  # numbers of groups that are tried
SHARE = .02  # a distinctive word is in at least this share of the group's reviews
REAL = .25  # below this silhouette there are no real groups (Kaufman & Rousseeuw, "Finding groups in data", 1990)
FALLBACK = 8  # number of groups where no number gives real groups


def cluster(vectors, count, seed, starts=10):
    """Returns the group [U] of each unit vector of [U, D] by k-means; groups are numbered from 0 by falling size."""
    labels = KMeans(count, n_init=starts, random_state=seed).fit_predict(vectors)
    sizes = np.bincount(labels, minlength=count)
    rank = np.empty(count, int)  # of each label by size
    rank[np.argsort(-sizes, kind="stable")] = np.arange(count)
    return rank[labels]


def silhouette(vectors, groups, seed):
    """Returns how well groups [U] separate unit vectors [U, D], by cosine: 1 perfectly, 0 not at all.

    It is negative where users are nearer to other groups than to their own. Rousseeuw, "Silhouettes", 1987.
    """
    sample = USERS if len(vectors) > USERS else None
    return float(silhouette_score(vectors, groups, metric="cosine", sample_size=sample,
                                  random_state=seed))


def choose_count(vectors, seed):
    """Returns the number of groups that separates unit vectors [U, D] best; FALLBACK where no number separates them."""
    if len(vectors) > USERS:
        vectors = vectors[np.random.RandomState(seed).choice(len(vectors), USERS, replace=False)]
    most = most_groups_of_five(len(vectors))
    counts = tqdm([count for count in COUNTS if count <= most], "number of groups", leave=False, disable=None)
    best, count = max((silhouette(vectors, cluster(vectors, count, seed, starts=3), seed), -count)
                      for count in counts)
    return -count if best >= REAL else min(FALLBACK, most)


def most_groups_of_five(users):
    """Returns the largest number of groups with at least five of the users each on average; 2 for fewer users."""
    return max(2, users // 5)


class TrainingRows(NamedTuple):
    """The training reviews with text. The weights of one user's rows sum to 1, so that users count equally."""
    rows: np.ndarray  # [n] review rows
    author: np.ndarray  # [n] user of each
    weight: np.ndarray  # [n]


def training_rows(artefact):
    """Returns the TrainingRows of an Artefact."""
    rows = contract.training_rows(artefact)
    author = artefact.review_user[rows]
    return TrainingRows(rows, author, 1 / np.bincount(author)[author])


def distinctive_scores(artefact, bags, groups):
    """Returns [V, G], from 0: how well each word distinguishes each group's training reviews from all others.

    With `m` the mean TF-IDF weight of a word over a group's users and `o` over the other users, the score is
    (m - o) / sqrt(m + o). The root keeps rare words from winning by chance and common words from winning by a
    small difference. Words that reviews use of anything have the score 0.

    Args:
      artefact: Artefact.
      bags: [N+1, V] TF-IDF vectors of the reviews, sparse.
      groups: [U].
    """
    rows, author, weight = training_rows(artefact)
    group_of, bags = groups[author], bags[rows]
    member = (group_of[:, None] == np.arange(groups.max() + 1)).astype(float)  # [n, G]
    sums = bags.T @ (member * weight[:, None])  # [V, G]
    users = weight @ member  # [G] users with training reviews
    inside = sums / np.maximum(users, 1)
    outside = (sums.sum(1, keepdims=True) - sums) / np.maximum(users.sum() - users, 1)
    frequent = (bags > 0).T @ member >= np.maximum(2, SHARE * member.sum(0))
    score = np.maximum(0, inside - outside) / np.sqrt(inside + outside + 1e-12)
    telling = ~np.array([is_generic(word) for word in artefact.vocabulary])
    return np.where(frequent & telling[:, None], score, 0)


def distinctive_words(artefact, scores, count=3):
    """Returns [G] tuples of at most `count` words: the most distinctive ones of each group, by scores [V, G]."""
    return [tuple(artefact.vocabulary[word] for word in diverse(score, artefact.word_topics, count))
            for score in scores.T]


def diverse(score, topics, count):
    """Returns the numbers of the best `count` words, each different in meaning from those before it.

    The next word has the best score x (1 - its greatest similarity to a chosen word): maximal marginal relevance
    (Carbonell & Goldstein, 1998).

    Args:
      score: [V], above 0 for words that may be chosen, else 0.
      topics: [V, T] vectors of the words; similarity is their cosine.
    """
    topics = topics / np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-12)
    left, chosen = score.copy(), []
    while len(chosen) < count and left.max() > 0:
        chosen.append(int(np.argmax(left)))
        left = np.minimum(left, score * (1 - np.clip(topics @ topics[chosen[-1]], 0, 1)))
        left[chosen] = 0
    return chosen
