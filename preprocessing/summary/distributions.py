"""The distributions of a corpus as histograms, and what the caps cut of its training reviews, for meta.json."""
import numpy as np

BARS = 30  # of a histogram, at most
QUARTILES = (("lowest", 0), ("median", 50), ("percentile 90", 90), ("highest", 100))
STARS, OF_USER, OF_ITEM, WORDS = "stars", "reviews of a user", "reviews of an item", "words of a review"


def of(ratings, user, item, lengths):
    """{name: histogram} of all reviews; reviews without text are left out of the words.

    Args:
      ratings, user, item, lengths: [n] stars, numbers of user and item, words in the whole text of each review.
    """
    return {STARS: histogram(ratings, np.arange(.75, 5.5, .5)), OF_USER: histogram(np.bincount(user)),
            OF_ITEM: histogram(np.bincount(item)), WORDS: histogram(lengths[lengths > 0])}


def histogram(values, edges=None):
    """{"edges" [k + 1], "counts" [k], "mean", and the names of QUARTILES} of numbers [n]; None where there are none.

    Without `edges`, bars are of equal width, whole numbers in each, or of growing width where the highest value is
    more than 20 times the median.
    """
    if not len(values):
        return None
    counts, edges = np.histogram(values, _edges(values) if edges is None else edges)
    points = dict(zip((name for name, _ in QUARTILES), np.percentile(values, [share for _, share in QUARTILES])))
    return dict({"edges": edges.tolist(), "counts": counts.tolist(), "mean": float(np.mean(values))},
                **{name: float(value) for name, value in points.items()})


def _edges(values):
    low, high = int(np.min(values)), int(np.max(values))
    if high > 20 * max(1., np.median(values)):
        return np.unique(np.round(np.geomspace(max(low, 1), high + 1, BARS + 1))) - .5
    width = max(1, -(-(high - low + 1) // BARS))
    return np.arange(low, high + 1 + width, width) - .5


def cut(lengths, user, item, caps):
    """What the caps leave out of the training reviews.

    Args:
      lengths, user, item: [n] of the training reviews, as in `of`.
      caps: {"L", "R_user", "R_item"}.

    Returns:
      {name: {"cap", "cut", "of", "left_out", "out_of"}}: how many reviews (or users, or items) are above the cap, of
      how many, and how many words (or reviews) are left out by it, of how many.
    """
    with_text = lengths > 0
    groups = {WORDS: (lengths[with_text], caps["L"])}
    for name, owner, cap in ((OF_USER, user, caps["R_user"]), (OF_ITEM, item, caps["R_item"])):
        groups[name] = np.unique(owner[with_text], return_counts=True)[1], cap
    return {name: {"cap": cap, "cut": int((sizes > cap).sum()), "of": len(sizes),
                   "left_out": int(np.maximum(sizes - cap, 0).sum()), "out_of": int(sizes.sum())}
            for name, (sizes, cap) in groups.items()}
