"""Groups users by the aspects that they speak of; the number of groups is the one that resamples agree on.

A user's profile is the share of each aspect in all their mentions, drawn towards that of all users where there are few.
How much somebody writes does not count, only of what. Two profiles are compared by the cosine of the square roots of
their shares, less those of all users (the roots make rare and frequent aspects equally uncertain: Hellinger, 1909).
Legend: `U` users, `K` aspects, `G` groups.
"""
from typing import NamedTuple, Tuple

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

NONE = -1  # group of users who speak of no aspect
NOBODY, NO_DIFFERENCE = "no aspect", "as all others"  # names of groups
PRIOR = 4.  # mentions of the average user that are added to those of a user
COUNTS = tuple(range(2, 11)) + tuple(range(12, 41, 2))  # numbers of groups that are tried
SAMPLE, ROUNDS, STARTS = 2000, 3, 2  # users at most, pairs of halves, and starts of k-means, for the number
FEWEST = 10  # users per group on average, at least
CLOSE = .05  # the smallest number is taken whose agreement is at most this much below the best one
NAMED, WEAKER, SURE = 3, .4, 2.  # aspects in a name; how much weaker than the first; standard errors above the others


class Groups(NamedTuple):
    """Groups of users, numbered by falling size."""
    group: np.ndarray  # [U] int, NONE for users who speak of no aspect
    names: Tuple[str, ...]  # G
    aspects: Tuple[Tuple[int, ...], ...]  # G, those of the name, the most characteristic first
    agreement: dict  # {number of groups: adjusted Rand index of the groups of two halves}, of those tried

    def name_of(self, user):
        """Returns the name of a user's group."""
        return NOBODY if self.group[user] == NONE else self.names[self.group[user]]

    def sizes(self):
        """Returns the number of users [G] of each group."""
        return np.bincount(self.group[self.group != NONE], minlength=len(self.names))


def profiles(mentions):
    """Returns the profiles [U, K] of users by their mentions [U, K], of unit length; 0 where there is no mention."""
    mentions = np.asarray(mentions, np.float64)
    usual = mentions.sum(axis=0) / max(1., mentions.sum())
    total = mentions.sum(axis=1, keepdims=True)
    roots = np.sqrt((mentions + PRIOR * usual) / (total + PRIOR)) - np.sqrt(usual)
    roots[total[:, 0] == 0] = 0
    return roots / np.maximum(np.linalg.norm(roots, axis=1, keepdims=True), 1e-12)


def agreement_of_halves(vectors, count, random):
    """Returns the mean adjusted Rand index of the groups that two halves of the users give to all, over ROUNDS."""
    found = []
    for _ in range(ROUNDS):
        order = random.permutation(len(vectors))
        halves = order[:len(order) // 2], order[len(order) // 2:]
        found.append(adjusted_rand_score(*(
            _means(vectors[half], count, STARTS, random.randint(2 ** 31)).predict(vectors) for half in halves)))
    return float(np.mean(found))


def most_groups_of_ten(users):
    """Returns the largest number of groups with at least FEWEST of the users each on average, and 1 at least."""
    return max(1, users // FEWEST)


def agreements(vectors, random):
    """Returns {number of groups: `agreement_of_halves`} of profiles [U, K]; {} where the users are too few for two."""
    if len(vectors) > SAMPLE:
        vectors = vectors[random.permutation(len(vectors))[:SAMPLE]]
    most = min(most_groups_of_ten(len(vectors)), _distinct(vectors) // 2)
    return {count: agreement_of_halves(vectors, count, random) for count in COUNTS if count <= most}


def chosen(found):
    """Returns the number of groups by `agreements`; 1 where there are none."""
    return min((count for count, value in found.items() if value >= max(found.values()) - CLOSE), default=1)


def find(tables, seed, count=None):
    """Returns the Groups of the users of aspect Tables.

    Args:
      seed: of the resamples and of k-means.
      count: number of groups; None: by the agreement of resamples. It is lowered where there are fewer different
        profiles.
    """
    random = np.random.RandomState(seed)
    vectors = profiles(tables.user_mentions)
    speaking = np.flatnonzero(np.asarray(tables.user_mentions).sum(axis=1) > 0)
    found = agreements(vectors[speaking], random) if count is None else {}
    group = np.full(len(vectors), NONE)
    if len(speaking):
        number = min(count or chosen(found), _distinct(vectors[speaking]))
        labels = _means(vectors[speaking], number, 10, random.randint(2 ** 31)).labels_
        rank = np.empty(number, int)
        rank[np.argsort(-np.bincount(labels, minlength=number), kind="stable")] = np.arange(number)
        group[speaking] = rank[labels]
    number = int(group.max(initial=NONE)) + 1
    aspects = tuple(characteristic(tables, group == one) for one in range(number))
    return Groups(group, _names(tables, aspects), aspects, found)


def characteristic(tables, members):
    """Returns at most NAMED aspects that users (`members` [U] bool) speak of more often than all others.

    An aspect's weight is (p - o) / sqrt(p + o), with its share p in the mentions of the members and o of the others,
    each user counted equally.
    """
    mentions = np.asarray(tables.user_mentions, np.float64)
    total = mentions.sum(axis=1)
    shares = mentions / np.maximum(total, 1)[:, None]
    inside, outside = shares[members & (total > 0)], shares[~members & (total > 0)]
    if not len(inside) or not len(outside):
        return ()
    gap = inside.mean(axis=0) - outside.mean(axis=0)
    error = np.sqrt(inside.var(axis=0) / len(inside) + outside.var(axis=0) / len(outside))
    weight = gap / np.sqrt(np.maximum(inside.mean(axis=0) + outside.mean(axis=0), 1e-12))
    weight = np.where(gap > SURE * error, weight, 0)
    order = np.argsort(-weight, kind="stable")[:NAMED]
    return tuple(int(one) for one in order if weight[one] > WEAKER * weight[order[0]])


def _names(tables, aspects):
    names = []
    for number, chosen_aspects in enumerate(aspects):
        name = ", ".join(tables.aspects[one].name for one in chosen_aspects) or NO_DIFFERENCE
        names.append(f"{name} ({number + 1})" if name in names else name)
    return tuple(names)


def _distinct(vectors):
    return len(np.unique(vectors.round(9), axis=0)) if len(vectors) else 0


def _means(vectors, count, starts, seed):
    return KMeans(count, n_init=starts, random_state=seed).fit(vectors)
