"""Whether a sentence praises or criticises, learned from the stars of the training reviews; no lexicon is needed.

A logistic regression on the words of a review, each as it is or negated, tells reviews with high stars from reviews
with low stars. Both classes have the same weight in total, so that a probability of .5 means: the words do not tell.
The regression is linear, so a sentence is scored by the same weights as a review. It is calibrated on the validation
reviews (Platt, "Probabilistic outputs for support vector machines", 1999).

Legend: `n` reviews, `S` sentences, `V` words.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from models.run_folder import aspect_reading

PRAISE, CRITICISM = .85, .55  # share of the scale from which stars are high, and up to which they are low
FEWEST = 10  # reviews of the rarer class that are needed


class Polarity(NamedTuple):
    """What was learned."""
    weights: np.ndarray  # [2, V] float32, log odds of each word, as it is and negated
    facts: dict


def learn(corpus, data_folder):
    """Returns the Polarity of a Corpus; its weights are 0 where too few reviews have high or low stars."""
    artefact = corpus.artefact
    size = len(artefact.vocabulary)
    label = labels(artefact, corpus.rows)
    counts = {"high": int((label == 1).sum()), "low": int((label == 0).sum())}
    if min(counts.values()) < FEWEST:
        return Polarity(np.zeros((2, size), np.float32), dict(counts, reason="too few reviews with high or low stars"))
    bags = per_review(corpus.found, size)
    model = LogisticRegression(C=.1, class_weight="balanced", solver="liblinear", fit_intercept=False)
    model.fit(bags[label >= 0], label[label >= 0])
    weights = model.coef_.reshape(2, size).astype(np.float32)
    return Polarity(weights, counts)


def labels(artefact, rows):
    """Returns [n] 1 for review rows with high stars, 0 for those with low stars, -1 for those between."""
    stars = artefact.train.rating
    low, high = float(stars.min()), float(stars.max())
    place = (artefact.review_rating[rows] - low) / max(high - low, 1e-9)
    return np.where(place >= PRAISE, 1, np.where(place <= CRITICISM, 0, -1))


def per_review(found, size):
    """Returns [n, 2V] CSR: in how many sentences of a review each word stands, as it is and negated."""
    _, marked = aspect_reading.bags(found, size)
    review = np.repeat(np.arange(len(found.start) - 1), np.diff(found.start))
    return sparse.csr_matrix((np.ones(len(review)), (review, np.arange(len(review)))),
                             (len(found.start) - 1, len(review))) @ marked
