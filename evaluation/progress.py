"""Progress of a long command: one log line for each step, and on a terminal a bar with the time left."""
from contextlib import contextmanager

from tqdm import tqdm

from runtime import cli

FORMAT = "  {percentage:3.0f} % |{bar:30}| about {remaining} left"


class Bar:
    """The progress bar of one step; it appears once the number of parts is known.

    Args:
      visible: False for a bar that shows nothing.
    """

    def __init__(self, visible=True):
        self.visible, self.shown = visible, None

    def expect(self, parts):
        """Sets the number of parts of about equal duration that the step consists of. Call it once."""
        if self.visible:  # on terminals only: tqdm writes no bar to files
            self.shown = tqdm(total=parts, bar_format=FORMAT, disable=None, leave=False)

    def advance(self, parts=1):
        """Reports that some more parts are done."""
        if self.shown is not None:
            self.shown.update(parts)

    def close(self):
        """Removes the bar from the terminal."""
        if self.shown is not None:
            self.shown.close()


SILENT = Bar(visible=False)


class Steps:
    """Numbers the steps of a command and logs the title of each when it begins.

    Args:
      total: number of steps.
    """

    def __init__(self, total):
        self.total, self.number = total, 0

    @contextmanager
    def step(self, title):
        """A context that yields the Bar of the next step."""
        self.number += 1
        cli.log.info("[%d/%d] %s", self.number, self.total, title)
        bar = Bar()
        try:
            yield bar
        finally:
            bar.close()
