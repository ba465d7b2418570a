"""Which training reviews of a user or an item the network reads: in training, and when a catalogue is ranked."""
from typing import NamedTuple

import numpy as np

from preprocessing import artefact as contract


class Slots(NamedTuple):
    """Rows of the reviews of every user and of every item; 0: an empty slot."""
    user: np.ndarray  # [U, R']
    item: np.ndarray  # [I, R]


def chosen(artefact, config):
    """Returns the Slots of training, as many as the artefact has, filled by `review_selection` of the ModelConfig."""
    if config.first_reviews:
        return Slots(artefact.user_reviews, artefact.item_reviews)
    rows = preferred(artefact, config.review_selection, config.seed)
    return Slots(contract.slots(artefact.review_user, rows, *artefact.user_reviews.shape),
                 contract.slots(artefact.review_item, rows, *artefact.item_reviews.shape))


def preferred(artefact, selection, seed):
    """Returns the rows [n] of the training reviews with text, the preferred ones first.

    Args:
      selection: "latest", "helpful" or "random".
      seed: of the random order.
    """
    rows = contract.training_rows(artefact)
    if selection == "random":
        return np.random.RandomState(seed).permutation(rows)
    preference = {"latest": artefact.review_time, "helpful": artefact.review_helpful}[selection]
    return rows[np.argsort(-preference[rows], kind="stable")]


def served(artefact, config, trained):
    """Returns the Slots of *all* training reviews, with which the catalogue is ranked and explained.

    Without `mask_padding` attention weighs empty slots too, so the slots are those of training, `trained`.
    """
    if not config.mask_padding:
        return trained
    rows = contract.training_rows(artefact)
    return Slots(contract.slots(artefact.review_user, rows, len(trained.user)),
                 contract.slots(artefact.review_item, rows, len(trained.item)))
