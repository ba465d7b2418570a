"""The catalogue: items, users and reviews with their texts, in SQLite. The shop and the analyses read it.

Rows carry the numbers of the artefact: `user` and `item` from 0, `review` from 1. A column that the raw files do not
give is NULL; an empty review text is ''. `split` is 'train', 'validation' or 'test'; the shop shows training reviews
only. `rating_count` and `rating_mean` of users and items are those of their training rows. The tables of
`search/index.py` hold which words stand in which training reviews and titles.
"""
import os
import pathlib
import sqlite3

import numpy as np
from tqdm import tqdm

from preprocessing.artefact import SPLITS
from preprocessing.folding import fold
from preprocessing.reading.records import Item
from preprocessing.search import index
from runtime.cli import UserError

NAME = "catalogue.sqlite"
CACHE = 2 ** 16  # KiB of memory for the pages of a catalogue that is written

SCHEMA = """
CREATE TABLE items (item INTEGER PRIMARY KEY, item_id TEXT NOT NULL UNIQUE, title TEXT, price REAL, image TEXT,
                    category TEXT, brand TEXT, description TEXT, rating_count INTEGER NOT NULL, rating_mean REAL);
CREATE TABLE users (user INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, rating_count INTEGER NOT NULL,
                    rating_mean REAL);
CREATE TABLE reviews (review INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, item INTEGER NOT NULL
                      REFERENCES items, rating REAL NOT NULL, summary TEXT, text TEXT NOT NULL, time INTEGER,
                      helpful_up INTEGER, helpful_total INTEGER, split TEXT NOT NULL);
CREATE INDEX reviews_of_user ON reviews (user);
CREATE INDEX reviews_of_item ON reviews (item);
CREATE INDEX items_by_count ON items (rating_count DESC);
CREATE INDEX users_by_count ON users (rating_count DESC);
CREATE INDEX items_by_category ON items (category);
CREATE INDEX items_by_price ON items (price);
"""


def write(path, items, users, reviews):
    """Writes a new catalogue. Raises sqlite3.Error.

    Args:
      path: the file; it must not exist yet.
      items: iterable of rows (item, item_id, title, price, image, category, brand, description,
        rating_count, rating_mean).
      users: iterable of rows (user, user_id, rating_count, rating_mean).
      reviews: iterable of rows (review, user, item, rating, summary, text, time, helpful_up, helpful_total,
        split); `time` in seconds since 1970 UTC.
    """
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO items VALUES (?,?,?,?,?,?,?,?,?,?)", items)
        connection.executemany("INSERT INTO users VALUES (?,?,?,?)", users)
        connection.executemany("INSERT INTO reviews VALUES (?,?,?,?,?,?,?,?,?,?)", reviews)
        connection.create_function("fold", 1, fold)
        index.write(connection)
    connection.close()


def rows(artefact, corpus, items):
    """(items, users, reviews): iterators of the rows that `write` takes.

    Args:
      artefact: Artefact, whose splits the reviews belong to.
      corpus: the `Corpus` from which it was built.
      items: {item_id: Item}.
    """
    kind = np.zeros(len(corpus) + 1, np.int8)  # of each review: the number of its split
    for number, name in enumerate(SPLITS):
        kind[getattr(artefact, name).review] = number

    def counts_and_means(owner, count):  # of training rows; the mean of no rows is None
        counted = np.bincount(owner, minlength=count)
        total = np.bincount(owner, artefact.train.rating, count)
        return ((n, stars / n if n else None) for n, stars in zip(counted.tolist(), total.tolist()))

    unknown = Item(None, None, None, None, None, None, None)
    item_rows = ((row, item_id) + tuple(items.get(item_id, unknown))[1:] + means for row, (item_id, means)
                 in enumerate(zip(corpus.item_ids, counts_and_means(artefact.train.item, len(corpus.item_ids)))))
    user_rows = ((row, user_id) + means for row, (user_id, means)
                 in enumerate(zip(corpus.user_ids, counts_and_means(artefact.train.user, len(corpus.user_ids)))))
    reviews = tqdm(corpus, "catalogue", unit="review", leave=False, disable=None)
    review_rows = ((row, user, item, review.rating, review.summary, review.text, review.time, review.helpful_up,
                    review.helpful_total, SPLITS[number]) for row, (user, item, number, review)
                   in enumerate(zip(corpus.user.tolist(), corpus.item.tolist(), kind[1:].tolist(), reviews), 1))
    return item_rows, user_rows, review_rows


def of(data_folder):
    """Opens the catalogue of an artefact's folder for reading. Raises UserError if there is none, or it is damaged."""
    path = os.path.join(data_folder, NAME)
    try:
        connection = connect(path)
        connection.execute("SELECT review FROM reviews LIMIT 1")
        return connection
    except FileNotFoundError as error:
        raise UserError(f"{path}: no catalogue there; preprocess again") from error
    except sqlite3.Error as error:
        raise damaged(data_folder, error) from error


def damaged(data_folder, error):
    """Returns the UserError of a catalogue that sqlite cannot read."""
    return UserError(f"{os.path.join(data_folder, NAME)}: not a catalogue, or damaged ({error}); preprocess again")


def user_ids(connection):
    """Returns the raw ids of the users of an open catalogue, by their rows."""
    return tuple(row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user"))


def item_ids(connection):
    """Returns the raw ids of the items of an open catalogue, by their rows."""
    return tuple(row[0] for row in connection.execute("SELECT item_id FROM items ORDER BY item"))


def connect(path):
    """Opens a catalogue file for reading; rows are `sqlite3.Row`. Raises FileNotFoundError if there is none."""
    if not os.path.isfile(path):
        raise FileNotFoundError(path)
    connection = sqlite3.connect(pathlib.Path(os.path.abspath(path)).as_uri() + "?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
