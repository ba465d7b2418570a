"""What reviews, shoppers and items speak of: the run's tables of aspects as pages need them.

The tables are those of `models/run_folder/aspect_tables.py`. A review speaks of the aspects of its sentences; its
polarity for an aspect is the mean probability of praise over these sentences. All counts on pages are counts of
reviews, made from the sentences here, so that they agree with the filters and the labels of the reviews.
"""
import functools
import os
from typing import NamedTuple

import numpy as np

from flask_app.storage.file_times import changed
from metrics import aspect_coverage
from models.run_folder import aspect_profiles, aspect_tables, layout

POSITIVE, MIXED, NEGATIVE = POLARITIES = "positive", "mixed", "negative"
SURE = .6  # probability of praise from which a polarity is positive; from 1 - SURE down it is negative
WISHED = 5  # reviews that a wish of a visitor counts as
KEPT, ITEMS = 2 ** 15, 512  # reviews whose sentences and opinions are kept; items whose counts are


class Sentence(NamedTuple):
    """One sentence of a review's text."""
    start: int  # first character
    end: int  # last character + 1
    aspect: int  # -1 where it speaks of none
    polarity: float  # 0..1, probability of praise


class Opinion(NamedTuple):
    """What one review says of one aspect."""
    aspect: int
    polarity: float  # 0..1, mean over the sentences that speak of the aspect

    @property
    def label(self):
        """One of POLARITIES."""
        return label_of(self.polarity)


class Tally(NamedTuple):
    """How many reviews speak of an aspect, and how."""
    aspect: int
    reviews: int  # that speak of it
    positive: int  # of these
    negative: int

    @property
    def thirds(self):
        """((one of POLARITIES, its number of reviews, the number of those before it))."""
        counts = self.positive, self.reviews - self.positive - self.negative, self.negative
        return tuple((polarity, count, sum(counts[:place]))
                     for place, (polarity, count) in enumerate(zip(POLARITIES, counts)))


class Interest(NamedTuple):
    """How much one shopper speaks of an aspect, or that a visitor wants or avoids it."""
    aspect: int
    weight: float = 1.  # 0..1: how much more often than the average shopper, 1 for the aspect where it is most
    mentions: int = 0  # own reviews that speak of it
    positive: float = 0.  # expected number of these that praise it
    reviews: int = 0  # own reviews with text
    is_wish: bool = False  # whether a visitor has chosen or written it
    is_avoided: bool = False  # whether that is to avoid it; for a shopper of the data it never is


