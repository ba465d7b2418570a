"""Signals: noted in every moment, and ending a server that does not end by itself."""
import os
import select
import signal
import subprocess
import sys
import threading

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


def test_a_wait_ends_when_it_is_stopped_and_after_its_time():
    first, second = stopping.Stopping(), stopping.Stopping()
    assert not first.wait(0) and not first.wait(.01)
    timer = threading.Timer(.01, first.set)
    timer.start()
    assert first.wait(60) and first.wait(0) and not second.wait(0)
    timer.join()
    for _ in range(10 ** 5):  # more than a pipe holds
        first.set()
    descriptors = os.listdir("/dev/fd")
    del first, second, timer
    assert len(os.listdir("/dev/fd")) == len(descriptors) - 4


def process(code):
    """Runs Python code in a process to its end. Returns its exit code and its output."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("hold", ["stop.hold()", "stop.number"])
@pytest.mark.parametrize("number, code, name", [("SIGINT", 130, "Ctrl-C"), ("SIGTERM", 0, "SIGTERM")])
def test_a_process_that_does_not_end_after_a_signal_is_ended(hold, number, code, name):
    assert process(f"""
import os, signal, threading
from serving.server import stopping
stopping.LONGEST = .1
with stopping.Stop() as stop:
    {hold}
    try:
        os.kill(os.getpid(), signal.{number})
        signal.pause()
    except KeyboardInterrupt:
        pass
    threading.Event().wait()
""") == (code, f"stopped by {name} after 0.1 s\n")


def test_a_process_goes_on_after_the_context():
    assert process("""
import os, signal, time
from serving.server import stopping
stopping.LONGEST = .1
with stopping.Stop() as stop:
    stop.hold()
    os.kill(os.getpid(), signal.SIGINT)
    stop.wait()
time.sleep(.5)
print("went on")
""") == (0, "went on\n")


def test_a_process_ends_although_a_thread_of_it_never_does():
    assert process("""
import sys, threading
from serving.server import stopping
threading.Thread(target=threading.Event().wait).start()
print("out")
print("error", file=sys.stderr)
stopping.exit_now(7)
""") == (7, "out\nerror\n")
