"""Ranks the whole catalogue for users with test items, by every model, and measures where the test items are."""
from typing import NamedTuple, Optional

import numpy as np

from evaluation import progress
from metrics import explanation, planted, ranking, significance
from metrics.comparison import BY_STARS, ORACLE
from models.ranking import held_out
from runtime import memory

MOST_USERS = 5000  # whose lists are made
MOST_PAIRS, LEAST_USERS = 450000, 10  # of models that predict the stars of every pair of a user and an item
K, LONGER = 10, 20  # length of the lists; of one more recall
LIKED = 4  # stars
CHUNK, CHUNK_OF_STARS = 256, 16  # users ranked at a time


class Measured(NamedTuple):
    """The lists of all models, measured."""
    record: dict  # of report.json
    users: np.ndarray  # [m] users of the lists
    by_user: dict  # {model: {measure: [m]}}; NaN for a user without a list of this model, or without such an item
    held: held_out.HeldOut  # of the users
    tops: Optional[np.ndarray] = None  # [m, K] the lists of the model `ours`; None where it has none for all users
    faithful: dict = {}  # {measure: {"value", "control": [m]}} of `ranking_faithfulness`; {} without an order of items


def measured(artefact, lists, stars, ours, random, bar=progress.SILENT):
    """Measures the ranks of test items in the lists of users, for each model.

    Models of `lists` are measured on all users with test items, or a sample of MOST_USERS. Models of `stars`, which
    predict every pair, are measured on the first of a random order of the same users: as many as make MOST_PAIRS pairs,
    but at least LEAST_USERS. Where these are fewer, a difference is that of the users whom both models are measured on.

    Args:
      artefact: Artefact.
      lists: {name: users [m] -> [m, I] scores}; the scores of ORACLE, if it is among them, are the logarithms of the
        planted odds of a purchase, by which the expected nDCG of all models is measured.
      stars: {name: (user [n], item [n]) -> [n] stars}.
      ours: name of the model that the others are compared with. Where it is in neither, it is BY_STARS, which is then
        measured once and reported by both names.
      random: RandomState, for the choice of users and for ties.
      bar: progress.Bar.

    Returns:
      Measured; its record is {"users" of the model `ours`, "users_of_lists", "users_of_stars", "items", "k", "models":
      {name: {measure: mean, "difference": {measure: of ours - the model's}}}}. None where no user has a test item that
      is not among the user's training items.
    """
    test, some = sample(artefact, random)
    if not len(test.users):
        return None
    part = test.of_users(some)
    network = BY_STARS if BY_STARS in stars else ours
    bar.expect(-(-len(some) // CHUNK_OF_STARS))  # the other models take no time beside the network
    buyers, by_user, averages, tops = popularity(artefact), {}, {}, None
    chances = planted.chances(lists[ORACLE](test.users), test.in_training) if ORACLE in lists else None  # [m, I]
    of_ties = random.randint(2 ** 31 - 1)  # the same for all: the figures of a model do not depend on the others
    for name, predict in stars.items():
        found = ranking.lists(_by_pairs(predict, len(buyers)), part, LONGER, np.random.RandomState(of_ties),
                              CHUNK_OF_STARS, bar.advance if name == network else None)
        values, averages[name] = of_lists(found, part, buyers, len(artefact.user_reviews),
                                          None if chances is None else chances[some])
        by_user[name] = {measure: explanation.at_rows(of_some, some, len(test.users))
                         for measure, of_some in values.items()}
    for name, score in lists.items():
        found = ranking.lists(score, test, LONGER, np.random.RandomState(of_ties), CHUNK)
        by_user[name], averages[name] = of_lists(found, test, buyers, len(artefact.user_reviews), chances)
        memory.release()  # of the scores of one model, before those of the next
        tops = found.tops[:, :K] if name == ours else tops
    if ours not in by_user:
        by_user[ours], averages[ours] = by_user[network], dict(averages[network])
    _compare(by_user, averages, ours, significance.Bootstrap(test.users, random))
    return Measured({"users": len(test.users if ours in lists else some), "users_of_lists": len(test.users),
                     "users_of_stars": len(some), "items": len(buyers), "k": K, "models": averages},
                    test.users, by_user, test, tops)


def by_taste(lists, traits, of):
    """Returns the record of how many items the lists of two users share, by what they have in common; None without
    lists of all users.

    Args:
      lists: Measured.
      traits: [U, A] bool of all users.
      of: what the traits are, in words.
    """
    if lists.tops is None:
        return None
    found = ranking.overlap_by_likeness(lists.tops, traits[lists.users])
    return {"of": of, "k": K, "shared": {str(number): {"mean": mean, "pairs": pairs}
                                         for number, (mean, pairs) in found.items()}}


def sample(artefact, random):
    """(HeldOut of the users whose lists are made, positions among them of those whose lists by stars are made)."""
    test = held_out.of_split(artefact.train, artefact.test, len(artefact.item_reviews), random, MOST_USERS)
    return test, _measured_by_stars(test, random)


def of_lists(found, held, buyers, users, chances=None):
    """Measures of the lists of m users.

    Args:
      found: ranking.Lists of the m users.
      held: HeldOut of the same users.
      buyers: [I] number of training ratings of each item.
      users: `U`, of all training ratings.
      chances: `planted.chances` [m, I]; None where no truth is known.

    Returns:
      ({measure: [m], a value for each user}, {measure: mean, and the measures of all lists together}). Means that are
      not defined are left out.
    """
    rank, row, lists, liked = found.rank, held.row, len(held.users), held.rating >= LIKED
    by_user = {f"hit_rate_{K}": ranking.hit_rate(rank, row, lists, K),
               f"recall_{K}": ranking.recall(rank, row, lists, K),
               f"recall_{LONGER}": ranking.recall(rank, row, lists, LONGER),
               f"ndcg_{K}": ranking.ndcg(rank, row, lists, K),
               "mrr": ranking.reciprocal_rank(rank, row, lists),
               f"hit_rate_{K}_liked": ranking.hit_rate(rank[liked], row[liked], lists, K),
               f"ndcg_{K}_liked": ranking.ndcg(rank[liked], row[liked], lists, K)}
    tops = found.tops[:, :K]
    if chances is not None:
        by_user[f"expected_ndcg_{K}"] = planted.expected_ndcg(tops, chances)
    averages = {name: explanation.mean(values) for name, values in by_user.items()}
    averages.update({f"coverage_{K}": ranking.coverage(tops, held.in_training.shape[1]),
                     f"overlap_{K}": ranking.mean_overlap(tops),
                     f"popularity_bias_{K}": ranking.popularity_bias(tops, held.in_training, buyers),
                     f"novelty_{K}": ranking.novelty(tops, buyers, users)})
    return by_user, {name: value for name, value in averages.items() if value is not None and np.isfinite(value)}


def popularity(artefact):
    """Number of training ratings of each item, [I]: the list "most popular" is the same for all users."""
    return np.bincount(artefact.train.item, minlength=len(artefact.item_reviews)).astype(np.float64)


def _measured_by_stars(test, random):
    """Positions of the users of a HeldOut that models of stars are measured on, in rising order."""
    count, most = len(test.users), max(LEAST_USERS, MOST_PAIRS // test.in_training.shape[1])
    return np.arange(count) if count <= most else np.sort(random.permutation(count)[:most])


def _compare(by_user, averages, ours, bootstrap):
    """Adds to the averages of each model the differences of `ours` from it, one for each measure that is defined."""
    for name, values in by_user.items():
        gaps = {} if name == ours else {measure: bootstrap.difference(by_user[ours][measure], of_users)
                                        for measure, of_users in values.items()}
        averages[name]["difference"] = {measure: gap for measure, gap in gaps.items() if gap is not None}


def _by_pairs(predict, items):
    """A function of users [m] that returns the stars of all items, [m, I]."""
    def scores(users):
        every = np.tile(np.arange(items), len(users))
        return np.reshape(predict(np.repeat(users, items), every), (len(users), items))

    return scores
