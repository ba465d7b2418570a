"""Planted truth of the sample corpus: which reviews are the right explanation for whom."""
import numpy as np


def relevance(truth, reviews, users, review_rows):
    """A review is relevant to a shopper iff one of its main aspects is one the shopper cares about.

    Args:
      truth: the record of truth.json.
      reviews: {row: (user id, item id)} of all reviews by their rows, raw ids.
      users: [n] raw ids of shoppers.
      review_rows: [n, R] rows, 0 = none.

    Returns:
      [n, R] bool.

    Raises:
      KeyError: where the truth does not know a shopper or a review.
    """
    bits = {name: 1 << place for place, name in enumerate(truth["aspects"])}

    def code(names):
        return sum(bits[name] for name in names)

    said = np.zeros(max(reviews) + 1, np.int64)
    for row, (user, item) in reviews.items():
        said[row] = code(truth["reviews"][f"{user} {item}"])
    cares = np.array([code(truth["users"][user]) for user in users])
    return (cares[:, None] & said[review_rows]) > 0
