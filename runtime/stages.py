"""Stages of the demo: commands whose output is kept as long as everything that decides it is unchanged.

A stage has an output, a folder, and a key: the sha256 of the contents of its inputs, of its
command line, and of all source files that its command uses (`runtime.sources`). Beside each output lies a stamp, a
hidden JSON file with the key and the sha256 of each file that the stage made. What a user made is never overwritten:
where `runs/sample` exists and has another key, `runs/sample-<key>` is made.
"""
import os
import time
from typing import Callable, NamedTuple

from runtime import cli, files, jobs, sources


class Made(NamedTuple):
    """An output of a stage, or an input that the user gave: its path, and the sha256 of its content."""
    path: str
    digest: str

    @property
    def name(self):
        """The last part of the path."""
        return os.path.basename(self.path)


class Stage(NamedTuple):
    """The command that makes an output. Its arguments name the output as {out.name}, {out.path}, inputs likewise."""
    title: str
    arguments: list  # of Python, from the current folder
    out: str  # the folder to make
    resume: list = []  # further arguments that resume an interrupted command
    in_place: bool = False  # an outdated output is made anew in the same folder
    is_finished: Callable = lambda out: False  # whether an interrupted command had finished its output
    part: str = ""  # name of the part of the folder that the stage makes, where other stages make the rest of it
    owns: Callable = lambda path: True  # whether a path in the folder belongs to this part


class Output(NamedTuple):
    """The folder of a stage's output and its state: "made" (whole, of this key), "begun" (interrupted), "missing"."""
    path: str
    state: str


def digests_below(path):
    """{path below a folder: sha256} of its files, without hidden ones."""
    digests = {}
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        for name in (name for name in names if name[0] != "."):
            file = os.path.join(folder, name)
            digests[os.path.relpath(file, path)] = files.sha256(file)
    return digests


def key_of(stage, inputs):
    """The sha256 of everything that decides an output: the inputs' contents, the arguments and the source code."""
    source_digests = {path: files.sha256(path) for path in sources.of_command(stage.arguments)}
    input_digests = {name: made.digest for name, made in inputs.items()}
    return files.sha256_of([stage.arguments, source_digests, input_digests])


def stamp_path(out, part=""):
    """The path of the stamp of an output, or of one part of it."""
    return os.path.join(os.path.dirname(out), f".{os.path.basename(out)}{part and '.' + part}.demo.json")


def read_stamp(out, part=""):
    """The stamp of an output, {"key", "files"}; {} where there is none, or a damaged one."""
    try:
        stamp = files.read_json(stamp_path(out, part))
    except cli.UserError:
        return {}
    return stamp if isinstance(stamp, dict) and {"key", "files"} <= set(stamp) else {}


def write_stamp(out, key, digests, part=""):
    """Writes a stamp. `digests` are those of the output's files, None for a stage that has just begun."""
    os.makedirs(os.path.dirname(stamp_path(out)), exist_ok=True)
    files.write_json(stamp_path(out, part), {"key": key, "files": digests})


def find_output(stage, key):
    """The Output of a stage: the first of its two possible folders that holds it, or is free for it.

    Raises:
      UserError: both folders hold something else.
    """
    for out in (stage.out, f"{stage.out}-{key[:6]}"):
        stamp = read_stamp(out, stage.part)
        if stamp.get("key") == key and os.path.isdir(out):
            if stamp["files"] is None:
                return Output(out, "begun")
            digests = digests_below(out)
            if all(digests.get(path) == digest for path, digest in stamp["files"].items()):
                return Output(out, "made")
        if stage.in_place or not os.path.exists(out):
            return Output(out, "missing")
    raise cli.UserError(f"{out}: not as the demo made it; move it away, or give another --name")


class Pipeline:
    """Builds stages one after another, each only if its output does not exist yet.

    Args:
      children: a `processes.Children`, which runs the commands.
      total: number of stages, for the headings.
    """

    def __init__(self, children, total):
        self.children, self.total, self.number = children, total, 0

    def heading(self, text):
        """Logs the heading of the next stage."""
        self.number += 1
        jobs.log(self.number, self.total, text)

    def build(self, stage, **inputs):
        """Makes a stage's output from `inputs` unless it exists, and returns it. All of them are `Made`."""
        start, key = time.monotonic(), key_of(stage, inputs)
        out, state = find_output(stage, key)
        if state == "made":
            self.heading(f"{stage.title}: {out} already exists")
            return Made(out, files.sha256_of(read_stamp(out, stage.part)["files"]))
        self.heading(stage.title)
        if state != "begun" or not stage.is_finished(out):  # killed between the end of the command and its stamp
            names = dict(inputs, out=Made(out, ""))
            arguments = [argument.format(**names) for argument in stage.arguments]
            write_stamp(out, key, None, stage.part)
            self.children.run(stage.title, arguments + (stage.resume if state == "begun" else []))
        digests = {path: digest for path, digest in digests_below(out).items() if stage.owns(path)}
        if not digests:
            raise cli.UserError(f"{stage.title}: the command succeeded, but {out} is empty")
        write_stamp(out, key, digests, stage.part)
        cli.log.info("Wrote %s in %.1f s", out, time.monotonic() - start)
        return Made(out, files.sha256_of(digests))
