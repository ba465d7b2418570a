"""Ranks the whole catalogue for a sample of users, by every model, and measures where the test items are."""
from typing import NamedTuple

import numpy as np

from evaluation import progress
from metrics import explanation, ranking, significance

USERS = 200  # at most; all items are scored for each of them
K = 10  # length of the lists
CHUNK = 16  # users whose pairs are predicted at a time


class HeldOut(NamedTuple):
    """A sample of m users, their n test items and their training items."""
    users: np.ndarray  # [m]
    row: np.ndarray  # [n] position in `users` of the user of each test item
    item: np.ndarray  # [n] test items
    in_training: np.ndarray  # [m, I] bool, training items


def measured(artefact, models, ours, random, bar=progress.SILENT):
    """Measures the ranks of test items in the lists of a sample of users, for each model.

    Args:
      artefact: Artefact.
      models: {name: (user [n], item [n]) -> [n] stars}.
      ours: name of the model that the others are compared with.
      random: RandomState, for the choice of users and for ties.
      bar: progress.Bar.

    Returns:
      {"users", "items", "k", "models": {name: {measure: mean, "difference": of ours - the model's}}}; None where
      no user has a test item that is not among the user's training items.
    """
    test = held_out(artefact, random)
    users, in_training = test.users, test.in_training
    if not len(users):
        return None
    bar.expect(-(-len(users) // CHUNK))  # baselines take no time beside the network
    scorers = dict({name: _by_pairs(predict, in_training.shape[1], bar if name == ours else progress.SILENT)
                    for name, predict in models.items()},
                   popular=lambda users: np.tile(popularity(artefact), (len(users), 1)))
    by_user, averages = {}, {}
    for name, score in scorers.items():
        order = ranking.ordered(score(users), in_training, random)
        by_user[name], averages[name] = of_lists(order, test.row, test.item, in_training)
    bootstrap = significance.Bootstrap(users, random)
    for name in averages:
        averages[name]["difference"] = {measure: bootstrap.difference(by_user[ours][measure], values)
                                        for measure, values in by_user[name].items() if name != ours}
    return {"users": len(users), "items": in_training.shape[1], "k": K, "models": averages}


def held_out(artefact, random):
    """The HeldOut of a sample of at most USERS users; test items that are training items, too, are left out."""
    train, test, items = artefact.train, artefact.test, len(artefact.item_reviews)
    bought = set(zip(train.user.tolist(), train.item.tolist()))
    new = sorted({pair for pair in zip(test.user.tolist(), test.item.tolist()) if pair not in bought})
    pairs = np.array(new, np.int64).reshape(-1, 2)
    users = np.sort(random.permutation(np.unique(pairs[:, 0]))[:USERS])
    pairs = pairs[np.isin(pairs[:, 0], users)]
    in_training = np.zeros((len(users), items), bool)
    rows = np.isin(train.user, users)
    in_training[np.searchsorted(users, train.user[rows]), train.item[rows]] = True
    return HeldOut(users, np.searchsorted(users, pairs[:, 0]), pairs[:, 1], in_training)


def of_lists(order, row, item, in_training):
    """({measure: [m], a value for each user}, {measure: mean, and coverage and popularity bias of the lists})."""
    users, rank = len(order), ranking.ranks(order, row, item)
    by_user = {f"hit_rate_{K}": ranking.hit_rate(rank, row, users, K),
               f"recall_{K}": ranking.recall(rank, row, users, K),
               f"ndcg_{K}": ranking.ndcg(rank, row, users, K),
               "mrr": ranking.reciprocal_rank(rank, row, users)}
    averages = {name: explanation.mean(values) for name, values in by_user.items()}
    tops, bias = order[:, :K], ranking.popularity_bias(order[:, :K], in_training)
    averages[f"coverage_{K}"] = ranking.coverage(tops, order.shape[1])
    if np.isfinite(bias):
        averages[f"popularity_bias_{K}"] = bias
    return by_user, averages


def popularity(artefact):
    """Number of training ratings of each item, [I]: the list "most popular" is the same for all users."""
    return np.bincount(artefact.train.item, minlength=len(artefact.item_reviews)).astype(np.float64)


def _by_pairs(predict, items, bar):
    """A function of users [m] that returns the scores of all items, [m, I]."""
    def scores(users):
        parts = []
        for start in range(0, len(users), CHUNK):
            some = users[start:start + CHUNK]
            every = np.tile(np.arange(items), len(some))
            parts.append(np.reshape(predict(np.repeat(some, items), every), (len(some), items)))
            bar.advance()
        return np.concatenate(parts)  # [m, I]

    return scores
