"""The corpus that preprocessing works on: its reviews as numbers, their words and texts in files."""
import numpy as np

from preprocessing.reading.records import Review

NO_TIME = -1


class Corpus:
    """Reviews in the order of the raw file. It has a length, `corpus[row]` is a `Review`, and iterating over it
    gives one after the other.

    Attributes:
      user_ids, item_ids: ids of users and items, numbered in the order of their first appearance.
      words: all words, numbered likewise.
      tokeniser: their rule, one of `tokenise.TOKENISERS`; None: the texts were not split into words.
      user, item: [n] int32 numbers.
      rating: [n] float64.
      time: [n] int64 seconds since 1970, NO_TIME where there is none.
      helpful: [n] int32 helpful votes.
      has_text: [n] bool.
      digest: [n] int64, equal for equal long texts (see `collector.LONG_TEXT`), 0 for short ones.
      other_letters: [n] int32, letters outside of the words, where the tokeniser does not read every script.
      lengths: [n] int64 words of the whole text.
    """

    def __init__(self, ids, tokeniser, columns, words_of_rows, texts, rows):
        """Args:
          ids: (user_ids, item_ids, words).
          tokeniser: see above.
          columns: {name of an attribute: [m] array} of all rows that were read.
          words_of_rows, texts: `spool.NumberRows` and `spool.Texts` of the m rows.
          rows: [n] the rows that are kept.
        """
        self.user_ids, self.item_ids, self.words = ids
        self.tokeniser = tokeniser
        self._rows, self._words_of_rows, self._texts = rows, words_of_rows, texts
        for name in list(columns):
            column = columns.pop(name)
            setattr(self, name, column if len(rows) == len(column) else column[rows])
        self.lengths = words_of_rows.lengths[rows].astype(np.int64)

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, row):
        return self._review(self._rows[row], self.user[row], self.item[row], float(self.rating[row]))

    def __iter__(self):
        return map(self._review, self._rows.tolist(), self.user.tolist(), self.item.tolist(), self.rating.tolist())

    def _review(self, row, user, item, rating):
        text, summary, time, helpful_up, helpful_total = self._texts.read(row)
        return Review(self.user_ids[user], self.item_ids[item], rating, text, summary, time, helpful_up, helpful_total)

    def numbers(self, rows, most=None):
        """(numbers of words [m] int32, lengths [k]) of the reviews `rows` [k], the first `most` words of each."""
        return self._words_of_rows.read(self._rows[rows], most)
