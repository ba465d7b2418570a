"""The commands of the script `run`: what each leads to, and what its --help says."""
import contextlib
import functools
import importlib
import io
import os
import re
import subprocess
import sys

from runtime.project import ROOT

TARGET = re.compile(r"^    ([\w |-]+)\)(.*)$", re.M)
NAMED = re.compile(r"target=\(module \"?([\w.$]+)")
WITHOUT_HELP = {"help", "setup", "notebook", "test"}  # of the script itself, of Jupyter, of pytest


@functools.lru_cache(maxsize=1)
def targets():
    """{command: module; "" where the script `run` does it itself}."""
    with open(os.path.join(ROOT, "run"), encoding="utf-8") as file:
        text = file.read().split('case $name in\n', 1)[1]
    target_of = {}
    for names, rest in TARGET.findall(text):
        target = NAMED.search(rest)
        for name in names.split(" | "):
            target_of[name] = target.group(1).replace("$name", name) if target else ""
    return {name: target for name, target in target_of.items() if name[0] != "-"}


@functools.lru_cache(maxsize=None)
def help_of(*command):
    """What `./run COMMAND --help` prints. A second word names one of the benchmarks."""
    if command[0] == "test":
        return subprocess.run([sys.executable, "-m", "pytest", "--help"], cwd=ROOT, stdout=subprocess.PIPE, check=True,
                              universal_newlines=True).stdout
    name = targets()[command[0]]
    module = importlib.import_module(name)
    if hasattr(module, "__path__") and not hasattr(module, "main"):
        module = importlib.import_module(f"{name}.__main__")
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        module.main(list(command[1:]) + ["--help"])
    return output.getvalue()


def takes(command, flag, arguments=""):
    """Whether a command takes a flag, by the text of its --help."""
    if command in WITHOUT_HELP - {"test"}:
        return True
    words = arguments.split()
    benchmark = [words[0]] if command == "bench" and words and re.match(r"[a-z0-9]+$", words[0]) else []
    return re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", help_of(command, *benchmark)) is not None
