"""Artificial corpora with the sizes of real ones, to measure cost; their texts have no meaning.

Words follow the Zipf-Mandelbrot law (Mandelbrot, 1953), lengths are log-normal, and a few users and items have most of
the reviews, as in real shops. The constants were chosen to match Amazon Musical Instruments (2014 5-core).
"""
from typing import NamedTuple

import numpy as np

from preprocessing import artefact as contract
from preprocessing.bag import tfidf

MIN_REVIEWS = 5  # of every user and item: a 5-core
OF_GENRE = .7, .3  # shares of the reviews by users of the item's genre, and of the words that are those of the genre
ZIPF_EXPONENT, ZIPF_SHIFT = 1.2, 4.
HEAPS_EXPONENT = .63  # a corpus with n times the reviews has n^.63 times the vocabulary
LENGTH_SPREAD = 1.  # standard deviation of ln(words): the median is the 90th percentile / 3.6
POPULARITY_SPREAD = 1.25  # standard deviation of ln(reviews beyond MIN_REVIEWS)
STARS, STARS_SHARE = (1, 2, 3, 4, 5), (.03, .04, .10, .23, .60)


class Shape(NamedTuple):
    """Sizes of a corpus. Reviews are cut at the 90th percentile of lengths, as in preprocessing."""
    reviews: int  # N
    users: int  # U
    items: int  # I
    user_slots: int  # R_user
    item_slots: int  # R_item
    words: int  # L
    vocabulary: int  # V
    word_dim: int = 300  # E
    topics: int = 128  # D
    genres: int = 1  # kinds of items, with words and users of their own
    least: int = MIN_REVIEWS  # of every user and item
    popularity: float = POPULARITY_SPREAD


SHAPES = {
    "toys": Shape(167597, 19412, 11924, 11, 23, 224, 57000),  # Amazon Toys & Games
    "million": Shape(2000000, 222222, 1000000, 16, 32, 16, 20000, 32, 64, genres=64, least=1, popularity=.8),  # items
    "instruments": Shape(10261, 1429, 900, 9, 16, 199, 9714),  # Amazon Musical Instruments
}


def scaled(shape, factor, same_words=False):
    """Returns the shape with `factor` times the reviews, users and items; reviews per user and their lengths stay.

    The vocabulary grows by Heaps' law, or stays as it is with `same_words`.
    """
    growth = 1 if same_words else factor ** HEAPS_EXPONENT
    return shape._replace(
        reviews=int(shape.reviews * factor), users=max(1, int(shape.users * factor)),
        items=max(1, int(shape.items * factor)), vocabulary=max(8, int(shape.vocabulary * growth)))


def letters(word):
    """Returns the word of a word id: its digits as letters, since the tokeniser reads letters only."""
    return "".join(chr(97 + int(digit)) for digit in str(word))


def build(shape, seed=2017):
    """Returns a checked Artefact of a shape, split 80 / 10 / 10; the same seed gives the same artefact."""
    random, n = np.random.RandomState(seed), shape.reviews
    review_user, review_item = (_with_empty(owners(random, n, count, shape.least, shape.popularity))
                                for count in (shape.users, shape.items))
    tokens, lengths = _texts(random, shape)
    if shape.genres > 1:
        _add_genres(random, shape, review_user[1:], review_item[1:], tokens[1:])
    rating = _with_empty(random.choice(STARS, n, p=STARS_SHARE)).astype(np.float32)
    parts = np.split(random.permutation(n).astype(np.int32) + 1, [int(.8 * n), int(.9 * n)])
    frequency = _document_frequency(tokens[parts[0]], shape.vocabulary)
    mean_bag = np.asarray(tfidf(tokens[parts[0]], frequency, len(parts[0])).mean(0), np.float32).ravel()
    draft = contract.Artefact(
        meta={}, review_tokens=tokens, review_length=lengths, review_user=review_user, review_item=review_item,
        review_rating=rating, review_time=_with_empty(1300000000 + np.arange(n)).astype(np.int64),
        review_helpful=_with_empty(random.poisson(1, n)), user_reviews=None, item_reviews=None,
        vocabulary=tuple(letters(word) for word in range(shape.vocabulary)),
        document_frequency=frequency,
        word_vectors=_table(random, shape.vocabulary, shape.word_dim),
        word_topics=_table(random, shape.vocabulary, shape.topics), mean_bag=mean_bag,
        **{name: contract.Split(review_user[rows], review_item[rows], rating[rows], rows)
           for name, rows in zip(contract.SPLITS, parts)})
    rows = contract.training_rows(draft)
    draft = draft._replace(
        user_reviews=contract.slots(review_user, rows, shape.users, shape.user_slots),
        item_reviews=contract.slots(review_item, rows, shape.items, shape.item_slots))
    return contract.check(draft._replace(meta=_meta(shape, draft, len(rows))))


