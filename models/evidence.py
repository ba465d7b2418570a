"""Which review whom: scores of the reviews of held-out pairs, by the network and by what needs no training."""
from typing import NamedTuple

import numpy as np

from evaluation import overlap
from evaluation.comparison import Facts

CHUNK = 256  # pairs


class Scores(NamedTuple):
    """How high a method ranks the reviews of `n` pairs of a shopper and an item."""
    reviews: np.ndarray  # [n, R] of the item's training reviews
    own: np.ndarray  # [n] of the pair's own held-out review; NaN where the method or the text says nothing


def asked_by(run, users, split):
    """Scores when `users` [n] ask the items of a split's pairs, of which the own reviews are held out.

    Returns:
      {"personal": s of the network, "shown": its weights, "tfidf": likeness to what the asker wrote, "lsi":
      the same of topics}, each Scores.
    """
    outputs, own_score, _, _ = run.predictor(users, split.item, split.review)
    nothing = np.full(len(users), np.nan)
    topics = _unit(run.corpus.bags @ run.artefact.word_topics)  # [N+1, D]
    parts = [_likeness(run.corpus, topics, users[start:start + CHUNK], split.item[start:start + CHUNK],
                       split.review[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
    tfidf, own_tfidf, lsi, own_lsi = map(np.concatenate, zip(*parts))
    has_text = run.artefact.review_length[split.review] > 0
    scores = {"personal": Scores(outputs.personal, own_score), "shown": Scores(outputs.item_weights, nothing),
              "tfidf": Scores(tfidf, own_tfidf), "lsi": Scores(lsi, own_lsi)}
    return {name: Scores(score.reviews, np.where(has_text, score.own, np.nan)) for name, score in scores.items()}


def asked_by_nobody(run, split):
    """Scores of rules that do not know the shopper: {"random", "longest", "latest", "helpful", "centroid"}.

    A rule that the corpus has no facts for (no times, no votes) is absent. In "random" all reviews tie.
    """
    a, corpus, slots = run.artefact, run.corpus, run.corpus.served_slots[1][split.item]
    nothing = np.full(len(slots), np.nan)
    typicality = [corpus.typicality(slots[start:start + CHUNK]) for start in range(0, len(slots), CHUNK)]
    has_text = a.review_length[split.review] > 0
    scores = {"random": Scores(np.zeros(slots.shape), np.where(has_text, 0., np.nan)),
              "longest": Scores(corpus.log_words[slots], np.where(has_text, corpus.log_words[split.review], np.nan)),
              "centroid": Scores(np.concatenate(typicality), nothing)}
    for name, facts in (("latest", a.review_time), ("helpful", a.review_helpful)):
        if (facts[1:] > 0).any():
            scores[name] = Scores(facts[slots].astype(np.float64), nothing)
    return scores


def facts_of(run, split, words, relevance=None):
    """The Facts of a split's pairs.

    Args:
      words: `evaluation.overlap.word_counts` of all reviews, by their rows.
      relevance: (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where nothing is planted.
    """
    slots = run.corpus.served_slots[1][split.item]
    parts = [run.corpus.likeness(slots[start:start + CHUNK], run.corpus.bags[split.review[start:start + CHUNK]])
             for start in range(0, len(slots), CHUNK)]
    likeness = {"cosine": np.concatenate(parts), "rouge1": overlap.rouge1(words, split.review, slots)}
    relevant = None if relevance is None else relevance(split.user, slots)
    return Facts(split.user, slots > 0, likeness, run.artefact.review_length[split.review] > 0, relevant)


def _likeness(corpus, topics, user, item, own):
    """(TF-IDF likeness [n, R] and of the own review [n], LSI likeness, likewise) to what the users wrote."""
    pairs = corpus.pairs(user, item, own, slots=corpus.served_slots)
    wrote, slots = _unit(pairs.wrote @ corpus.artefact.word_topics), pairs.item_slots  # [n, D]
    return (corpus.likeness(slots, pairs.wrote), corpus.likeness(own[:, None], pairs.wrote)[:, 0],
            np.einsum("nrd,nd->nr", topics[slots], wrote), np.einsum("nd,nd->n", topics[own], wrote))


def _unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
