"""Progress of a long command: one log line for each step, and on a terminal a bar with the time left."""
from contextlib import contextmanager

from tqdm import tqdm

from runtime import cli

FORMAT = "  {percentage:3.0f} % |{bar:30}| about {remaining} left"


class Bar:
    """Progress of one step. Without a tqdm bar it shows nothing.

    Args:
      shown: tqdm bar, or None.
    """

    def __init__(self, shown=None):
        self.shown = shown

    def expect(self, parts):
        """Sets the number of parts of about equal duration that the step consists of."""
        if self.shown is not None:
            self.shown.reset(total=parts)

    def advance(self, parts=1):
        """Reports that some more parts are done."""
        if self.shown is not None:
            self.shown.update(parts)


SILENT = Bar()


class Steps:
    """Numbers the steps of a command and logs the title of each when it begins.

    Args:
      total: number of steps.
    """

    def __init__(self, total):
        self.total, self.number = total, 0

    @contextmanager
    def step(self, title):
        """A context that yields the Bar of the next step. The bar is shown on terminals only, not written to files."""
        self.number += 1
        cli.log.info("[%d/%d] %s", self.number, self.total, title)
        with tqdm(total=1, bar_format=FORMAT, disable=None, leave=False) as shown:
            yield Bar(shown)