def _meta(shape, artefact, training_reviews):
    sizes = {"U": shape.users, "I": shape.items, "N": shape.reviews, "R_user": shape.user_slots,
             "R_item": shape.item_slots, "L": shape.words, "V": shape.vocabulary, "E": shape.word_dim,
             "D": shape.topics}
    return {"format": contract.FORMAT, "name": "shape", "sizes": sizes, "training_reviews": training_reviews,
            "options": {"split": "random"}, "sources": [], "dropped": {}, "empty_texts": 0,
            "mean_rating": float(artefact.review_rating[1:].mean()),
            "splits": {name: len(getattr(artefact, name).user) for name in contract.SPLITS}}


def _with_empty(values):
    """Returns the values of reviews 1..N with a zero in front for the empty review, [N+1]."""
    return np.concatenate([[0], values]).astype(np.int32)


def owners(random, reviews, count, least=MIN_REVIEWS, spread=POPULARITY_SPREAD):
    """Returns the user (or item) of each review [N]: each `least` times if possible, the rest by popularity.

    Args:
      random: RandomState.
      reviews, count: N, and the number of users (or items).
      least: reviews of each.
      spread: standard deviation of ln(reviews beyond `least`).
    """
    core = np.repeat(np.arange(count), min(least, reviews // count))
    popularity = random.lognormal(0, spread, count)
    rest = random.choice(count, reviews - len(core), p=popularity / popularity.sum())
    return random.permutation(np.concatenate([core, rest]))


def _add_genres(random, shape, user, item, tokens):
    """Changes users [N] and tokens [N, L] in place: item and user i are of genre i mod `genres`.

    Where a word becomes one of the genre, frequent words become frequent words of it.
    """
    matched = np.flatnonzero(random.random_sample(len(user)) < OF_GENRE[0])
    by_user, by_item = (_by_genre(owner, matched, shape.genres) for owner in (user, item))
    shared = [min(map(len, both)) for both in zip(by_user, by_item)]
    giving, taking = (np.concatenate([rows[:count] for rows, count in zip(groups, shared)]
                                     + [rows[count:] for rows, count in zip(groups, shared)])
                      for groups in (by_user, by_item))
    user[taking] = user[giving]
    changed = (random.random_sample(tokens.shape) < OF_GENRE[1]) & (tokens > contract.UNKNOWN)
    genre = np.broadcast_to((item % shape.genres)[:, np.newaxis], tokens.shape)[changed]
    first = contract.UNKNOWN + 1
    tokens[changed] = first + (tokens[changed] * shape.genres + genre) % (shape.vocabulary - first)


def _by_genre(owner, rows, genres):
    """Returns the rows of each genre: a list of arrays."""
    genre = owner[rows] % genres
    order = np.argsort(genre, kind="stable")
    return np.split(rows[order], np.cumsum(np.bincount(genre, minlength=genres))[:-1])


def _texts(random, shape):
    """Returns (tokens [N+1, L], lengths [N+1])."""
    median = shape.words / np.exp(1.2816 * LENGTH_SPREAD)
    lengths = random.lognormal(np.log(median), LENGTH_SPREAD, shape.reviews)
    lengths = _with_empty(np.clip(lengths, 1, shape.words))
    real = np.arange(shape.words) < lengths[:, None]
    odds = (np.arange(1, shape.vocabulary) + ZIPF_SHIFT) ** -ZIPF_EXPONENT  # words 1.., 1 is UNKNOWN
    tokens = np.zeros(real.shape, np.int32)
    bounds = np.cumsum(odds / odds.sum())
    tokens[real] = np.minimum(np.searchsorted(bounds, random.random_sample(lengths.sum())),
                              shape.vocabulary - 2) + 1
    return tokens, lengths


def _document_frequency(tokens, vocabulary):
    """Returns the number of reviews that contain each word, [V]."""
    ordered = np.sort(tokens, 1)
    first = np.diff(ordered, axis=1, prepend=contract.PADDING) > 0
    frequency = np.bincount(ordered[first], minlength=vocabulary)
    frequency[contract.PADDING], frequency[contract.UNKNOWN] = 0, 1
    return frequency.astype(np.int32)


def _table(random, words, dim):
    table = random.standard_normal((words, dim)).astype(np.float32) / np.float32(np.sqrt(dim))
    table[contract.PADDING] = 0
    return table
