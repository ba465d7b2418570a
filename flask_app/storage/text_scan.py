"""Finds what `word_search.py` finds in a catalogue of an older version, which has no index, by a look at each text."""
import numpy as np

from flask_app.storage.word_search import MISSING
from flask_app.web.folding import has_words
from preprocessing import catalogue

COLUMNS = {"item": "SELECT review, item FROM reviews", "user": "SELECT review, user FROM reviews",
           "count": "SELECT item, rating_count FROM items"}


class TextScan:
    """The texts of a catalogue, with the methods of a `word_search.WordSearch`."""

    def __init__(self, connection):
        self._connection = catalogue.with_fold(connection)
        self._connection.create_function("has_words", -1, has_words)

    def column(self, name):
        pairs = np.array(self._connection.execute(COLUMNS[name]).fetchall(), np.int64).reshape(-1, 2)
        values = np.zeros(1 + pairs[:, 0].max(initial=0), np.int32)
        values[pairs[:, 0]] = pairs[:, 1]
        return values

    def reviews(self, words):
        return self._rows("""SELECT r.review FROM reviews r JOIN items i ON i.item = r.item WHERE r.split = 'train'
                             AND has_words(?, i.item_id, r.text, r.summary, i.title) ORDER BY 1""", words)

    def titled(self, words, as_shown=False):
        return self._rows("""SELECT item FROM items
                             WHERE has_words(?, item_id, COALESCE(NULLIF(title, ''), ?)) ORDER BY 1""",
                          words, MISSING if as_shown else None)

    def users(self, beginning, limit):
        return self._rows("""SELECT user FROM users WHERE substr(fold(user_id), 1, ?) = ?
                             ORDER BY rating_count DESC, user LIMIT ?""",
                          None, len(beginning), beginning, limit).tolist()

    def _rows(self, query, words, *values):
        values = ([] if words is None else [" ".join(words)]) + list(values)
        return np.array([row for row, in self._connection.execute(query, values)], np.int64)
