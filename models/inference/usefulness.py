"""The usefulness `c` of all reviews, which is the same for all users."""
import numpy as np

from runtime.tf1 import tf


def of_all(predictor, weighed, to_others=None):
    """Returns c [n] of the reviews that a run shows, by item and slot; 0 where the network does not weigh usefulness.

    Args:
      predictor: Predictor.
      weighed: [I, R] bool, the slots of all items whose usefulness is returned: n are True.
      to_others: ToOthers [n] of these reviews, where they are known already.
    """
    corpus = predictor.corpus
    slots = corpus.served_slots.item
    if not corpus.config.usefulness:
        return np.zeros(np.count_nonzero(weighed), np.float32)
    typicality, expected = to_others or corpus.to_others.at(slots, weighed)
    with predictor.session.graph.as_default():
        parts = [tf.placeholder(tf.float32, [None]) for _ in range(3)]
        useful = predictor.network.usefulness(*parts)
    return predictor.session.run(useful, dict(zip(parts, (typicality, corpus.log_words[slots[weighed]], expected))))