class Aspects:
    """The aspects of a run. An aspect is named by its number 0..K-1 here, and by its code in addresses.

    Args:
      tables: `aspect_tables.Tables`.
    """

    def __init__(self, tables):
        # views: rows of a memory map are slow to take
        self.tables = tables = tables._replace(**{
            name: np.asarray(getattr(tables, name)) for name in aspect_tables.ARRAYS})
        self.all = tables.aspects  # of aspect_tables.Aspect: code, name, words
        self.number_of = {aspect.code: number for number, aspect in enumerate(self.all)}
        self.largest = tables.word_aspect.max(0)  # [K] the largest score that one word has for each aspect
        self._averages = aspect_profiles.averages(tables)
        self.sentences = functools.lru_cache(KEPT)(self._sentences)
        self.opinions = functools.lru_cache(KEPT)(self._opinions)
        self._tally = functools.lru_cache(ITEMS)(self._read_tally)
        self._marks = functools.lru_cache(ITEMS)(self._read_marks)

    def name(self, aspect):
        """The name of an aspect."""
        return self.all[aspect].name

    def _sentences(self, review):
        """The Sentences of a review by its row, in order; () for a row that the tables lack."""
        start = self.tables.sentence_start
        if not 0 < review < len(start) - 1:
            return ()
        part = slice(int(start[review]), int(start[review + 1]))
        columns = (self.tables.sentence_span[part], self.tables.sentence_aspect[part],
                   self.tables.sentence_polarity[part])
        return tuple(Sentence(first, last, aspect, polarity)
                     for (first, last), aspect, polarity in zip(*(column.tolist() for column in columns)))

    def _opinions(self, review):
        """The Opinions of a review by its row, by number of the aspect; () for a row that the tables lack."""
        if not 0 < review < len(self.tables.sentence_start) - 1:
            return ()
        return tuple(Opinion(*pair) for pair in sorted(aspect_profiles.of_review(self.tables, review).items()))

    def tally(self, reviews):
        """{aspect: Tally} over some reviews, by their rows; aspects that none speaks of are left out."""
        return self._tally(frozenset(reviews))

    def _read_tally(self, reviews):
        labels = {}
        for review in reviews:
            for opinion in self.opinions(review):
                labels.setdefault(opinion.aspect, []).append(opinion.label)
        return {aspect: Tally(aspect, len(given), given.count(POSITIVE), given.count(NEGATIVE))
                for aspect, given in sorted(labels.items())}

    def marks(self, reviews):
        """What reviews speak of and how [len(reviews), 2K] bool, by their rows; see `metrics.aspect_coverage`."""
        rows, marks = self._marks(frozenset(reviews))
        return marks[np.searchsorted(rows, reviews)]

    def _read_marks(self, reviews):
        """(rows of some reviews, rising; their marks)."""
        rows = np.array(sorted(reviews), int)
        marks = np.zeros((len(rows), 2 * len(self.all)), bool)
        for place, review in enumerate(rows.tolist()):
            for opinion in self.opinions(review):
                marks[place, opinion.aspect + (0 if opinion.polarity >= .5 else len(self.all))] = True
        return rows, marks

    def chances(self, interests, item):
        """How likely the one who looks is to speak of each mark [2K] of an item; see `metrics.aspect_coverage`.

        Args:
          interests: {aspect: interest}; an interest without reviews, which is a wish, counts as WISHED reviews that
            all speak of the aspect.
          item: row.
        """
        mentions = np.zeros(len(self.all))
        for aspect, interest in interests.items():
            mentions[aspect] = interest.mentions if interest.reviews else WISHED
        tables, known = self.tables, item < len(self.tables.item_reviews)
        praise = mentions * self._averages[1]  # of a wish: as others do
        for aspect, interest in interests.items():
            praise[aspect] = interest.positive if interest.reviews else praise[aspect]
        reviews = max([interest.reviews for interest in interests.values()], default=0) or WISHED
        return aspect_coverage.chances(
            mentions, reviews, tables.item_mentions[item] if known else 0 * mentions,
            tables.item_praise[item] if known else 0 * mentions, int(tables.item_reviews[item]) if known else 0,
            self._averages, praise)

    def interests(self, user):
        """The Interests of a shopper by row, for all aspects, by number; () for a row that the tables lack.

        The weight is how much larger the share of the shopper's reviews that speak of the aspect is than that of all
        reviews, as `aspect_profiles.of_counts` estimates it, divided by the largest; 0 where it is not larger.
        """
        if not 0 <= user < len(self.tables.user_reviews):
            return ()
        profile = aspect_profiles.of_user(self.tables, user, self._averages)
        excess = np.maximum(self._averages[0] * (profile.lift - 1), 0)
        weights = excess / max(excess.max(initial=0), 1e-12)
        return tuple(Interest(aspect, weight, int(mentions), positive, profile.reviews)
                     for aspect, (weight, mentions, positive) in enumerate(zip(
                         weights.tolist(), profile.mentions.tolist(), self.tables.user_praise[user].tolist())))


def label_of(polarity):
    """One of POLARITIES for a probability of praise."""
    return POSITIVE if polarity >= SURE else NEGATIVE if polarity <= 1 - SURE else MIXED


def of_run(run_folder):
    """The Aspects of a run; None where it has no tables, or they cannot be used, which is logged once."""
    path = os.path.join(layout.aspects_of(run_folder), aspect_tables.RECORD) if run_folder else ""
    return _read(run_folder, changed(path)) if changed(path) else None


@functools.lru_cache(maxsize=4)
def _read(run_folder, _stamp):
    tables = aspect_tables.load_or_none(run_folder)
    return tables and Aspects(tables)
