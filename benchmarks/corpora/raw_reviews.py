"""Raw files of artificial reviews with the sizes of real corpora, to measure what preprocessing costs.

Users, items and lengths of texts follow `shapes.py`; the words follow the same Zipf-Mandelbrot law over a vocabulary
that grows with the corpus by Heaps' law, as in real text, also beyond the words that occur twice.
"""
import gzip
import json
import os

import numpy as np

from benchmarks import shapes

SHAPE = shapes.SHAPES["toys"]
ONCE = 2  # times as many words as those of the vocabulary of a shape, which occur in two training reviews or more
BLOCK = 8192  # reviews at a time, to bound the memory
REPEATED = 997  # every so many reviews, one is by the same user on the same item as the one before
EMPTY = 499  # every so many reviews, one has no text


def write(path, reviews, seed=2017):
    """Writes a gzip file of JSON lines in the layout of Amazon 2014, whole or not at all; the same arguments give the
    same records.

    Args:
      path: the file.
      reviews: number of records.
      seed: seed of all random numbers.
    """
    random, shape = np.random.RandomState(seed), shapes.scaled(SHAPE, reviews / SHAPE.reviews)
    user, item = (shapes.owners(random, reviews, count) for count in (shape.users, shape.items))
    rating = random.choice(shapes.STARS, reviews, p=shapes.STARS_SHARE)
    words = [word_of(number) for number in range(ONCE * shape.vocabulary)]
    bounds = np.cumsum((np.arange(len(words)) + 1 + shapes.ZIPF_SHIFT) ** -shapes.ZIPF_EXPONENT)
    draft = path + ".new"
    with gzip.open(draft, "wt", 1, encoding="utf-8") as out:
        for start in range(0, reviews, BLOCK):
            rows = range(start, min(reviews, start + BLOCK))
            for row, text in zip(rows, _texts(random, len(rows), shape, words, bounds / bounds[-1])):
                pair = row - (row % REPEATED == REPEATED - 1)
                out.write(json.dumps({
                    "reviewerID": f"A{user[pair]:07d}", "asin": f"B{item[pair]:07d}", "overall": float(rating[row]),
                    "reviewText": "" if row % EMPTY == EMPTY - 1 else text, "summary": text[:30],
                    "unixReviewTime": 1300000000 + 60 * (row % 10 ** 6), "helpful": [row % 3, row % 5]}) + "\n")
    os.rename(draft, path)


def word_of(number):
    """The word of a number from 0 on, in letters a to z."""
    letters = ""
    number += 26  # two letters or more
    while number:
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _texts(random, count, shape, words, bounds):
    """Yields texts whose 90th percentile of words is the cap of the shape."""
    median = shape.words / np.exp(1.2816 * shapes.LENGTH_SPREAD)
    ends = np.cumsum(np.maximum(1, random.lognormal(np.log(median), shapes.LENGTH_SPREAD, count)).astype(int))
    numbers = np.minimum(np.searchsorted(bounds, random.random_sample(ends[-1])), len(words) - 1).tolist()
    start = 0
    for end in ends.tolist():
        yield " ".join([words[number] for number in numbers[start:end]])
        start = end
