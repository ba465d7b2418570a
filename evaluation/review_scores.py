"""Scores each candidate review of every held-out pair by training-free rules.

`run` is anything with an `artefact` and a `corpus`: a Trained run, or the `systems.system.Data` of an evaluation.
"""
from typing import NamedTuple, Optional

import numpy as np
from scipy import sparse

from metrics import overlap
from metrics.comparison import Facts

CHUNK = 256  # pairs computed at a time


class Words(NamedTuple):
    """The words of all reviews, by review row."""
    counts: sparse.csr_matrix  # [N+1, words] see `overlap.word_counts`
    aspects: sparse.csr_matrix  # [N+1, V] see `overlap.aspects`
    sequences: Optional[list]  # [N+1] lists of words; None: ROUGE-L is not measured


class Scores(NamedTuple):
    """The scores that a method gives to the reviews of `n` pairs of a user and an item."""
    reviews: np.ndarray  # [n, R] of the item's training reviews
    own: np.ndarray  # [n] of the pair's own held-out review; NaN where the method has no score or the review no text


class MethodScores(NamedTuple):
    """The scores of one method. Rules use the same scores for retrieval and for display."""
    retrieval: Scores  # by which it retrieves the own review
    display: Scores  # by which it orders the reviews that are shown


def personal_scores(run, users, split):
    """Scores of rules that depend on the user, with users [n] in the place of the users of a split's pairs.

    The pairs' own reviews are held out: no input holds them.

    Returns:
      {"tfidf": TF-IDF similarity to what the user wrote, "lsi": the same in the LSI topics}, each Scores.
    """
    rows = np.unique(np.append(run.corpus.served_slots.item[split.item], split.review))
    topics = _unit(run.corpus.bags[rows] @ run.artefact.word_topics)  # [rows, D]
    parts = [_similarities(run.corpus, rows, topics, users[start:start + CHUNK], split.item[start:start + CHUNK],
                           split.review[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
    similar = _Similarities(*map(np.concatenate, zip(*parts)))
    has_text = run.artefact.review_length[split.review] > 0
    scores = {"tfidf": Scores(similar.tfidf, similar.own_tfidf), "lsi": Scores(similar.lsi, similar.own_lsi)}
    return {name: Scores(score.reviews, np.where(has_text, score.own, np.nan)) for name, score in scores.items()}


def impersonal_scores(run, split):
    """Scores of rules that are the same for all users.

    A rule for which the corpus has no facts (no times, no votes) is left out. In "random" all reviews tie, as with
    uniform attention.

    Returns:
      {"random", "longest", "latest", "helpful", "highest_rated", "centroid", "expected": Scores}.
    """
    a, corpus, slots = run.artefact, run.corpus, run.corpus.served_slots.item[split.item]
    undefined = np.full(len(slots), np.nan)
    typicality, expected = corpus.to_others(slots)
    has_text = a.review_length[split.review] > 0
    scores = {"random": Scores(np.zeros(slots.shape), np.where(has_text, 0., np.nan)),
              "longest": Scores(corpus.log_words[slots], np.where(has_text, corpus.log_words[split.review], np.nan)),
              "centroid": Scores(typicality, undefined), "expected": Scores(expected, undefined)}
    for name, facts in (("latest", a.review_time), ("helpful", a.review_helpful),
                        ("highest_rated", a.review_rating)):
        if (facts[1:] > 0).any():
            scores[name] = Scores(facts[slots].astype(np.float64), undefined)
    return scores


def parts_of_rules(rules):
    """The parts [n, R, 5] of what can be shown without a network, in the order of `models.training.shown.Parts`.

    They are LSI similarity, TF-IDF similarity, typicality, length, and similarity to the expected words.

    Args:
      rules: {"lsi", "tfidf", "centroid", "longest", "expected": Scores} of the split.
    """
    return np.stack([rules[name].reviews for name in ("lsi", "tfidf", "centroid", "longest", "expected")], -1)


def words_of(sequences, bags):
    """The Words of all reviews.

    Args:
      sequences: [N+1] lists of words.
      bags: [N+1, V] TF-IDF, sparse.
    """
    return Words(overlap.word_counts(sequences), overlap.aspects(bags), sequences)


def facts_of(run, split, words, relevance=None, votes=None):
    """The Facts of a split's pairs.

    Args:
      run: with artefact and corpus.
      split: Split.
      words: Words of all reviews.
      relevance: function (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where there is none.
      votes: [N+1, 2] helpful votes and all votes of the reviews; None where they are not counted.
    """
    written, slots = (table[ids] for table, ids in zip(run.corpus.served_slots, (split.user, split.item)))
    likeness = {"cosine": _own_similarity(run.corpus, slots, split.review),
                "rouge1": overlap.rouge1(words.counts, split.review, slots),
                "aspects": overlap.aspect_overlap(words.aspects, split.review, slots)}
    if words.sequences is not None:
        likeness["rougel"] = overlap.rouge_l(words.sequences, split.review, slots)
    return Facts(split.user, slots > 0, likeness, run.artefact.review_length[split.review] > 0,
                 None if relevance is None else relevance(split.user, slots),
                 None if votes is None else (votes[slots, 0], votes[slots, 1]),
                 np.where(written > 0, _own_similarity(run.corpus, written, split.review), 0).max(1, initial=0))


def _own_similarity(corpus, slots, own):
    """TF-IDF similarity [n, R] of the reviews in slots [n, R] to each pair's own review [n]."""
    parts = [corpus.likeness(slots[start:start + CHUNK], corpus.bags[own[start:start + CHUNK]])
             for start in range(0, len(slots), CHUNK)]
    return np.concatenate(parts)


class _Similarities(NamedTuple):
    """Similarity of the item's reviews, and of the own review, to what the users wrote."""
    tfidf: np.ndarray  # [n, R]
    own_tfidf: np.ndarray  # [n]
    lsi: np.ndarray  # [n, R]
    own_lsi: np.ndarray  # [n]


def _similarities(corpus, rows, topics, user, item, own):
    """The _Similarities of pairs; `topics` are those of the reviews in `rows`, which rise."""
    pairs = corpus.pairs(user, item, own, slots=corpus.served_slots)
    wrote, slots = _unit(pairs.wrote @ corpus.artefact.word_topics), pairs.item_slots  # [n, D]
    return _Similarities(corpus.likeness(slots, pairs.wrote), corpus.likeness(own[:, None], pairs.wrote)[:, 0],
                         np.einsum("nrd,nd->nr", topics[np.searchsorted(rows, slots)], wrote),
                         np.einsum("nd,nd->n", topics[np.searchsorted(rows, own)], wrote))


def _unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
