"""Finds by a look at each text what the `WordSearch` of `storage/word_search.py` finds: the oracle of its tests."""
import numpy as np

from flask_app.storage.word_search import MISSING
from preprocessing.folding import fold

COLUMNS = {"item": "SELECT review, item FROM reviews", "user": "SELECT review, user FROM reviews",
           "count": "SELECT item, rating_count FROM items"}


def has_words(words, item_id, *texts):
    """Whether each word of the folded text `words` is an item's id or in one of some texts; None holds nothing."""
    whole, name = "\n".join(fold(text) for text in texts if text), fold(item_id)
    return all(word == name or word in whole for word in words.split())


class TextScan:
    """The texts of a catalogue; `connection` is an open one."""

    def __init__(self, connection):
        self._connection = connection
        connection.create_function("fold", 1, fold)
        connection.create_function("has_words", -1, has_words)

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
