"""Whether a sentence praises or criticises, learned from the stars of the training reviews; no lexicon is needed.

A logistic regression on the words of a review, each as it is or negated, tells reviews with high stars from reviews
with low stars. Both classes have the same weight in total, so that a probability of .5 means: the words do not tell.
The regression is linear, so a sentence is scored by the same weights as a review. Its slope is fitted anew to the
single sentences of the validation reviews (Platt, "Probabilistic outputs for support vector machines", 1999).

Legend: `n` reviews, `S` sentences, `V` words.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.run_folder import aspect_reading
from user_modeling import corpus as corpora

PRAISE, CRITICISM = .85, .55  # place in the scale from which stars are high, and up to which they are low
FEWEST = 10  # reviews of the rarer class that are needed
STRENGTH = .1  # inverse of the L2 penalty of the weights


class Polarity(NamedTuple):
    """What was learned."""
    weights: np.ndarray  # [2, V] float32, log odds of each word, as it is and negated
    facts: dict


def learn(corpus, data_folder):
    """Returns the Polarity of a Corpus; its weights are 0 where too few reviews have high or low stars."""
    artefact = corpus.artefact
    size = len(artefact.vocabulary)
    label = labels(artefact, corpus.rows)
    facts = {"high": int((label == 1).sum()), "low": int((label == 0).sum())}
    if min(facts.values()) < FEWEST:
        facts["reason"] = f"fewer than {FEWEST} training reviews with high or with low stars"
        return Polarity(np.zeros((2, size), np.float32), facts)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", fit_intercept=False,
                               random_state=0)
    model.fit(per_review(corpus.found, size)[label >= 0], label[label >= 0])
    slope, more = calibrated(artefact, data_folder, model.coef_.ravel())
    return Polarity((slope * model.coef_).reshape(2, size).astype(np.float32), dict(facts, slope=slope, **more))


def calibrated(artefact, data_folder, weights):
    """Returns (slope by which the weights [2V] are multiplied, facts) by the sentences of the validation reviews.

    The slope is 1 where these are too few.
    """
    rows = np.sort(artefact.validation.review)
    found = corpora.texts_of(artefact, data_folder, rows)
    label = labels(artefact, rows)[found.review]
    odds = aspect_reading.bags(found, len(artefact.vocabulary))[1] @ weights
    tells = (odds != 0) & (label >= 0)
    odds, told = odds[tells], label[tells]
    facts = {"validation_sentences": int(tells.sum())}
    if min(np.bincount(told, minlength=2)) < FEWEST:
        return 1., facts
    model = LogisticRegression(C=1e3, class_weight="balanced", solver="liblinear", fit_intercept=False, random_state=0)
    slope = float(model.fit(odds[:, None], told).coef_[0, 0])
    return max(slope, 0.), dict(facts, validation_sentence_auc=float(roc_auc_score(told, odds)))


def auc(artefact, found, rows, polarity):
    """Returns the AUC of the mean polarity of reviews' sentences, for reviews with high against those with low stars;
    None where one of these is missing.

    Args:
      found: Sentences of review rows [n].
      polarity: [S] of the sentences.
    """
    label, count = labels(artefact, rows), np.diff(found.start)
    mean = np.bincount(found.review, polarity, len(rows)) / np.maximum(count, 1)
    told = (label >= 0) & (count > 0)
    return float(roc_auc_score(label[told], mean[told])) if len(np.unique(label[told])) == 2 else None


def labels(artefact, rows):
    """Returns [n] 1 for review rows with high stars, 0 for those with low stars, -1 for those between."""
    stars = artefact.train.rating
    if not len(stars):
        return np.full(len(rows), -1)
    low, high = float(stars.min()), float(stars.max())
    place = (artefact.review_rating[rows] - low) / max(high - low, 1e-9)
    return np.where(place >= PRAISE, 1, np.where(place <= CRITICISM, 0, -1))


def per_review(found, size):
    """Returns [n, 2V] CSR: in how many sentences of a review each word stands, as it is and negated."""
    _, marked = aspect_reading.bags(found, size)
    review = found.review
    return sparse.csr_matrix((np.ones(len(review)), (review, np.arange(len(review)))),
                             (len(found.start) - 1, len(review))) @ marked
