"""Runs commands as a user does: in a process of their own."""
import subprocess
import sys

from runtime.project import ROOT


def ended(script, *arguments):
    """The finished process of `python script arguments`, from the root: `returncode`, `stdout`, `stderr` as text."""
    return subprocess.run([sys.executable, script] + list(arguments), cwd=ROOT,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=600)


def one_line(process):
    """The one line of stderr with which a command refused wrong arguments."""
    assert process.returncode == 2 and process.stdout == "", process.stderr
    assert process.stderr.count("\n") == 1, process.stderr
    return process.stderr
