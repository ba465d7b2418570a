"""The usefulness `c` of all reviews, which is the same for all users."""
import numpy as np

from runtime.tf1 import tf

ITEMS = 256  # at a time, to save memory


def of_all(predictor, weighed):
    """Returns c [n] of the reviews that a run shows, by item and slot; 0 where the network does not weigh usefulness.

    Args:
      predictor: Predictor.
      weighed: [I, R] bool, the slots of all items whose usefulness is returned: n are True.
    """
    corpus = predictor.corpus
    slots = corpus.served_slots.item
    if not corpus.config.usefulness:
        return np.zeros(np.count_nonzero(weighed), np.float32)
    starts = range(0, len(slots), ITEMS)
    typicality, expected = (np.concatenate([part(slots[start:start + ITEMS])[weighed[start:start + ITEMS]]
                                            for start in starts]) for part in (corpus.typicality, corpus.expected))
    with predictor.session.graph.as_default():
        parts = [tf.placeholder(tf.float32, [None]) for _ in range(3)]
        useful = predictor.network.usefulness(*parts)
    return predictor.session.run(useful, dict(zip(parts, (typicality, corpus.log_words[slots[weighed]], expected))))
