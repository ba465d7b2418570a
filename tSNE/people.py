"""What a user cares about, for the interactive map: aspects, words, items, and one passage of the user's reviews.

`U` users, `K` aspects, `V` words.
"""
from typing import NamedTuple, Tuple

import numpy as np
from scipy import sparse

from models.run_folder import aspect_profiles, aspect_reading
from preprocessing import artefact as contract
from tSNE.neighbours import excerpt
from user_modeling.generic_words import is_generic
from user_modeling.neighbours import plain_line, short

WORDS, ITEMS = 8, 30  # most words and items of a user
FEWEST_USERS = 3  # who must write a word, so that it may distinguish users
QUERY = """SELECT review, user, item, rating, text FROM reviews
           WHERE split = 'train' AND text != '' ORDER BY user, review"""


class Person(NamedTuple):
    """One user."""
    aspects: Tuple[tuple, ...]  # (aspect, mentions, expected mentions that praise it), the most characteristic first
    words: Tuple[int, ...]  # ids of the words that distinguish the user's training reviews, the most distinctive first
    items: Tuple[int, ...]  # the user's training items, at most ITEMS
    passage: str  # of a training review; "" where there is none
    stars: float  # of that review
    item: int  # that it is about; -1 where there is no passage


class Passage(NamedTuple):
    """A passage of one of a user's training reviews."""
    value: tuple  # how well it shows what the user cares about; the largest is best
    text: str
    stars: float
    item: int


def words_of(artefact, bags):
    """Returns [U] lists of at most WORDS word ids that distinguish each user's training reviews from all others'.

    The score of a word is that of `groups.distinctive_scores` for a group of one user: (m - o) / sqrt(m + o) of its
    mean TF-IDF weights.

    Args:
      artefact: Artefact.
      bags: [N+1, V] TF-IDF vectors of the reviews, sparse.
    """
    profile = of_users(artefact, bags)
    users = max(1, len(np.unique(artefact.review_user[contract.training_rows(artefact)])))
    spread, total = np.diff(profile.tocsc().indptr), np.asarray(profile.sum(axis=0)).ravel()
    spread[[is_generic(word) for word in artefact.vocabulary]] = 0
    found = []
    for user in range(profile.shape[0]):
        place = slice(profile.indptr[user], profile.indptr[user + 1])
        word, own = profile.indices[place], profile.data[place]
        others = (total[word] - own) / max(users - 1, 1)
        score = np.where(spread[word] >= FEWEST_USERS, (own - others) / np.sqrt(own + others + 1e-12), 0)
        best = np.lexsort((word, -score))[:WORDS]
        found.append([int(word[one]) for one in best if score[one] > 0])
    return found


def of_users(artefact, bags):
    """Returns [U, V] the mean TF-IDF vector of each user's training reviews, sparse; a zero row without reviews."""
    rows = contract.training_rows(artefact)
    author = artefact.review_user[rows]
    users = len(artefact.user_reviews)
    weight = 1 / np.maximum(np.bincount(author, minlength=users), 1)[author]
    return mean_rows(author, weight, users) @ bags[rows]


def mean_rows(author, weight, users):
    """Returns the sparse matrix [users, n] that sums rows [n] by their author, each with its weight."""
    return sparse.csr_matrix((weight, (author, np.arange(len(author)))), (users, len(author)))


def read(artefact, bags, catalogue, tables, length):
    """Returns the [U] Persons of a run.

    Args:
      artefact: Artefact.
      bags: [N+1, V] TF-IDF vectors of the reviews, sparse.
      catalogue: an open catalogue.
      tables: Tables of the run's aspects, or None.
      length: most characters of a passage.
    """
    words = words_of(artefact, bags)
    users = len(artefact.user_reviews)
    aspects, items, passages = [()] * users, [[] for _ in range(users)], [None] * users
    average = None if tables is None else aspect_profiles.averages(tables)
    for user in range(users if tables is not None else 0):
        aspects[user] = _aspects(tables, user, average)
    for review in catalogue.execute(QUERY):
        user = review["user"]
        if len(items[user]) < ITEMS and review["item"] not in items[user]:
            items[user].append(review["item"])
        candidate = _passage(review, tables, aspects[user], artefact, words[user], length)
        if passages[user] is None or candidate.value > passages[user].value:
            passages[user] = candidate
    none = Passage((), "", 0., -1)
    return [Person(aspects[user], tuple(words[user]), tuple(items[user]), *(passages[user] or none)[1:])
            for user in range(users)]


def _aspects(tables, user, average):
    profile = aspect_profiles.of_user(tables, user, average)
    return tuple((aspect, int(profile.mentions[aspect]), float(tables.user_praise[user, aspect]))
                 for aspect in profile.spoken())


def _passage(review, tables, aspects, artefact, words, length):
    """Returns the Passage of a training review.

    A sentence on the user's first aspect is best, then one on the second; of equal ones the one of the clearest
    polarity. Without aspects, the passage with the most of the user's words is taken.
    """
    text, best = review["text"], None
    rank = {aspect: -place for place, (aspect, _, _) in enumerate(aspects[:3])}
    if rank:
        first, last = (int(tables.sentence_start[review["review"] + step]) for step in (0, 1))
        for sentence in range(first, last):
            aspect = int(tables.sentence_aspect[sentence])
            if aspect != aspect_reading.NO_ASPECT and aspect in rank:
                value = (rank[aspect], abs(float(tables.sentence_polarity[sentence]) - .5))
                best = max(best or value + (sentence,), value + (sentence,))
    if best is not None:
        start, end = tables.sentence_span[best[2]]
        return Passage(best[:2], short(text[int(start):int(end)], length), float(review["rating"]), int(review["item"]))
    found = excerpt(plain_line(text), [artefact.vocabulary[word] for word in words])
    return Passage((-9, found.count), short(found.text, length), float(review["rating"]), int(review["item"]))
