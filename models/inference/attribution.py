"""How much each review of an item counts for a rating, by the network's gradient."""
import numpy as np

from models import graph
from runtime.tf1 import tf


def gradient_times_input(predictor, user, item, own):
    """Gradient of the rating for what the item tower read of each review, times that: [n, R] stars.

    Shrikumar et al., "Not just a black box: learning important features through propagating activation
    differences", 2016; summed over the text O_l and the answer W_O o_l. Empty slots have 0.

    Args:
      predictor: Predictor.
      user, item, own: [n] pairs and the rows of their own held-out reviews.
    """
    read = predictor.reads[1]
    with predictor.session.graph.as_default():
        gradients = tf.gradients(predictor.outputs.rating, list(read))
        rows = predictor.inputs.item.slots[0]
        parts = [tf.reduce_sum(tf.gather(tf.convert_to_tensor(gradient) * part, rows), -1)
                 for gradient, part in zip(gradients, read) if gradient is not None]
        total = tf.add_n(parts)  # [R]
    reads = graph.feed(predictor.reads, predictor.whole)
    found = np.zeros((len(user), predictor.corpus.served_slots[1].shape[1]))
    for pair in range(len(user)):  # one at a time: reviews of other pairs would count, too
        one = slice(pair, pair + 1)
        batch, = predictor.batches(user[one], item[one], own[one])
        value = predictor.session.run(total, {**batch.fed, **reads})
        slots = batch.item_slots
        found[pair, :slots.shape[1]] = np.where(slots[0] > 0, value, 0)
    return found
