"""Tables of aspects with chosen sentences, for tests."""
import numpy as np

from models.run_folder.aspect_tables import Aspect, Tables

NAMES = "battery life", "noise", "price"


def planted(sentences, mentions=((4, 0, 1), (1, 1, 1), (0, 0, 0)), reviews=(5, 5, 0)):
    """The Tables of some sentences; two words, one item.

    Args:
      sentences: for each review, from row 1: a list of (first character, last + 1, aspect, polarity).
      mentions: [U, 3] reviews of the shoppers that speak of each aspect; half of them praise it.
      reviews: [U] reviews of the shoppers.
    """
    rows = [row for review in sentences for row in review]
    start = np.cumsum([0, 0] + [len(review) for review in sentences])
    mentions = np.array(mentions, np.int32)
    return Tables(tuple(Aspect(f"a{n}", name, (name,)) for n, name in enumerate(NAMES)), 0, {}, {}, start,
                  np.array([row[:2] for row in rows], np.int32), np.array([row[2] for row in rows], np.int16),
                  np.array([row[3] for row in rows], np.float32), mentions, mentions / 2, mentions[:1],
                  mentions[:1] / 2, np.array(reviews, np.int32), np.array(reviews[:1], np.int32),
                  np.zeros((2, 3), np.float32), np.zeros((2, 2), np.float32))
