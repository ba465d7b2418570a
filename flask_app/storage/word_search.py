"""Finds the training reviews and the titles of a catalogue that hold words, by its index (`preprocessing/search/`).

Words are folded, and without white space. A text holds a word as a part of any of its own words. An item or a review
of it also matches a word that is the item's whole id.

A part of a word that is as short as one letter is in most words of the vocabulary. Then the lists of its most frequent
words are read, of MOST_WORDS words and of MOST_LISTED texts at most, so that the time for an answer is bounded; a
single word is always looked up in full. Where these limits are not reached, the result is complete.
"""
import numpy as np

from preprocessing.search.index import NUMBER

MOST_WORDS = 2000  # words of the vocabulary that hold a word of the query
MOST_LISTED = 2 ** 21  # texts that hold them, each word's by itself
UNTITLED = "SELECT item FROM items WHERE title IS NULL OR title = ''"
MISSING = "item"  # how the title of an item without a title begins where it is shown


class WordSearch:
    """The index of a catalogue; `connection` is an open one."""

    def __init__(self, connection):
        self._connection = connection

    def column(self, name):
        """Returns the item or the user of each review by its row, or the number of training reviews of each item.

        Args:
          name: "item", "user" or "count".
        """
        return np.frombuffer(self._connection.execute(
            "SELECT numbers FROM search_columns WHERE name = ?", (name,)).fetchone()[0], NUMBER)

    def reviews(self, words):
        """Returns the rows of the training reviews that hold all of some words, one at least, rising."""
        return self._holding(words, "search_reviews", len(self.column("item")), """
            SELECT r.review FROM search_items s JOIN reviews r ON r.item = s.item
            WHERE s.id = ? AND r.split = 'train'""")

    def titled(self, words, as_shown=False):
        """Returns the rows of the items with all words in the title, rising.

        Args:
          words: list of folded words.
          as_shown: whether an item without a title is called MISSING.
        """
        return self._holding(words, "search_titles", len(self.column("count")),
                             "SELECT item FROM search_items WHERE id = ?", MISSING if as_shown else "")

    def users(self, beginning, limit):
        """Returns the rows of users whose folded id begins with a text, those with the most training reviews first."""
        return [user for user, in self._connection.execute(
            "SELECT user FROM search_users WHERE id >= ? AND id < ? || char(1114111) ORDER BY count DESC, user LIMIT ?",
            (beginning, beginning, limit))]

    def _holding(self, words, table, size, of_id, missing=""):
        """Returns the rows below `size` of the texts of a table that hold all words.

        Args:
          of_id: query for the rows that match a word by the id of the item.
          missing: the text of an item without a title.
        """
        holding = np.ones(size, bool)
        for word in words:
            found = np.zeros(size, bool)
            for number in self._numbers(word):
                for rows, in self._connection.execute(f"SELECT rows FROM {table} WHERE word = ?", (number,)):
                    found[np.frombuffer(rows, NUMBER)] = True
            found[[row for row, in self._connection.execute(of_id, (word,))]] = True
            if word in missing:
                found[[row for row, in self._connection.execute(UNTITLED)]] = True
            holding &= found
        return np.flatnonzero(holding)

    def _numbers(self, word):
        """Returns the numbers of the words that hold a word, by falling count, within the limits of this module."""
        found, listed, sought = [], 0, word.encode()
        for words, number, count in self._connection.execute(
                "SELECT words, number, count FROM search_words ORDER BY block"):
            number, count = np.frombuffer(number, NUMBER), np.frombuffer(count, NUMBER)
            place, last, line = words.find(sought), 0, -1
            while place >= 0:
                line += words.count(b"\n", last, place)
                if found and listed + count[line] > MOST_LISTED:
                    return found
                found.append(int(number[line]))
                listed += int(count[line])
                if len(found) == MOST_WORDS:
                    return found
                last, place = place, words.find(sought, words.find(b"\n", place))
        return found
