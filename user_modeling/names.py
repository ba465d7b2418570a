"""Names of aspects that a shopper can read, and their codes for addresses.

A name is one word or a phrase of two of the most telling words of an aspect. It tells of the aspect, is in many of its
sentences, and names what people speak of, in praise as in criticism: the sentences that hold it are praised about as
often as those of the whole aspect ("battery", but not "bored"), it is seldom negated ("not quiet"), and it is used as a
noun: it follows an article and ends what the article begins ("the tuning is", but not "easy to tune", "the small bag").
Two words that often stand together name it as a phrase ("battery life"). A word that few of the aspect's sentences hold
is joined by a second one that others hold ("size & space"). The only lists of words are those of negations, which
`sentences.py` has, and of articles.

Legend: `S` sentences, `V` words, `K` aspects.
"""
import os
import re
import unicodedata

import numpy as np

from models.run_folder.aspect_tables import Aspect
from preprocessing import tokenise
from user_modeling.generic_words import is_generic

KEPT = 12  # most telling words
CONSIDERED = 24  # most telling words of which the name is made
LONGEST = 24  # characters of a name of several words
# Letters of two forms of a word: of a word that the other begins with, at least; that both begin with otherwise, at
# least; by which their lengths differ, at most.
SHORTEST, ALIKE, ENDING = 3, 5, 3
PHRASE = .3  # share of the sentences with either word that hold both as a phrase, from which it may be the name
LONGER = 1.5  # score of a phrase over that of a word that is as frequent
COVERAGE = .75  # power of the number of sentences in the score of a name
NEUTRAL, FEW = .15, 5  # difference of the polarity that halves the score; sentences of no difference that are added
DENIED, PRIOR, BOUNDS = .3, 10, (.22, 1.65)  # power of `_seldom_denied`; words of the average added; its bounds
NOUN, NOUN_BOUNDS = .6, (.2, 2.)  # power of `_noun`, and its bounds
COMMON = .002  # share of all words from which a word is one that may follow a noun
# After these, a word that is followed by a COMMON word, or ends the sentence, is a noun.
ARTICLES = frozenset("""
    the a an its my this these that their your our his her
    der die das den dem des ein eine einen einem einer
    le la les un une des
    el los las unos unas una
""".split())
HELD, ADDED = .13, .05  # share of the aspect's sentences below which a name is joined; that the second word adds


def order(weights, sentences):
    """Returns the word ids [m] of one aspect, the most telling first: weight times the root of its sentences.

    Args:
      weights: [V] of the words in the aspect.
      sentences: [V] number that hold each word.
    """
    telling = weights * np.sqrt(sentences)
    return np.argsort(-telling, kind="stable")[:np.count_nonzero(telling)]


def of(corpus, words, weights, reading, given=None):
    """Returns K Aspects by the weights [V, K] of words.

    Args:
      reading: of the corpus's sentences.
      given: K names; None: they are made from the words.
    """
    vocabulary, taken, known, aspects = corpus.artefact.vocabulary, set(), set(), []
    generic = np.array([is_generic(word) for word in vocabulary])
    for aspect in range(weights.shape[1]):
        others = np.delete(weights, aspect, axis=1).max(axis=1) if weights.shape[1] > 1 else 0
        own = (weights[:, aspect] > others) & ~generic
        ids = order(np.where(own, weights[:, aspect], 0), words.sentences)
        found = distinct([vocabulary[word] for word in ids[:4 * KEPT]])[:KEPT]
        name = given[aspect] if given else _named(corpus, ids[:CONSIDERED].tolist(), weights[:, aspect],
                                                  words.sentences, reading, aspect, known)
        aspects.append(Aspect(code_of(name, taken), name, tuple(found)))
    return tuple(aspects)


def distinct(words):
    """Returns words without forms of those before them, such as plurals: words that begin alike."""
    kept = []
    for word in words:
        if not any(_alike(word, other) for other in kept):
            kept.append(word)
    return kept


def _alike(one, other):
    if one == other:
        return True
    same = len(os.path.commonprefix([one, other]))
    shorter = min(len(one), len(other))
    return (same == shorter >= SHORTEST or same >= max(ALIKE, shorter - 1)) and abs(len(one) - len(other)) <= ENDING


def _named(corpus, ids, weights, sentences, reading, aspect, taken):
    """A new name for an aspect, which is added to the set `taken`: its best candidate. A word that few of the sentences
    hold, or that is like a name before it, is joined by the next one that others of the sentences hold; where there is
    none, a name that is taken has a number.

    Args:
      ids: of the most telling words, [m].
      weights: [V] of the words in the aspect.
    """
    best = _candidates(corpus, ids, weights, sentences, reading, aspect)
    name, held = best[0] if best else ("?", frozenset())
    said = max(1, np.count_nonzero(reading.aspect == aspect))
    if any(_alike(name, other) for other in taken) or " " not in name and len(held) < HELD * said:
        name = next((f"{name} & {other}" for other, rows in best[1:] if len(name) + 3 + len(other) <= LONGEST
                     and len(rows - held) >= ADDED * said and not any(
                         _alike(one, part) for one in name.split() for part in other.split())), name)
    numbered, number = name, 1
    while numbered in taken:
        number += 1
        numbered = f"{name} {number}"
    taken.add(numbered)
    return numbered


