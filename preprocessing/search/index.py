"""The index by which the shop searches a large catalogue: an inverted index of folded words, in SQLite.

A word is what stands between white space in a folded text (`preprocessing/folding.py`). A query has no white space
inside its words, so a text holds a word of a query, as a part of any of its words, where one of the text's words does:
the vocabulary is read through for words that hold the query's word, and their lists name the reviews or the items. The
result is exactly that of a look at each text (Zobel & Moffat, "Inverted files for text search engines", 2006).

All numbers are int32, little-endian. Tables:

    search_words    the distinct words by falling count, in blocks: `words` in UTF-8, each with a line feed before and
                    after it; `number` and `count` of each. The count is that of its reviews and its titles together.
    search_reviews  for words by number: rows of training reviews with the word in text, summary or title of the item,
                    rising. The lists of a word lie in several rows of the table, in the order of their `rowid`.
    search_titles   the same for rows of items with the word in their title
    search_columns  `item` and `user` of each review by its row, from row 0; `count`, the training reviews of each item
    search_items    folded ids of the items; `search_users` those of users, with their number of training reviews
"""
import array
import itertools

import numpy as np

from preprocessing.folding import fold

NUMBER = "<i4"
BLOCK = 2 ** 16  # words of a row of search_words
HELD = 2 ** 22  # pairs of a word and a text that are sorted at a time
READ = 1000  # texts that are read at a time

SCHEMA = """
CREATE TABLE search_words (block INTEGER PRIMARY KEY, words BLOB NOT NULL, number BLOB NOT NULL, count BLOB NOT NULL);
CREATE TABLE search_reviews (word INTEGER NOT NULL, rows BLOB NOT NULL);
CREATE TABLE search_titles (word INTEGER NOT NULL, rows BLOB NOT NULL);
CREATE TABLE search_columns (name TEXT PRIMARY KEY, numbers BLOB NOT NULL);
CREATE TABLE search_items (id TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (id, item)) WITHOUT ROWID;
CREATE TABLE search_users (id TEXT NOT NULL, user INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (id, user))
                          WITHOUT ROWID;
"""
# Of a line each: text, summary and title. Of a review that is held out nothing is read.
_REVIEWS = """SELECT r.review, r.text, r.summary, i.title FROM reviews r JOIN items i ON i.item = r.item
              WHERE r.split = 'train' ORDER BY r.review"""
_TITLES = "SELECT item, title FROM items WHERE title > '' ORDER BY item"


def write(connection):
    """Writes the index of the tables `items`, `users` and `reviews`, with the function `fold`. Raises sqlite3.Error.

    Memory: that of the distinct words, and 100 MB.
    """
    connection.executescript(SCHEMA)
    numbers, counts = {}, _Counts()
    for table, query in (("search_reviews", _REVIEWS), ("search_titles", _TITLES)):
        _write_lists(connection, table, query, numbers, counts)
    _write_words(connection, list(numbers), counts.of(len(numbers)))
    _write_columns(connection)
    connection.execute("INSERT INTO search_items SELECT fold(item_id), item FROM items ORDER BY 1, 2")
    connection.execute("INSERT INTO search_users SELECT fold(user_id), user, rating_count FROM users ORDER BY 1, 2")


class _Counts:
    """The number of texts of each word."""

    def __init__(self):
        self._counts = np.zeros(0, np.int64)

    def add(self, words):
        new = np.bincount(words, minlength=len(self._counts))
        new[:len(self._counts)] += self._counts
        self._counts = new

    def of(self, words):
        return np.pad(self._counts, (0, words - len(self._counts)), "constant")


def _write_lists(connection, table, query, numbers, counts):
    """Writes the lists of the words of some texts; new words get the next of the `numbers` {word: number}."""
    words, rows = array.array("i"), array.array("i")
    reading = connection.execute(query)
    for texts in iter(lambda: reading.fetchmany(READ), []):
        for row, *parts in texts:
            found = dict.fromkeys(fold("\n".join(part for part in parts if part)).split())  # in order
            words.extend([numbers.setdefault(word, len(numbers)) for word in found])
            rows.extend(itertools.repeat(row, len(found)))
        if len(words) > HELD:
            _write_sorted(connection, table, words, rows, counts)
            words, rows = array.array("i"), array.array("i")
    if words:
        _write_sorted(connection, table, words, rows, counts)
    connection.execute(f"CREATE INDEX {table}_of_word ON {table} (word)")


def _write_sorted(connection, table, words, rows, counts):
    """Writes a list of each of the words [n] of texts in these rows [n], rising."""
    words, rows = (np.frombuffer(values, np.intc) for values in (words, rows))
    order = np.argsort(words, kind="stable")
    words, rows = words[order], rows[order].astype(NUMBER)
    start = np.flatnonzero(np.diff(words, prepend=-1))
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", (
        (word, part.tobytes()) for word, part in zip(words[start].tolist(), np.split(rows, start[1:]))))
    counts.add(words)


def _write_words(connection, words, counts):
    """Writes the words [V] by falling count; those of equal count in the order of their numbers."""
    order = np.argsort(-counts, kind="stable")
    for block in range(0, len(order), BLOCK):
        number = order[block:block + BLOCK]
        text = "\n".join([""] + [words[word] for word in number.tolist()] + [""])
        connection.execute("INSERT INTO search_words VALUES (?, ?, ?, ?)", (
            block, text.encode(), *(part.astype(NUMBER).tobytes() for part in (number, counts[number]))))


def _write_columns(connection):
    """Writes the columns of reviews and items whose rows are looked up many at a time."""
    for name, table, row, column in (("item", "reviews", "review", "item"), ("user", "reviews", "review", "user"),
                                     ("count", "items", "item", "rating_count")):
        size = 1 + (connection.execute(f"SELECT MAX({row}) FROM {table}").fetchone()[0] or 0)
        values = np.zeros(size, NUMBER)
        reading = connection.execute(f"SELECT {row}, {column} FROM {table} ORDER BY {row}")
        for pairs in iter(lambda: reading.fetchmany(BLOCK), []):
            pairs = np.array(pairs, np.int64)
            values[pairs[:, 0]] = pairs[:, 1]
        connection.execute("INSERT INTO search_columns VALUES (?, ?)", (name, values.tobytes()))
