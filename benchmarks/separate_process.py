"""Runs a measurement in its own process, so that its peak memory is not that of another measurement."""
import json
import subprocess
import sys

from runtime import cli, project
from runtime.processes import Children


def call(module, name, arguments, **environ):
    """Calls a function in its own process.

    Args:
      module: full name of the function's module, whose `__main__` part calls `main` of this file.
      name: of the function.
      arguments: {name: value} of JSON's types.
      environ: further environment variables.

    Returns:
      The result of the function, which must be of JSON's types.

    Raises:
      UserError: the process failed; the text contains the last line of its output.
    """
    return call_all(module, name, arguments, [(environ, {})])[0]


def call_all(module, name, arguments, places):
    """Calls a function in several processes at once. Returns their results; see `call`.

    Args:
      places: [({name: value} of further environment variables, further arguments of Popen)], one for each process.
    """
    with Children() as children:
        processes = [children.start(f"{name} {number}", project.module(module) + [name, json.dumps(arguments)], environ,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
                     for number, (environ, more) in enumerate(places)]
        outputs = [process.communicate() for process in processes]
    for process, (_, log) in zip(processes, outputs):
        if process.returncode:
            lines = log.decode("utf-8", "replace").strip().splitlines() or ["no output"]
            raise cli.UserError(f"bench: {name} ended with code {process.returncode}: {lines[-1]}")
    return [json.loads(output.decode().splitlines()[-1]) for output, _ in outputs]


def main(functions):
    """The process that `call` starts: a module passes its `globals()`."""
    cli.run(lambda argv: print(json.dumps(functions[argv[0]](**json.loads(argv[1])))), sys.argv[1:])
