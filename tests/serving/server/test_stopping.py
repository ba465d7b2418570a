"""Signals: noted in every moment, and ending a server that does not end by itself."""
import os
import select
import signal
import subprocess
import sys

import pytest

from runtime.cli import Terminated
from runtime.project import ROOT
from serving.server import stopping


def test_before_hold_a_signal_raises():
    with stopping.Stop() as stop:
        for number, error in ((signal.SIGTERM, Terminated), (signal.SIGINT, KeyboardInterrupt)):
            with pytest.raises(error):
                os.kill(os.getpid(), number)
                signal.pause()
        assert stop.number is None


@pytest.mark.parametrize("number", stopping.SIGNALS)
def test_a_signal_before_the_wait_ends_it(number):
    with stopping.Stop() as stop:
        stop.hold()
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), signal.SIGTERM)  # the first one counts
        stop.wait()
        assert stop.number == number


def test_a_signal_in_the_last_moment_before_the_system_call_ends_the_wait(monkeypatch):
    """The moment in which the handler runs after the last check: a wait without the pipe would never end."""
    wait = select.select

    def late(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        return wait(*arguments)

    with stopping.Stop() as stop:
        stop.hold()
        monkeypatch.setattr(select, "select", late)
        stop.wait()
        assert stop.number == signal.SIGINT


def test_the_handlers_from_before_are_restored():
    before = [signal.getsignal(number) for number in stopping.SIGNALS]
    with stopping.Stop():
        assert [signal.getsignal(number) for number in stopping.SIGNALS] != before
    assert [signal.getsignal(number) for number in stopping.SIGNALS] == before


def test_a_process_ends_although_a_thread_of_it_never_does():
    code = """
import threading
from serving.server import stopping
threading.Thread(target=threading.Event().wait).start()
stopping.end_at_last(7, .1)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 7
