"""What the tables of aspects say of a shopper and of a review: shares, praise, and how sure they are.

Legend: `K` aspects.
"""
from typing import NamedTuple

import numpy as np
from scipy import special

PRIOR = 2.  # reviews of the average shopper that are added to those of a shopper


class Profile(NamedTuple):
    """What a shopper speaks of, [K] each."""
    mentions: np.ndarray  # reviews that speak of the aspect
    share: np.ndarray  # of the shopper's reviews, 0 where there are none
    lift: np.ndarray  # how often the shopper speaks of it against the average shopper; 1 = as often
    positivity: np.ndarray  # share of praise in the mentions, drawn towards that of all shoppers where they are few
    confidence: np.ndarray  # probability that the shopper speaks of it more often than the average shopper does
    reviews: int  # of the shopper

    def order(self):
        """Returns the aspects, the most characteristic of the shopper first."""
        return np.lexsort((np.arange(len(self.lift)), -self.lift, -self.confidence))

    def spoken(self):
        """Returns the aspects that the shopper speaks of, the most characteristic first, as a list."""
        order = self.order()
        return order[self.mentions[order] > 0].tolist()


def averages(tables):
    """Returns ([K] share of all reviews that speak of an aspect, [K] share of these that praise it, .5 where none)."""
    mentions = tables.user_mentions.sum(axis=0, dtype=np.float64)
    praise = tables.user_praise.sum(axis=0, dtype=np.float64)
    return (mentions / max(1, int(tables.user_reviews.sum())),
            np.where(mentions > 0, praise / np.maximum(mentions, 1), .5))


def of_counts(mentions, praise, reviews, average):
    """Returns the Profile of somebody with `reviews` reviews, of which `mentions` [K] speak of each aspect and `praise`
    [K] of these praise it. `average` is that of `averages`.

    The confidence is the posterior probability of a share above the average, with the average shopper's share as a
    prior worth PRIOR reviews.
    """
    share, positive = average
    usual = np.clip(share, 1e-6, 1 - 1e-6)
    mentions, praise = np.asarray(mentions, np.float64), np.asarray(praise, np.float64)
    above = PRIOR * usual + mentions
    below = PRIOR * (1 - usual) + np.maximum(reviews - mentions, 0)
    return Profile(mentions, mentions / max(1, reviews), above / (PRIOR + reviews) / usual,
                   (praise + PRIOR * positive) / (mentions + PRIOR),
                   1 - special.betainc(above, below, usual), int(reviews))


def of_user(tables, user, average=None):
    """Returns the Profile of a user of the data; `average`, from `averages`, saves time where many are asked for."""
    return of_counts(tables.user_mentions[user], tables.user_praise[user], int(tables.user_reviews[user]),
                     averages(tables) if average is None else average)


def of_review(tables, row):
    """Returns {aspect: polarity} of a training review's row: the mean polarity of its sentences on the aspect."""
    place = slice(int(tables.sentence_start[row]), int(tables.sentence_start[row + 1]))
    aspect, polarity = np.asarray(tables.sentence_aspect[place]), np.asarray(tables.sentence_polarity[place])
    return {int(one): float(polarity[aspect == one].mean()) for one in np.unique(aspect[aspect >= 0])}
