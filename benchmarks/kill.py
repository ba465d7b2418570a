"""`./run bench kill`: kills each process with SIGKILL at random moments; nothing may be lost.

Commands run on a small sample corpus. After each kill their output must be absent or whole: half of the times nothing
is there before, half of the times a whole output. `train` is resumed after each kill and may not lose a complete epoch.
In the end the command must succeed and leave no draft. The servers: see `benchmarks/serving/killed_servers.py`.
"""
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from typing import Callable, NamedTuple

import numpy as np

from benchmarks import flags
from benchmarks.report import say, write
from benchmarks.serving import killed_servers
from models.run_folder import layout, progress
from runtime import cli, files, project, stages
from runtime.processes import Children

SIZES = ["--users", "30", "--items", "20", "--reviews", "400"]
TINY = ["--set", "filters=7", "--set", "attention_dim=8", "--set", "latent_dim=5", "--set", "batch_size=32", "-e", "4",
        "--set", "patience=9"]


class Command(NamedTuple):
    """A command that writes a folder."""
    arguments: list  # of Python
    output: str  # the folder; what is in it is compared
    state: Callable[[], object]  # what is whole in the output; None where nothing is


def parse_args(argv=None):
    parser = cli.Parser("./run bench kill", description=__doc__)
    parser.add_argument("--moments", type=int, default=20, help="kills of each process")
    parser.add_argument("--seed", type=int, default=0, help="seed of the moments")
    parser.add_argument("--only", action="append", choices=PARTS, help="kill this; repeatable; default: all")
    parser.add_argument("--folder", help="keep corpus, run and model in this folder, and reuse those in it")
    return flags.parse(parser, argv, "moments")


def commands(folder):
    """Returns {name: Command} for the corpus in `folder`/raw, in the order in which they need each other."""
    data, runs, models = (os.path.join(folder, name) for name in ("data", "runs", "models"))
    run = os.path.join(runs, "r")
    evaluation = os.path.join(run, layout.EVALUATION)

    def versions():
        """Returns the files with their sizes of each version, once where all versions have the same ones."""
        found = [sorted((os.path.relpath(path, version), os.path.getsize(path)) for path in _paths(version))
                 for version in _visible(models)]
        return (found[0] if found.count(found[0]) == len(found) else found) if found else None

    return {
        "preprocess": Command(project.module("preprocessing") + [
            "--reviews", os.path.join(folder, "raw", "reviews.json.gz"), "--name", "d", "--data_dir", data,
            "--word_dim", "9", "--topics", "5"], os.path.join(data, "d"),
            lambda: stages.digests_below(os.path.join(data, "d")) or None),
        "train": Command(project.module("train") + ["--data", os.path.join(data, "d"), "--runs", runs, "--name", "r"],
                         run, lambda: _epochs(run)),
        "evaluate": Command(project.module("commands.evaluate") + ["--run", "r", "--runs", runs], evaluation,
                            lambda: files.read_json(os.path.join(run, layout.REPORT))),
        "export": Command(project.module("tensorflow_serving") + ["--run", "r", "--runs", runs, "--out", models],
                          models, versions)}


def _visible(folder):
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name[0] != ".") \
        if os.path.isdir(folder) else []


def _paths(folder):
    return [os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names]


def _epochs(run):
    """Returns (whether a run is finished, its complete epochs); None where there is no run."""
    if not os.path.isfile(os.path.join(run, layout.CONFIG)):
        return None
    state = progress.read(run) or {"history": []}
    return bool(state.get("finished")), len(state["history"])


