"""What an artefact needs of the words of a corpus, computed in pieces that fit into the memory."""
import numpy as np
from scipy import sparse

BLOCK = 8192  # reviews at a time


class TokenRows:
    """A table of word ids [n, L], 0 behind the end of a text, of which only the rows that are asked for are made.

    Args:
      corpus: `Corpus`.
      ids: [W] int32, the word id of each word of the corpus.
      length: `L`, words kept of a text.
      rows: [n] reviews of the corpus; -1 is a row without words.
    """
    dtype = np.dtype(np.int32)

    def __init__(self, corpus, ids, length, rows):
        self._corpus, self._ids, self._length, self._rows = corpus, ids, length, rows

    @property
    def shape(self):
        """(n, L)."""
        return len(self._rows), self._length

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, key):
        """The int32 table of rows, chosen as in an array of one dimension; one row for one number."""
        chosen = self._rows[key]
        rows = np.atleast_1d(chosen)
        is_review = rows >= 0
        numbers, kept = self._corpus.numbers(rows[is_review], self._length)
        lengths = np.zeros(len(rows), np.int64)
        lengths[is_review] = kept
        table = np.zeros((len(rows), self._length), self.dtype)
        table[np.arange(self._length) < lengths[:, None]] = self._ids[numbers]
        return table if np.ndim(chosen) else table[0]

    def __array__(self, dtype=None, copy=None):
        return self[:].astype(dtype or self.dtype, copy=False)

    def of(self, rows):
        """The table of some of its rows, by their numbers [k]."""
        return TokenRows(self._corpus, self._ids, self._length, self._rows[rows])

    def sample(self, most, seed):
        """The table of at most `most` of its rows, drawn by the seed, in their order."""
        if len(self) <= most:
            return self
        return self.of(np.sort(np.random.RandomState(seed).permutation(len(self))[:most]))


def pieces(table):
    """Yields the rows of a table [n, L], BLOCK of them at a time."""
    for start in range(0, len(table), BLOCK):
        yield table[start:start + BLOCK]


def save(path, table):
    """Writes an array, or a `TokenRows` in pieces: the same bytes as `numpy.save` of the whole. Raises OSError."""
    if isinstance(table, np.ndarray):
        np.save(path, table, allow_pickle=False)
        return
    with open(path, "wb") as out:
        np.lib.format.write_array_header_1_0(out, {
            "descr": np.lib.format.dtype_to_descr(table.dtype), "fortran_order": False, "shape": table.shape})
        for piece in pieces(table):
            out.write(piece.tobytes())


class Documents:
    """Reviews as lists of words. It may be iterated over again and again, and has a length.

    Args:
      corpus: `Corpus`.
      rows: [n] reviews.
    """

    def __init__(self, corpus, rows):
        self._corpus, self._rows = corpus, rows

    def __len__(self):
        return len(self._rows)

    @property
    def size(self):
        """The number of words of all reviews."""
        return int(self._corpus.lengths[self._rows].sum())

    def sample(self, most, seed):
        """Some of these reviews, drawn by the seed, with at most `most` words in all, in the same order."""
        if self.size <= most:
            return self
        order = np.random.RandomState(seed).permutation(len(self))
        chosen = order[np.cumsum(self._corpus.lengths[self._rows[order]]) <= most]
        return Documents(self._corpus, self._rows[np.sort(chosen)])

    def pieces(self):
        """Yields (numbers of words [m], words of each review [k]), some reviews at a time."""
        for rows in pieces(self._rows):
            yield self._corpus.numbers(rows)

    def __iter__(self):
        words = self._corpus.words
        for numbers, lengths in self.pieces():
            ends, numbers = np.cumsum(lengths).tolist(), numbers.tolist()
            for first, end in zip([0] + ends, ends):
                yield [words[number] for number in numbers[first:end]]


def document_frequency(corpus, rows):
    """[W] int64: the number of the reviews `rows` [n] in which each word of the corpus occurs."""
    counts = np.zeros(len(corpus.words), np.int64)
    for numbers, lengths in Documents(corpus, rows).pieces():
        ends = np.append(0, np.cumsum(lengths))
        marks = np.ones(len(numbers), np.int8)
        bags = sparse.csr_matrix((marks, numbers.copy(), ends), shape=(len(lengths), len(counts)))
        bags.sum_duplicates()
        counts += np.bincount(bags.indices, minlength=len(counts))
    return counts
