"""Small raw files and corpora for tests."""
import gzip
import json

import numpy as np

from preprocessing import pipeline
from preprocessing.corpus import collector
from preprocessing.reading.records import Review
from preprocessing.tokenise import TOKENISERS

SMALL = pipeline.Options(word_dim=5, topics=3, min_reviews=1)


def record(**fields):
    """A raw review with the given fields changed; a field of None is left out."""
    full = dict({"reviewerID": "A1", "asin": "B1", "overall": 4.0, "reviewText": "Sounds fine.",
                 "summary": "Fine", "unixReviewTime": 1400000000, "helpful": [2, 3]}, **fields)
    return {name: value for name, value in full.items() if value is not None}


def write_lines(path, lines, zipped=False):
    """Writes records (as JSON) or lines of text or bytes into a file; returns its path as text."""
    rows = [line if isinstance(line, (str, bytes)) else json.dumps(line) for line in lines]
    content = b"".join((row if isinstance(row, bytes) else row.encode("utf-8")) + b"\n"
                       for row in rows)
    with (gzip.open if zipped else open)(str(path), "wb") as out:
        out.write(content)
    return str(path)


def reviews(count=33, users=5, items=7, text=None):
    """Reviews of different pairs of users and items; `text` gives the text of each by its row."""
    words = "loud quiet strong weak cheap dear pretty plain fast slow".split()
    pairs = [(row % users, row % items) for row in range(count)]
    assert len(set(pairs)) == count  # true as users and items have no common divisor
    return [Review(f"u{user}", f"i{item}", 1. + row % 5,
                   text(row) if text
                   else " ".join(words[(row + step) % 10] for step in range(1 + row % 6)),
                   None, 1000 + 7 * row % 31, row % 3, 3) for row, (user, item) in enumerate(pairs)]


def corpus(rows, options=SMALL):
    """The `Corpus` of reviews, with words by the rule of the options."""
    return collector.of(rows, TOKENISERS[options.tokens])


def build(rows, options=SMALL):
    """The artefact of reviews, with all of its words in memory."""
    artefact = pipeline.build(corpus(rows, options), options, "small", [], {})
    return artefact._replace(review_tokens=np.asarray(artefact.review_tokens))


def write(rows, folder, options=SMALL, items=None):
    """Writes the artefact of reviews, as the command does."""
    read = corpus(rows, options)
    pipeline.write(pipeline.build(read, options, "small", [], {}), read, items or {}, str(folder))
