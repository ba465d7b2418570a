"""How much each review of an item counts for a rating, by the gradient of the network."""
import numpy as np

from models import graph
from runtime.tf1 import tf


def gradient_times_input(predictor, user, item, own):
    """Returns gradient times input of the rating [n, R] in stars, for each review of the item; 0 for empty slots.

    The inputs are the text O_l and the key W_O o_l of a review, over which the products are summed (Shrikumar et al.,
    "Not just a black box: learning important features through propagating activation differences", 2016).

    Args:
      predictor: Predictor.
      user, item, own: [n] pairs and the rows of their own held-out reviews.
    """
    placeholders = predictor.review_placeholders[1]  # of the item tower
    with predictor.session.graph.as_default():
        gradients = tf.gradients(predictor.outputs.rating, list(placeholders))
        in_slots = predictor.inputs.item.slots[0]  # [R] rows of reviews
        parts = [tf.reduce_sum(tf.gather(tf.convert_to_tensor(gradient) * part, in_slots), -1)
                 for gradient, part in zip(gradients, placeholders) if gradient is not None]
        total = tf.add_n(parts)  # [R]
    encoded = graph.feed(predictor.review_placeholders, predictor.encoded_reviews)
    stars = np.zeros((len(user), predictor.corpus.served_slots.item.shape[1]))
    for pair in range(len(user)):  # one at a time, because other pairs of a batch may share its reviews
        rows = slice(pair, pair + 1)
        batch, = predictor.batches(user[rows], item[rows], own[rows])
        value = predictor.session.run(total, {**batch.fed, **encoded})
        slots = batch.item_slots
        stars[pair, :slots.shape[1]] = np.where(slots[0] > 0, value, 0)
    return stars
