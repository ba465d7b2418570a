"""Which review whom: scores of the reviews of held-out pairs, by the network and by what needs no training."""
from typing import NamedTuple, Optional

import numpy as np
from scipy import sparse

from metrics import overlap
from metrics.comparison import Facts

CHUNK = 256  # pairs


class Words(NamedTuple):
    """What all reviews say, by their rows."""
    counts: sparse.csr_matrix  # [N+1, words] see `overlap.word_counts`
    aspects: sparse.csr_matrix  # [N+1, V] see `overlap.aspects`
    sequences: Optional[list]  # [N+1] lists of words; None: likeness in order is not measured


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
    """Scores of rules that do not know the shopper: {"random", "longest", "latest", "helpful", "highest_rated",
    "centroid"}.

    A rule that the corpus has no facts for (no times, no votes) is absent. In "random" all reviews tie, as by
    uniform attention.
    """
    a, corpus, slots = run.artefact, run.corpus, run.corpus.served_slots[1][split.item]
    nothing = np.full(len(slots), np.nan)
    typicality = [corpus.typicality(slots[start:start + CHUNK]) for start in range(0, len(slots), CHUNK)]
    has_text = a.review_length[split.review] > 0
    scores = {"random": Scores(np.zeros(slots.shape), np.where(has_text, 0., np.nan)),
              "longest": Scores(corpus.log_words[slots], np.where(has_text, corpus.log_words[split.review], np.nan)),
              "centroid": Scores(np.concatenate(typicality), nothing)}
    for name, facts in (("latest", a.review_time), ("helpful", a.review_helpful),
                        ("highest_rated", a.review_rating)):
        if (facts[1:] > 0).any():
            scores[name] = Scores(facts[slots].astype(np.float64), nothing)
    return scores


def words_of(sequences, bags):
    """The Words of all reviews: lists of words [N+1], and TF-IDF bags [N+1, V]."""
    return Words(overlap.word_counts(sequences), overlap.aspects(bags), sequences)


def facts_of(run, split, words, relevance=None, votes=None):
    """The Facts of a split's pairs.

    Args:
      words: Words of all reviews.
      relevance: (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where nothing is planted.
      votes: [N+1, 2] helpful and all votes of the reviews; None where they are not counted.
    """
    mine, slots = (table[ids] for table, ids in zip(run.corpus.served_slots, (split.user, split.item)))
    likeness = {"cosine": _own_likeness(run.corpus, slots, split.review),
                "rouge1": overlap.rouge1(words.counts, split.review, slots),
                "aspects": overlap.aspect_overlap(words.aspects, split.review, slots)}
    if words.sequences is not None:
        likeness["rougel"] = overlap.rouge_l(words.sequences, split.review, slots)
    return Facts(split.user, slots > 0, likeness, run.artefact.review_length[split.review] > 0,
                 None if relevance is None else relevance(split.user, slots),
                 None if votes is None else (votes[slots, 0], votes[slots, 1]),
                 np.where(mine > 0, _own_likeness(run.corpus, mine, split.review), 0).max(1, initial=0))


def _own_likeness(corpus, slots, own):
    """TF-IDF likeness [n, R] of reviews in slots [n, R] to each pair's own one."""
    parts = [corpus.likeness(slots[start:start + CHUNK], corpus.bags[own[start:start + CHUNK]])
             for start in range(0, len(slots), CHUNK)]
    return np.concatenate(parts)


def _likeness(corpus, topics, user, item, own):
    """(TF-IDF likeness [n, R] and of the own review [n], LSI likeness, likewise) to what the users wrote."""
    pairs = corpus.pairs(user, item, own, slots=corpus.served_slots)
    wrote, slots = _unit(pairs.wrote @ corpus.artefact.word_topics), pairs.item_slots  # [n, D]
    return (corpus.likeness(slots, pairs.wrote), corpus.likeness(own[:, None], pairs.wrote)[:, 0],
            np.einsum("nrd,nd->nr", topics[slots], wrote), np.einsum("nd,nd->n", topics[own], wrote))


def _unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
