"""Every model's list of the whole catalogue, against what its users went on to buy."""
import numpy as np

from metrics import explanation, ranking, significance

USERS = 200  # ranked for at most: all items for each of them
K = 10
CHUNK = 16  # users whose pairs are asked about at a time


def measured(artefact, models, ours, random):
    """How high test items stand in the lists of some users, for each model.

    Args:
      artefact: Artefact.
      models: {name: (user [n], item [n]) -> [n] stars}.
      ours: name of the model that the others are compared to.
      random: RandomState, for the choice of users and for what ties.

    Returns:
      {"users", "items", "k", "models": {name: {measure: mean, "difference": of ours to it}}}; None where
      no user has an item to be found.
    """
    users, row, item, known = held_out(artefact, random)
    if not len(users):
        return None
    scorers = dict({name: _by_pairs(predict, known.shape[1]) for name, predict in models.items()},
                   popular=lambda users: np.tile(popularity(artefact), (len(users), 1)))
    found, told = {}, {}
    for name, score in scorers.items():
        order = ranking.ordered(score(users), known, random)
        found[name], told[name] = of_lists(order, row, item, known)
    bootstrap = significance.Bootstrap(users, random)
    for name in told:
        told[name]["difference"] = {measure: bootstrap.difference(found[ours][measure], values)
                                    for measure, values in found[name].items() if name != ours}
    return {"users": len(users), "items": known.shape[1], "k": K, "models": told}


def held_out(artefact, random):
    """(users [m], row [n] and item [n] of their test items, known [m, I]: what they have in training)."""
    train, test, items = artefact.train, artefact.test, len(artefact.item_reviews)
    bought = set(zip(train.user.tolist(), train.item.tolist()))
    new = sorted({pair for pair in zip(test.user.tolist(), test.item.tolist()) if pair not in bought})
    pairs = np.array(new, np.int64).reshape(-1, 2)
    users = np.sort(random.permutation(np.unique(pairs[:, 0]))[:USERS])
    pairs = pairs[np.isin(pairs[:, 0], users)]
    known = np.zeros((len(users), items), bool)
    mine = np.isin(train.user, users)
    known[np.searchsorted(users, train.user[mine]), train.item[mine]] = True
    return users, np.searchsorted(users, pairs[:, 0]), pairs[:, 1], known


def of_lists(order, row, item, known):
    """({measure: [m] by user}, {measure: mean, and coverage and popularity bias of the lists})."""
    users, rank = len(order), ranking.ranks(order, row, item)
    by_user = {f"hit_rate_{K}": ranking.hit_rate(rank, row, users, K),
               f"recall_{K}": ranking.recall(rank, row, users, K),
               f"ndcg_{K}": ranking.ndcg(rank, row, users, K),
               "mrr": ranking.reciprocal_rank(rank, row, users)}
    told = {name: explanation.mean(values) for name, values in by_user.items()}
    tops, bias = order[:, :K], ranking.popularity_bias(order[:, :K], known)
    told[f"coverage_{K}"] = ranking.coverage(tops, order.shape[1])
    if np.isfinite(bias):
        told[f"popularity_bias_{K}"] = bias
    return by_user, told


def popularity(artefact):
    """Training ratings [I] of each item: the rule that knows nobody."""
    return np.bincount(artefact.train.item, minlength=len(artefact.item_reviews)).astype(np.float64)


def _by_pairs(predict, items):
    """The function of users [m] that gives their scores [m, I]."""
    def scores(users):
        parts = []
        for start in range(0, len(users), CHUNK):
            some = users[start:start + CHUNK]
            every = np.tile(np.arange(items), len(some))
            parts.append(np.reshape(predict(np.repeat(some, items), every), (len(some), items)))
        return np.concatenate(parts)  # [m, I]

    return scores
