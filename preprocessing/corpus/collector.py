"""Takes reviews one by one, splits their texts into words, and gives the `Corpus` of all of them."""
import hashlib
import re
from array import array
from typing import NamedTuple

import numpy as np

from preprocessing.corpus import repeated, spool
from preprocessing.corpus.numbered import NO_TIME, Corpus
from preprocessing.tokenise import Published

LONG_TEXT = 60  # characters from which on an equal text is no coincidence
COLUMNS = {"user": "i", "item": "i", "rating": "d", "time": "q", "helpful": "i", "has_text": "b", "digest": "q",
           "other_letters": "i"}
TYPES = {"has_text": np.bool_}
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z]")


class Part(NamedTuple):
    """The reviews of a `Collector`, in a form that can be sent to another process."""
    ids: tuple  # (users, items, words): each a tuple, in the order of the first appearance
    columns: dict  # {name of COLUMNS: [n] array}; users and items are places in `ids`
    words: tuple  # content of `spool.NumberRows`; words are places in `ids`
    texts: tuple  # content of `spool.Texts`


class _Numbers(dict):
    """{key: its number}, from 0 in the order of the first appearance."""

    def __missing__(self, key):
        number = self[key] = len(self)
        return number


class Collector:
    """Collects reviews.

    Args:
      tokeniser: the rule of words, one of `tokenise.TOKENISERS`; None: texts are not split into words.
      folder: where words and texts are kept in files without a name; None: the folder for temporary files.
    """

    def __init__(self, tokeniser=None, folder=None):
        self._tokeniser = tokeniser
        self._users, self._items, self._words = _Numbers(), _Numbers(), _Numbers()
        self._columns = {name: array(code) for name, code in COLUMNS.items()}
        self._words_of_rows, self._texts = spool.NumberRows(folder), spool.Texts(folder)

    def __len__(self):
        return len(self._columns["user"])

    def add(self, review):
        """Adds a `Review`. Raises UserError where the files cannot be written."""
        text, columns = review.text, self._columns
        words = self._tokeniser.words(text) if self._tokeniser and text else []
        numbers = self._words
        self._words_of_rows.append([numbers[word] for word in words])
        self._texts.append([text, review.summary, review.time, review.helpful_up, review.helpful_total])
        columns["user"].append(self._users[review.user_id])
        columns["item"].append(self._items[review.item_id])
        columns["rating"].append(review.rating)
        columns["time"].append(NO_TIME if review.time is None else review.time)
        columns["helpful"].append(review.helpful_up or 0)
        columns["has_text"].append(bool(text))
        columns["digest"].append(_digest(text) if len(text) >= LONG_TEXT else 0)
        # only the published rule leaves letters out
        columns["other_letters"].append(len(_OTHER_LETTER.findall(text)) if self._tokeniser is Published else 0)

    def part(self):
        """The `Part` of the reviews so far. Ends collecting."""
        self._words_of_rows.close()
        self._texts.close()
        return Part(tuple(map(tuple, (self._users, self._items, self._words))),
                    {name: self._column(name) for name in COLUMNS},
                    self._words_of_rows.content(), self._texts.content())

    def extend(self, part):
        """Adds the reviews of a `Part`: the same as to add one after the other. Raises UserError as `add`."""
        users, items, words = (
            np.fromiter((numbers[key] for key in keys), np.int32, len(keys))
            for numbers, keys in zip((self._users, self._items, self._words), part.ids))
        columns = dict(part.columns, user=users[part.columns["user"]], item=items[part.columns["item"]])
        for name, column in columns.items():
            self._columns[name].frombytes(column.tobytes())
        numbers, lengths = part.words
        self._words_of_rows.extend(words[numbers], lengths)
        self._texts.extend(*part.texts)

    def kept(self, is_last):
        """The `repeated.Kept` of the reviews so far."""
        time = self._column("time")
        return repeated.kept(self._column("user"), self._column("item"), np.maximum(time, 0), is_last)

    def corpus(self, rows=None):
        """The `Corpus` of the reviews `rows` [n]; None: of all. Ends collecting."""
        self._words_of_rows.close()
        self._texts.close()
        ids = tuple(tuple(numbers) for numbers in (self._users, self._items, self._words))
        self._users = self._items = self._words = None
        columns = {name: self._column(name) for name in COLUMNS}
        self._columns = None
        return Corpus(ids, self._tokeniser, columns, self._words_of_rows, self._texts,
                      np.arange(len(columns["user"])) if rows is None else rows)

    def _column(self, name):
        column = np.frombuffer(self._columns[name], self._columns[name].typecode)
        return column.view(TYPES.get(name, column.dtype))


def of(reviews, tokeniser=None):
    """The `Corpus` of reviews, an iterable of `Review`."""
    collector = Collector(tokeniser)
    for review in reviews:
        collector.add(review)
    return collector.corpus()


def _digest(text):
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "little", signed=True) or 1
