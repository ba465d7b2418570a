"""A measurement in a process of its own: the peak memory of one is not that of another."""
import json
import os
import subprocess
import sys

from runtime import cli
from runtime.project import ROOT


def call(module, name, arguments, **environ):
    """What the function `name` of a module returns for a dictionary of arguments, both as JSON. Variables of the
    process's environment are `environ`, beside ours.

    The module's `__main__` takes them as two words of its command line: see `answer`.
    """
    environ = dict(os.environ, PYTHONPATH=ROOT, **environ)
    ended = subprocess.run([sys.executable, "-m", module, name, json.dumps(arguments)], cwd=ROOT, env=environ,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if ended.returncode:
        last = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise cli.UserError(f"bench: {name} ended with code {ended.returncode}: {last[-1]}")
    return json.loads(ended.stdout.decode().splitlines()[-1])


def answer(functions):
    """The other end of `call`: a module's `__main__` gives its globals."""
    cli.run(lambda argv: print(json.dumps(functions[argv[0]](**json.loads(argv[1])))), sys.argv[1:])
