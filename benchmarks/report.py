"""How benchmarks report: result lines on stdout, progress on stderr, and all figures in the JSON file of --out."""
import time

from tqdm import tqdm

from runtime import files
from runtime.cli import log

TICK = .5  # seconds between two updates of a progress bar


def say(line):
    """Prints a line of results at once."""
    print(line, flush=True)


def verdict(holds):
    """Returns the word for a target that is met or not."""
    return "met" if holds else "MISSED"


def wait(seconds, title):
    """Waits, with a progress bar on a terminal."""
    end, shown = time.monotonic() + seconds, 0.
    with tqdm(total=round(seconds, 1), desc=title, disable=None,
              bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:
        while shown < seconds:
            time.sleep(max(0., min(TICK, end - time.monotonic())))
            passed = min(seconds, seconds - (end - time.monotonic()))
            bar.update(passed - shown)
            shown = passed


def write(args, figures):
    """Writes all figures to the file of --out, if that flag is given."""
    if args.out:
        files.write_json(args.out, figures)
        log.info("wrote %s", args.out)
