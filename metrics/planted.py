"""Planted truth of a sample corpus: which reviews are relevant to which user."""
import numpy as np


def relevance(truth, reviews, users, review_rows):
    """A review is relevant to a user if and only if one of its main aspects is one that the user cares about.

    Args:
      truth: the record of truth.json.
      reviews: {review row: (user id, item id)} of all reviews, raw ids.
      users: [n] raw ids.
      review_rows: [n, R], 0 for an empty slot.

    Returns:
      [n, R] bool.

    Raises:
      KeyError: the truth lacks a user or a review.
    """
    bits = {name: 1 << position for position, name in enumerate(truth["aspects"])}

    def code(names):
        return sum(bits[name] for name in names)

    aspects = np.zeros(max(reviews) + 1, np.int64)
    for row, (user, item) in reviews.items():
        aspects[row] = code(truth["reviews"][f"{user} {item}"])
    cares = np.array([code(truth["users"][user]) for user in users])
    return (cares[:, None] & aspects[review_rows]) > 0