def _candidates(corpus, ids, weights, sentences, reading, aspect):
    """Words and phrases of two words that may name an aspect, the best first, each with the set of the aspect's
    sentences that hold it; see the top of the file."""
    vocabulary, found = corpus.artefact.vocabulary, corpus.found
    inside, gap = reading.aspect == aspect, reading.polarity.astype(np.float64)
    if not inside.any():
        return [(vocabulary[word], frozenset()) for word in ids]
    gap = gap - gap[inside].mean()
    bags = corpus.bags[np.flatnonzero(inside)].tocsc()
    count, gaps = np.asarray(bags.sum(axis=0)).ravel(), bags.T @ gap[inside]
    thing = _seldom_denied(found, len(vocabulary)) * _noun(found, vocabulary, ids)
    scores = {word: _score(weights[word], np.sqrt(count[word] * sentences[word]), count[word], gaps[word], thing[word])
              for word in ids}
    where = np.flatnonzero(inside)
    ranked = [(-scores[word], 1, vocabulary[word], where[bags.indices[bags.indptr[word]:bags.indptr[word + 1]]])
              for word in ids]
    for pair, rows in _phrases(found, ids, inside).items():
        often, name = len(rows), _joined(*(vocabulary[word] for word in pair))
        if often >= PHRASE * max(count[word] for word in pair) and len(name) <= LONGEST:
            score = LONGER * _score(max(weights[word] for word in pair), often, often, gap[rows].sum(),
                                    max(thing[word] for word in pair))
            best = max(score, *(scores[word] for word in pair))
            ranked.append((-best, 0, name, rows))  # a phrase is before its words
    return [(name, frozenset(map(int, rows))) for _, _, name, rows in sorted(ranked, key=lambda one: one[:3])]


def _score(weight, often, count, gap, thing):
    return weight * often ** COVERAGE * thing / (1 + (gap / (count + FEW) / NEUTRAL) ** 2)


def _seldom_denied(found, size):
    """[V] by how much less often than the average word each one is negated, bounded: "not quiet", but seldom "not
    battery"."""
    negated, count = np.bincount(found.words, found.negated, size), np.bincount(found.words, minlength=size)
    usual = max(negated.sum() / max(1, count.sum()), 1e-6)
    return np.clip((count + PRIOR) * usual / (negated + PRIOR * usual), *BOUNDS) ** DENIED


def _noun(found, vocabulary, ids):
    """[V] by how much more often than the usual word of `ids` each one is used as a noun, bounded: "the tuning is", but
    not "easy to tune" and "the small bag". 1 where the vocabulary has none of the ARTICLES."""
    article = np.array([word in ARTICLES for word in vocabulary])
    count = np.bincount(found.words, minlength=len(vocabulary))
    first = np.zeros(len(found.words) + 1, bool)
    first[found.word_start] = True
    common = (count > COMMON * max(1, count.sum()))[found.words]
    begun = np.r_[False, article[found.words[:-1]]] & ~first[:-1]
    ended = np.r_[common[1:], True] | first[1:]
    used = np.bincount(found.words, begun & ended, len(vocabulary))
    share = (used + PRIOR * used.sum() / max(1, count.sum())) / (count + PRIOR)
    usual = np.median(share[ids]) if article.any() else 0.
    return np.clip(share / usual, *NOUN_BOUNDS) ** NOUN if usual > 0 else np.ones(len(vocabulary))


def _phrases(found, ids, inside):
    """{(first word, second word): rows of the aspect's sentences, once each} of neighbours among the words `ids`."""
    row, known = found.sentence, np.isin(np.arange(found.words.max() + 1), ids)[found.words]
    at = np.flatnonzero(known[:-1] & known[1:] & (row[:-1] == row[1:]) & (found.words[:-1] != found.words[1:])
                        & inside[row[:-1]])
    rows = {}
    for first, second, one in zip(found.words[at].tolist(), found.words[at + 1].tolist(), row[at].tolist()):
        rows.setdefault((first, second), set()).add(one)
    return {pair: sorted(one) for pair, one in rows.items()}


def _joined(first, second):
    """The phrase of two words; pairs of characters of a script without spaces overlap by one."""
    overlapping = first + second[1:]
    return overlapping if tokenise.Unicode.words(overlapping) == [first, second] else f"{first} {second}"


def code_of(name, taken):
    """Returns a new code for a name, of the characters a-z, 0-9 and `-`, and adds it to the set `taken`."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    code = base = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40] or "aspect"
    number = 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    taken.add(code)
    return code
