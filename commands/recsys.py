"""The console command `recsys` of `pip install -e .`: the commands of `./run`, with the interpreter that has it."""
import os
import sys

from runtime.project import ROOT


def main():
    environ = dict(os.environ, RECSYS_PYTHON=sys.executable)
    script = os.path.join(ROOT, "run")
    os.execve(script, [script] + sys.argv[1:], environ)
