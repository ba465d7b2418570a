"""Content: items whose training reviews are like the training reviews of the user."""
import numpy as np

VECTORS = ("tfidf", "topics")


def scorer(users, items, topics=None):
    """Returns a function of users [m] that returns the cosine [m, I] of their mean review with each item's.

    Args:
      users, items: [U, V], [I, V] unit rows, CSR: `texts.unit_means`.
      topics: [V, D] LSI topics of the words: the cosine of the mean topics; None: of the TF-IDF vectors.
    """
    if topics is None:
        by_word = items.T.tocsr()  # [V, I]
        return lambda chosen: (users[chosen] @ by_word).toarray()
    of_users, of_items = _unit(users @ topics), _unit(items @ topics)
    return lambda chosen: of_users[chosen] @ of_items.T


def _unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
