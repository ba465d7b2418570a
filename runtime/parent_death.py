"""Ends a process when its parent is killed: the parent-death signal of Linux, see prctl(2). Elsewhere it has no effect.

As a program, `python runtime/parent_death.py PARENT PROGRAM ARGUMENT...` requests the signal, and becomes the PROGRAM,
for which the request still holds. A child is started by it rather than with the `preexec_fn` of `subprocess`, which
runs Python between fork and exec: there, a lock that another thread of the parent held at the fork is never released.
"""
import ctypes
import os
import signal
import sys

PATH = os.path.abspath(__file__)
PR_SET_PDEATHSIG = 1


def command(program):
    """Returns the command line that runs a program so that it gets SIGTERM when this process is killed.

    Args:
      program: list of text: the path of an executable, and its arguments.
    """
    if not sys.platform.startswith("linux"):
        return program
    return [sys.executable, "-I", "-S", PATH, str(os.getpid())] + program  # -I -S: starts quickly, reads no variables


def end_with_parent():
    """Returns a function for a forked child to call first: it requests SIGTERM for when the parent is killed."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main(argv):
    """Becomes the program of `command`; ends without it where the parent was killed before the signal was requested."""
    parent, program = int(argv[1]), argv[2:]
    end_with_parent()()
    if os.getppid() == parent:
        os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv)
