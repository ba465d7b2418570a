"""A program that is started to end with its parent."""
import signal
import subprocess
import sys

import pytest

from runtime import parent_death
from tests.support import ctrl_c

SIGNALS = """
import signal, sys
print(sys.argv[1:], signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
      signal.getsignal(signal.SIGINT) == signal.default_int_handler)
"""


def test_the_program_gets_its_arguments_and_handles_signals_as_usual():
    plain = [sys.executable, "-c", SIGNALS, "a b", "", "-I", "caf\u00e9"]
    with ctrl_c.heeded():
        printed, expected = (subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
                             for command in (parent_death.command(plain), plain))
    assert printed == expected and printed.endswith(b"] True True\n")


def test_the_exit_code_and_the_signal_are_those_of_the_program():
    """The child has one process id, from its start on."""
    code = "import sys; sys.exit(9)"
    assert subprocess.run(parent_death.command([sys.executable, "-c", code])).returncode == 9
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    process = subprocess.Popen(parent_death.command([sys.executable, "-c", code]), stdout=subprocess.PIPE)
    assert int(process.stdout.readline()) == process.pid
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses prctl of Linux")
def test_a_program_whose_parent_was_killed_before_the_request_is_not_run():
    program = [sys.executable, "-c", "print('runs')"]
    command = parent_death.command(program)
    parent = len(command) - len(program) - 1
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == b"runs\n"
    command[parent] = str(int(command[parent]) + 1)  # the parent is another process
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == b""
