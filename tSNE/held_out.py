"""Are users who are near each other alike in what was held out, too? Measures on the test reviews of users.

No vector is made of a test review, and nothing is chosen by one: validation reviews would not do, because the epoch of
the network is chosen by them. `U` users, `N` reviews, `V` words, `K` aspects, `k` neighbours.
"""
from typing import NamedTuple

import numpy as np

from preprocessing import artefact as contract
from tSNE import colours, people
from user_modeling.user_report import held_out

REVIEWS = 2000  # the similarity uses a random sample of at most this many test reviews
BLOCK = 2048  # pairs of a review and a user whose bags are in memory at a time


def aspects(run, tables):
    """Returns [U] the aspect that each user's test reviews speak of most, against the average user; colours.NONE where
    they speak of none, or there are none.

    Args:
      run: Trained.
      tables: Tables of its aspects.
    """
    mentions = held_out.read(run.artefact, run.data_folder, tables).mentions  # [U, K]
    mentions = mentions / np.maximum(tables.user_mentions.sum(axis=0), 1)
    return np.where(mentions.any(axis=1), mentions.argmax(axis=1), colours.NONE)


class Similarity(NamedTuple):
    """Mean TF-IDF cosine of test reviews to the training reviews of other users; all these users count equally."""
    neighbours: float  # of the author's nearest users
    everyone: float  # of all users but the author


def similarity(artefact, bags, neighbours, seed):
    """Returns the Similarity of test reviews to what the author's neighbours wrote, and to what all others wrote.

    Args:
      artefact: Artefact.
      bags: [N+1, V] TF-IDF vectors of the reviews, sparse.
      neighbours: [U, k] other users, near in some space; a user whose first one is below 0 is not measured.
      seed: of the sample of reviews.

    Returns None where no test review can be measured.
    """
    review = artefact.test.review[artefact.review_length[artefact.test.review] > 0]
    review = review[neighbours[artefact.review_user[review], 0] >= 0]
    if len(review) > REVIEWS:
        review = np.random.RandomState(seed).choice(review, REVIEWS, replace=False)
    wrote = np.zeros(len(artefact.user_reviews), bool)  # users without training reviews are like nobody
    wrote[artefact.review_user[contract.training_rows(artefact)]] = True
    profiles, author = people.of_users(artefact, bags), artefact.review_user[review]
    near = neighbours[author]  # [reviews, k]
    row, column = np.nonzero(wrote[near] & (near != author[:, None]))
    others = len(review) * wrote.sum() - wrote[author].sum()  # pairs of a review and a user who is not its author
    if not len(row) or not others:
        return None
    # The mean over the rows of a user is a product with the user's mean bag, and the sum over all users is one with
    # the sum of these.
    everyone = np.asarray(bags[review] @ np.asarray(profiles.sum(axis=0)).ravel()).sum()
    everyone -= _products(profiles, author, bags, review)
    return Similarity(float(_products(profiles, near[row, column], bags, review[row]) / len(row)),
                      float(everyone / others))


def _products(profiles, users, bags, reviews):
    """The sum of the inner products of profiles [U, V] of users [n] with the bags of reviews [n]."""
    blocks = (slice(start, start + BLOCK) for start in range(0, len(users), BLOCK))
    return sum(profiles[users[block]].multiply(bags[reviews[block]]).sum() for block in blocks)
