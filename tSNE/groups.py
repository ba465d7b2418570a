"""Groups of users by what they ask, the words that tell a group apart, and whether groups are real.

`U` users, `D` dimensions, `G` groups, `N` reviews, `V` words.
"""
import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from preprocessing import artefact as contract

USERS, REVIEWS = 3000, 2000  # a random sample of so many is enough for a measure
COUNTS = range(2, 41)  # numbers of groups that are tried
NEIGHBOURS = 10
SHARE = .02  # a telling word stands in at least this share of the group's reviews
REAL = .25  # a silhouette below is no group (Kaufman & Rousseeuw, "Finding groups in data", 1990)
FALLBACK = 8  # groups to name where there are none by nature


def cluster(vectors, count, seed, starts=10):
    """Groups [U], from 0 by falling size, of unit vectors [U, D] by k-means."""
    labels = KMeans(count, n_init=starts, random_state=seed).fit_predict(vectors)
    sizes = np.bincount(labels, minlength=count)
    place = np.empty(count, int)
    place[np.argsort(-sizes, kind="stable")] = np.arange(count)
    return place[labels]


def silhouette(vectors, groups, seed):
    """How well groups [U] part unit vectors [U, D], by cosine: 1 perfectly, 0 not at all.

    Rousseeuw, "Silhouettes", 1987. Negative where users are nearer to other groups than their own.
    """
    sample = USERS if len(vectors) > USERS else None
    return float(silhouette_score(vectors, groups, metric="cosine", sample_size=sample,
                                  random_state=seed))


def choose_count(vectors, seed):
    """The number of groups that parts unit vectors [U, D] best; FALLBACK where none parts them."""
    if len(vectors) > USERS:
        vectors = vectors[np.random.RandomState(seed).choice(len(vectors), USERS, replace=False)]
    most = most_groups(len(vectors))
    best, count = max((silhouette(vectors, cluster(vectors, count, seed, starts=3), seed), -count)
                      for count in COUNTS if count <= most)
    return -count if best >= REAL else min(FALLBACK, most)


def most_groups(users):
    """The most groups that so many users may be parted into."""
    return max(2, users // 5)


def user_weights(artefact):
    """(training rows [n] with text, their weight [n]): each user's rows weigh 1 together."""
    rows = contract.training_rows(artefact)
    owner = artefact.review_user[rows]
    return rows, 1 / np.bincount(owner)[owner]


def telling_scores(artefact, bags, groups):
    """How well each word tells each group's training reviews from the others': [V, G], from 0.

    With `m` the mean TF-IDF weight of a word over a group's users and `o` over the others', it is
    (m - o) / sqrt(m + o): rare words do not win by chance, nor common ones by a trifle.

    Args:
      artefact: Artefact.
      bags: [N+1, V] TF-IDF vectors of the reviews, sparse.
      groups: [U].
    """
    rows, weight = user_weights(artefact)
    group_of, bags = groups[artefact.review_user[rows]], bags[rows]
    member = (group_of[:, None] == np.arange(groups.max() + 1)).astype(float)  # [n, G]
    sums = bags.T @ (member * weight[:, None])  # [V, G]
    users = weight @ member  # [G] who wrote anything
    inside = sums / np.maximum(users, 1)
    outside = (sums.sum(1, keepdims=True) - sums) / np.maximum(users.sum() - users, 1)
    frequent = (bags > 0).T @ member >= np.maximum(2, SHARE * member.sum(0))
    score = np.maximum(0, inside - outside) / np.sqrt(inside + outside + 1e-12)
    return np.where(frequent, score, 0)


def telling_words(artefact, scores, count=3):
    """[G] tuples of at most `count` words, the most telling of each group, by scores [V, G]."""
    return [tuple(artefact.vocabulary[word] for word in diverse(score, artefact.word_topics, count))
            for score in scores.T]


def diverse(score, topics, count):
    """Numbers of the best `count` words, each unlike those before it.

    The next word is that of the best score x (1 - its greatest likeness to a chosen one): maximal
    marginal relevance (Carbonell & Goldstein, 1998).

    Args:
      score: [V], above 0 for words that may be chosen, else 0.
      topics: [V, T] of the words, by which they are alike.
    """
    topics = topics / np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-12)
    left, chosen = score.copy(), []
    while len(chosen) < count and left.max() > 0:
        chosen.append(int(np.argmax(left)))
        left = np.minimum(left, score * (1 - np.clip(topics @ topics[chosen[-1]], 0, 1)))
        left[chosen] = 0
    return chosen


def held_out_likeness(artefact, bags, neighbours, seed):
    """How alike a validation review is to what its author's neighbours wrote, by TF-IDF.

    Validation reviews are in no vector, so that this is no circle.

    Args:
      neighbours: [U, n] other users, near in some space.

    Returns:
      (likeness to the neighbours' training reviews, likeness to all other users'): means.
    """
    held = artefact.validation.review[artefact.review_length[artefact.validation.review] > 0]
    if len(held) > REVIEWS:
        held = np.random.RandomState(seed).choice(held, REVIEWS, replace=False)
    rows, weight = user_weights(artefact)
    author = artefact.review_user[held]
    likeness = np.zeros((len(artefact.user_reviews), len(held)))  # [U, held]
    columns = (bags[rows] @ bags[held].T).toarray()
    np.add.at(likeness, artefact.review_user[rows], columns * weight[:, None])
    review = np.arange(len(held))
    others = np.bincount(artefact.review_user[rows], minlength=len(likeness))[:, None] > 0
    others = np.repeat(others, len(held), axis=1)
    others[author, review] = False
    near = np.zeros_like(others)
    near[neighbours[author].T, review] = True
    return tuple(float(likeness[chosen & others].mean()) for chosen in (near, others))
