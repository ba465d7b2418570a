"""Stages that are made once: skipped when their output stands already, decided by content.

Beside each output lies a stamp (a hidden JSON file) with a key, the sha256 of the stage's inputs,
command line and source code, and the sha256 of each file the stage made. Nothing a user made is
overwritten: where `runs/sample` stands and is of another key, `runs/sample-<key>` is made.
"""
import hashlib
import json
import os
import time
from typing import Callable, NamedTuple

from runtime import cli


class Made(NamedTuple):
    """An output, or an input given by the user: where it lies, and the sha256 of its content."""
    path: str
    digest: str

    @property
    def name(self):
        return os.path.basename(self.path)


class Stage(NamedTuple):
    """What makes an output. `arguments` name it as {out.name}, {out.path}, inputs likewise."""
    title: str
    arguments: list  # of Python
    out: str  # the folder wished for
    sources: list  # files and rooms whose code decides what comes out
    resume: list = []  # further arguments, to go on where an interrupted one stopped
    in_place: bool = False  # remade in the same folder
    ended: Callable = lambda out: False  # whether an output that was begun is whole all the same


def sha256(path):
    """The sha256 of a file's content, in hex."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def files_below(path, ending=""):
    """A table {path below it: sha256} of a folder's files, or of one file. Skips hidden ones."""
    if os.path.isfile(path):
        return {".": sha256(path)}
    table = {}
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        for name in names:
            if name.endswith(ending) and name[0] != ".":
                file = os.path.join(folder, name)
                table[os.path.relpath(file, path)] = sha256(file)
    return table


def digest_of(value):
    """The sha256 of a value of JSON's kinds, in hex."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def key_of(stage, inputs):
    """The sha256 of all that decides an output: inputs' contents, arguments and source code."""
    sources = {source: files_below(source, ".py") for source in stage.sources}
    digests = {name: made.digest for name, made in inputs.items()}
    return digest_of([stage.arguments, sources, digests])


def stamp_path(out):
    return os.path.join(os.path.dirname(out), f".{os.path.basename(out)}.demo.json")


def read_stamp(out):
    """The stamp of an output; an empty one if there is none that can be read."""
    try:
        with open(stamp_path(out), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def write_stamp(out, key, files):
    """Writes a stamp atomically. `files` is the output's table, None for a stage just begun."""
    path = stamp_path(out)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({"key": key, "files": files}, file, indent=1, sort_keys=True)
    os.replace(path + ".new", path)


def find_place(stage, key):
    """Where a stage's output stands or shall be made.

    Returns:
      (folder, state): state is "made" (whole, of this key), "begun" (of this key, interrupted) or
      "free".

    Raises:
      command.UserError: both folders the stage may use hold something else.
    """
    for out in (stage.out, f"{stage.out}-{key[:6]}"):
        stamp = read_stamp(out)
        if stamp.get("key") == key and os.path.isdir(out):
            if stamp["files"] is None:
                return out, "begun"
            now = files_below(out)
            if all(now.get(path) == digest for path, digest in stamp["files"].items()):
                return out, "made"
        if stage.in_place or not os.path.exists(out):
            return out, "free"
    raise cli.UserError(f"{out} is not as the demo made it: move it away, or use --name")


class Pipeline:
    """Builds stages one after another, each only if its output does not stand already.

    Args:
      children: a `processes.Children`, which runs the commands.
      total: how many stages there are, for the headings.
    """

    def __init__(self, children, total):
        self.children, self.total, self.number = children, total, 0

    def heading(self, text):
        self.number += 1
        cli.log.info("[%d/%d] %s", self.number, self.total, text)

    def build(self, stage, **inputs):
        """Makes a stage's output from `inputs`, unless it stands. Inputs and result are `Made`."""
        start, key = time.time(), key_of(stage, inputs)
        out, state = find_place(stage, key)
        if state == "made":
            self.heading(f"{stage.title}: stands already in {out}")
            return Made(out, digest_of(read_stamp(out)["files"]))
        self.heading(stage.title)
        if state != "begun" or not stage.ended(out):  # killed between a stage's end and its stamp
            names = dict(inputs, out=Made(out, ""))
            arguments = [argument.format(**names) for argument in stage.arguments]
            write_stamp(out, key, files=None)
            self.children.run(stage.title, arguments + (stage.resume if state == "begun" else []))
        files = files_below(out)
        if not files:
            raise cli.UserError(f"{stage.title}: ended well, but left nothing in {out}")
        write_stamp(out, key, files)
        cli.log.info("%s stands after %.1f s", out, time.time() - start)
        return Made(out, digest_of(files))
