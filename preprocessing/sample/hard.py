"""What makes a sample corpus hard: a number for each difficulty, 0 in the default corpus.

Every draw for a difficulty comes from random numbers of its own, and a difficulty of 0 draws none, so that the default
corpus does not depend on this file.
"""
from typing import NamedTuple

import numpy as np

from preprocessing.sample import hard_phrases, taste
from preprocessing.sample.aspect_files import aspects
from preprocessing.sample.phrases import choose

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4  # letters of a word that may have a typo


class Hardness(NamedTuple):
    """The difficulties, from 0 to MAXIMUM; HELP says what each is."""
    unequal: float = 0.
    off_taste: float = 0.
    shared: float = 0.
    negations: float = 0.
    hearsay: float = 0.
    off_topic: float = 0.
    typos: float = 0.
    correlation: float = 0.
    popularity: float = 0.


HELP = {
    "unequal": "share of shoppers who care about 1 to --cares aspects, about one more than about another",
    "off_taste": "probability that a review is about aspects that its author does not care about",
    "shared": "probability that a sentence on a main aspect is one that all aspects share, but for the name of the "
              "topic",
    "negations": "probability that it negates the opposite, as in: I would not say that it is noisy",
    "hearsay": "probability of a remark on another aspect that is said to be the opinion of somebody else; left out "
               "where it would make the review longer than 60 words",
    "off_topic": "probability of a sentence about something else than the toy, left out likewise",
    "typos": "probability that a word of four letters or more has a typo, at most 0.3",
    "correlation": "absolute correlation of the qualities of two aspects within a type of product",
    "popularity": "exponent of a Zipf law of purchases, at most 2; 0 is a milder law"}
EASY, MAXIMUM = Hardness(), Hardness(*[1.] * 6, typos=.3, correlation=1., popularity=2.)
HARD = Hardness(unequal=1., off_taste=.1, shared=.15, negations=.1, hearsay=.15, off_topic=.3, typos=.02,
                correlation=.5, popularity=1.)


class Difficulties:
    """Draws what a `Hardness` asks for.

    Args:
      hardness: Hardness.
      random: `numpy.random.RandomState` of its own.
    """

    def __init__(self, hardness, random):
        self.hardness, self.random = hardness, random

    def weights(self, cared, aspects_count):
        """How much each user cares about each aspect: float [U, A], of length 1 for each user.

        Args:
          cared: int [U, C], the aspects that each user may care about.
          aspects_count: A.
        """
        weights = np.zeros((len(cared), aspects_count))
        np.put_along_axis(weights, cared, 1., 1)
        if self.hardness.unequal:
            number = self.random.randint(1, cared.shape[1] + 1, len(cared))
            drawn = np.where(np.arange(cared.shape[1]) < number[:, None], .8 ** np.arange(cared.shape[1]), 0.)
            order = np.argsort(self.random.random_sample(cared.shape), 1)
            unequal = np.zeros_like(weights)
            np.put_along_axis(unequal, np.take_along_axis(cared, order, 1), drawn, 1)
            weights = np.where(self.random.random_sample((len(cared), 1)) < self.hardness.unequal, unequal, weights)
        return weights / np.linalg.norm(weights, axis=1, keepdims=True)

    def quality(self, quality, types):
        """Qualities [I, A] whose aspects are correlated within each type of product, each still about N(0,1).

        One factor of each item is shared by its aspects, with a sign for each type and aspect.

        Args:
          quality: [I, A], independent, N(0,1).
          types: int [I], the type of product of each item.
        """
        if not self.hardness.correlation:
            return quality
        sign = self.random.choice([-1., 1.], (types.max() + 1, quality.shape[1]))
        factor = self.random.normal(size=(len(quality), 1)) * sign[types]
        return np.sqrt(self.hardness.correlation) * factor + np.sqrt(1 - self.hardness.correlation) * quality

    def appeal(self, quality, cared, weights):
        """How well each item suits each user, [U, I]: about N(0,1); see `taste.appeal`."""
        return weights @ quality.T if self.hardness.unequal else taste.appeal(quality, cared)

    def log_popularity(self, count):
        """Logarithms of the weights [count] of items by a Zipf law in random order; None: the mild law is used."""
        if not self.hardness.popularity:
            return None
        return -self.hardness.popularity * np.log1p(self.random.permutation(count))

    def subjects(self, weights):
        """Numbers of the aspects that a review of a user is about, of the user's weights [A].

        An aspect is left out the more often the less the user cares about it; a review off the user's taste is about as
        many aspects that the user does not care about.
        """
        cared = np.nonzero(weights)[0]
        if self.hardness.unequal:
            kept = self.random.random_sample(len(cared)) < weights[cared] / weights.max()
            cared = cared[kept]
        others = np.nonzero(weights == 0)[0]
        if len(others) and self._happens(self.hardness.off_taste):
            return self.random.permutation(others)[:max(1, len(cared))].tolist()
        return cared.tolist()

    def sentences(self, aspect, level):
        """(templates, lead) of a sentence on a main aspect at a level from 0 to 4; None: the aspect's own ones."""
        drawn = self.random.random_sample() if self.hardness.shared or self.hardness.negations else 1.
        if drawn < self.hardness.shared:
            topic = aspects()[aspect].topic
            return tuple(text.replace("{topic}", topic) for text in hard_phrases.SHARED[level]), ""
        if drawn < self.hardness.shared + self.hardness.negations and level != 2:
            opposite = aspects()[aspect].complaint if level > 2 else aspects()[aspect].praise
            return opposite, choose(hard_phrases.NOT_SO, self.random)
        return None

    def extras(self, others):
        """[(templates, lead)] of sentences that say nothing about a main aspect.

        Args:
          others: numbers of the aspects that the review is not about.
        """
        extras = []
        if len(others) and self._happens(self.hardness.hearsay):
            aspect = aspects()[choose(others, self.random)]
            extras.append((choose((aspect.praise, aspect.complaint), self.random),
                           choose(hard_phrases.HEARSAY, self.random)))
        if self._happens(self.hardness.off_topic):
            extras.append((hard_phrases.OFF_TOPIC, ""))
        return extras

    def misspelt(self, text):
        """A text in which some words have a typo: a letter left out, doubled, replaced, or two exchanged."""
        if not self.hardness.typos:
            return text
        return " ".join(self._typo(word) if len(word) >= _SHORTEST and word.isalpha()
                        and self._happens(self.hardness.typos) else word for word in text.split(" "))

    def _typo(self, word):
        place = self.random.randint(1, len(word) - 1)  # neither the first letter nor the last
        before, letter, after = word[:place], word[place], word[place + 1:]
        return choose((before + after, before + 2 * letter + after, before + choose(_LETTERS, self.random) + after,
                       before + after[0] + letter + after[1:]), self.random)

    def _happens(self, probability):
        return probability > 0 and self.random.random_sample() < probability


NONE = Difficulties(EASY, None)
