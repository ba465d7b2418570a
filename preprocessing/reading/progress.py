"""A bar on the terminal that shows how much of the raw files is read, and the time left."""
import os

from tqdm import tqdm

EVERY = 1024  # records between two updates


class Progress:
    """The bar, within a context.

    Args:
      title: what is read.
      paths: the files, in the order in which they are read.
      counts: the `tally.Tally` that knows the file that is open.
    """

    def __init__(self, title, paths, counts):
        total = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
        self._bar = tqdm(total=total, desc=title, unit="B", unit_scale=True, leave=False, disable=None)
        self._counts, self._before, self._left = counts, 0, EVERY

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bar.close()

    def update(self):
        """Counts a record."""
        self._left -= 1
        if not self._left:
            self._left = EVERY
            self._show(self._before + self._counts.position())

    def end_of(self, path):
        """Counts the whole of a file, which is read."""
        self._before += os.path.getsize(path)
        self._show(self._before)

    def _show(self, position):
        self._bar.update(max(0, position - self._bar.n))
