"""Jobs: steps of a long command that can be repeated, so that a command that was killed goes on where it stopped.

A job makes what is missing, keeps what exists, and goes on with what a killed command left half done. The
studies and the search of `experiments` are made of jobs. The demo is made of stages (`runtime.stages`), which take
the form of the log lines from here.
"""
import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Callable, NamedTuple

from runtime import cli


class Job(NamedTuple):
    """One step. `make` makes what is missing and returns whether anything was."""
    title: str
    make: Callable[[], bool]


def output(children, title, path, arguments):
    """A Job that runs `python <arguments>` unless `path` exists, the file that this command writes last.

    Args:
      children: `processes.Children`, which runs the command.
    """
    def make():
        if os.path.isfile(path):
            return False
        children.run(title, arguments)
        return True

    return Job(title, make)


def run(jobs, workers=1):
    """Does all jobs, `workers` at a time, and logs after each how far it is and about how long it still takes."""
    start, made = time.monotonic(), 0
    for number, (job, new) in enumerate(_outcomes(jobs, workers), 1):
        made += new
        left = _left((time.monotonic() - start) / made, len(jobs) - number) if made else ""
        log(number, len(jobs), f"{job.title}: {'made' if new else 'already exists'}{left}")


def log(number, total, text):
    """Logs a line on the job of this number, counted from 1."""
    cli.log.info("[%d/%d] %s", number, total, text)


def _outcomes(jobs, workers):
    """Yields (job, whether it made anything) as the jobs end."""
    if workers == 1:
        yield from ((job, job.make()) for job in jobs)
        return
    pool = ThreadPoolExecutor(workers)
    waiting = {pool.submit(job.make): job for job in jobs}
    try:
        yield from ((waiting[future], future.result()) for future in as_completed(list(waiting)))
    finally:
        for future in waiting:  # after a failure, a job that has not begun must not begin
            future.cancel()
        pool.shutdown(wait=False)  # the owner of the children ends those that still run


def _left(seconds, jobs):
    return f"; about {max(1, round(seconds * jobs / 60))} min left" if jobs else ""