def call(arguments, seconds=None):
    """Runs `python arguments`, killed after so many seconds. Returns its exit code, its seconds and its last line."""
    start = time.monotonic()
    with Children() as children:
        process = children.start("command", arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            log = process.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            log = process.communicate()[1]
    lines = log.decode("utf-8", "replace").strip().splitlines() or [""]
    return process.returncode, time.monotonic() - start, lines[-1]


def completed(arguments):
    """Runs a command to its end. Returns its seconds. Raises UserError where it fails."""
    code, seconds, line = call(arguments)
    if code:
        raise cli.UserError(f"bench kill: {' '.join(arguments[3:])} ended with code {code}: {line}")
    return seconds


class Moments:
    """Kills a command at random moments of the seconds that it takes. `killed` counts those that had not ended."""

    def __init__(self, seconds, random):
        self._seconds, self._random, self.killed = seconds, random, 0

    def kill(self, arguments):
        code, seconds, line = call(arguments, self._random.uniform(0, self._seconds))
        if code > 0:
            raise cli.UserError(f"bench kill: {' '.join(arguments[3:])} ended with code {code}: {line}")
        self.killed += code < 0
        if not code:
            self._seconds = min(self._seconds, seconds)  # the first time may have been slower


def kill_writer(command, moments, random):
    """Kills a command that writes its output in one step. Returns its figures; `lost` counts faults."""
    moment = Moments(completed(command.arguments), random)
    whole, lost = command.state(), 0
    for number in range(moments):
        if number % 2:
            shutil.rmtree(command.output)
        before = command.state()
        moment.kill(command.arguments)
        lost += command.state() not in (before, whole)
        if command.state() is None:
            completed(command.arguments)
    return dict(_afterwards(command, command.arguments, whole), killed=moment.killed, lost=lost)


def kill_training(command, moments, random):
    """Kills a training and resumes it, again and again. `lost` counts the resumed ones with fewer epochs."""
    shutil.rmtree(command.output, ignore_errors=True)  # of an earlier call with --folder
    moment = Moments(completed(command.arguments + TINY), random)
    whole, lost = command.state(), 0
    shutil.rmtree(command.output)
    for _ in range(moments):
        before = command.state()
        if before is not None and before[0]:  # finished: from the beginning
            shutil.rmtree(command.output)
            before = None
        more = TINY if before is None else ["--resume"]
        moment.kill(command.arguments + more)
        lost += before is not None and command.state() < before
    state = command.state()
    more = TINY if state is None else ["--resume"]
    if state == whole:
        return {"killed": moment.killed, "lost": lost, "whole_at_the_end": True, "drafts": _drafts(command)}
    return dict(_afterwards(command, command.arguments + more, whole), killed=moment.killed, lost=lost)


def _afterwards(command, arguments, whole):
    """Runs a command to its end and returns what is wrong then."""
    completed(arguments)
    return {"whole_at_the_end": command.state() == whole, "drafts": _drafts(command)}


def _drafts(command):
    return [path for path in _paths(os.path.dirname(command.output)) if files.DRAFT in path or files.OLDER in path]


COMMANDS, SERVERS = ("preprocess", "train", "evaluate", "export"), ("model_server", "shop", "shop_process")
PARTS = COMMANDS + SERVERS


def kill_part(name, command, folder, args):
    """Returns the figures of one part."""
    random = np.random.RandomState(args.seed)
    if name == "train":
        return kill_training(command, args.moments, random)
    if name in COMMANDS:
        return kill_writer(command, args.moments, random)
    if name == "shop_process":
        return killed_servers.kill_shop_process(folder, args.moments, random)
    return killed_servers.kill_server(name, folder, args.moments, random)


def main(argv=None):
    args, figures = parse_args(argv), {}
    with contextlib.ExitStack() as ending:
        folder = os.path.abspath(args.folder or ending.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        completed(project.module("preprocessing.sample") + ["--out", os.path.join(folder, "raw")] + SIZES)
        made = commands(folder)
        for name in PARTS:
            if not args.only or name in args.only:
                figures[name] = kill_part(name, made.get(name), folder, args)
                say(f"{name}: {json.dumps(figures[name])}")
            elif name in COMMANDS and made[name].state() is None:  # what other parts need
                completed(made[name].arguments + (TINY if name == "train" else []))
    write(args, figures)
    if any(part["lost"] or not part["whole_at_the_end"] or part["drafts"] for part in figures.values()):
        raise cli.UserError("bench kill: something was lost, or left behind; see above")


if __name__ == "__main__":
    cli.run(main)
