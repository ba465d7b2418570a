"""How well a network does on held-out pairs after an epoch: rating error, own-review AUC, entropy of the attention."""
from contextlib import closing
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from metrics import explanation, rating
from models.training import summaries
from models.training.prefetch import prefetch
from preprocessing.artefact import Split

MOST = 20000  # pairs that are measured; their inputs take some 20 MB


class Validation(NamedTuple):
    """Results of an epoch on the validation pairs."""
    rmse: float  # stars, before calibration; not finite where a rating is not
    own_auc: float  # .5 where no pair has a review that can be retrieved
    histograms: dict  # {tag: array}, for the summaries


def sample(split, seed):
    """Returns a Split, of more than MOST pairs MOST of them, drawn by the seed."""
    rows = np.sort(np.random.RandomState(seed).permutation(len(split.user))[:MOST])
    return Split(*(column[rows] for column in split))


def measure(predictor, split, title):
    """Returns the Validation of a network as it is now.

    Args:
      predictor: Predictor.
      split: Split of n pairs; their own reviews are left out of all inputs.
      title: of the progress bar.
    """
    rated, auc = np.full(len(split.user), np.nan, np.float32), np.full(len(split.user), np.nan)
    entropies = []
    lengths = predictor.corpus.artefact.review_length
    with tqdm(total=len(rated), desc=title, unit="rating", leave=False, disable=None) as bar, closing(
            prefetch(predictor.batches(split.user, split.item, split.review))) as batches:
        for answer in predictor.answers(batches):
            rows, outputs = answer.rows, answer.outputs
            rated[rows] = outputs.rating
            if not np.isfinite(outputs.rating).all():
                break  # the RMSE is not finite, which the caller reports
            own, real = np.where(lengths[split.review[rows]] > 0, answer.own_score, np.nan), answer.item_slots > 0
            auc[rows] = explanation.retrieval_auc(own, outputs.personal, real)
            entropies.append(summaries.entropy(outputs.item_weights, real))
            bar.update(len(rows))
    own_auc = explanation.mean(auc)
    return Validation(rating.rmse(rated, split.rating), .5 if own_auc is None else own_auc, {
        "attention/entropy_of_pairs": np.concatenate(entropies or [auc[:0]]), "validation/error": rated - split.rating})
