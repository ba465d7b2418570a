"""Names of aspects that a shopper can read, and their codes for addresses."""
import os
import re
import unicodedata
from collections import Counter

import numpy as np

from models.run_folder.aspect_tables import Aspect
from user_modeling.generic_words import is_generic

KEPT = 12  # most telling words
ALONE = .6  # a second word that tells less than this part of the first is no part of the name
# Letters of two forms of a word: of a word that the other begins with, at least; that both begin with otherwise, at
# least; by which their lengths differ, at most.
SHORTEST, ALIKE, ENDING = 3, 5, 3
PHRASE = .3  # share of the sentences with either word that hold both as a phrase, if the phrase is the name


def order(weights, sentences):
    """Returns the word ids [m] of one aspect, the most telling first: weight times the root of its sentences.

    Args:
      weights: [V] of the words in the aspect.
      sentences: [V] number that hold each word.
    """
    telling = weights * np.sqrt(sentences)
    return np.argsort(-telling, kind="stable")[:np.count_nonzero(telling)], telling


def of(corpus, words, weights, reading, given=None):
    """Returns K Aspects by the weights [V, K] of words.

    Args:
      reading: of the corpus's sentences.
      given: K names; None: they are made from the words.
    """
    vocabulary, taken, aspects = corpus.artefact.vocabulary, set(), []
    generic = np.array([is_generic(word) for word in vocabulary])
    for aspect in range(weights.shape[1]):
        others = np.delete(weights, aspect, axis=1).max(axis=1) if weights.shape[1] > 1 else 0
        own = (weights[:, aspect] > others) & ~generic
        ids, telling = order(np.where(own, weights[:, aspect], 0), words.sentences)
        found = distinct([vocabulary[word] for word in ids[:4 * KEPT]])[:KEPT]
        name = given[aspect] if given else _name(corpus, [int(word) for word in ids[:KEPT]], telling, found,
                                                 reading.aspect == aspect)
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
    same = len(os.path.commonprefix([one, other]))
    shorter = min(len(one), len(other))
    return (same == shorter >= SHORTEST or same >= max(ALIKE, shorter - 1)) and abs(len(one) - len(other)) <= ENDING


def _name(corpus, ids, telling, found, spoken):
    """A phrase of two words if the first word of the aspect is said in it often, else its one or two best words."""
    vocabulary = corpus.artefact.vocabulary
    if not ids:
        return "?"
    first = corpus.found.words[:-1], corpus.found.words[1:]
    sentence = np.repeat(np.arange(len(corpus.found.span)), np.diff(corpus.found.word_start))
    inside = (sentence[:-1] == sentence[1:]) & spoken[sentence[:-1]]
    pairs = Counter(zip(first[0][inside].tolist(), first[1][inside].tolist()))
    counts = Counter(corpus.found.words[spoken[sentence]].tolist())
    likely = [(count, pair) for pair, count in pairs.items() if ids[0] in pair and set(pair) <= set(ids)
              and count >= PHRASE * max(counts[pair[0]], counts[pair[1]]) and pair[0] != pair[1]]
    if likely:
        return " ".join(vocabulary[word] for word in max(likely)[1])
    second = next((word for word in ids[1:] if vocabulary[word] in found[1:]), None)
    if second is not None and telling[second] >= ALONE * telling[ids[0]]:
        return f"{vocabulary[ids[0]]} & {vocabulary[second]}"
    return vocabulary[ids[0]]


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
