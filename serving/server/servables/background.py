"""Runs a call in a thread of low priority: threads of normal priority get the cores first."""
import os
import sys
import threading
from concurrent.futures import Future

NICE = 19  # the lowest priority of a thread on Linux; it still gets a small share of busy cores


def run(call):
    """Returns `call()`, which runs in a thread of its own, at the lowest priority on Linux. Raises what it raises."""
    outcome = Future()

    def work():
        try:
            _lower_priority()
            outcome.set_result(call())
        except BaseException as error:  # of whatever kind: the waiting thread must get it
            outcome.set_exception(error)

    threading.Thread(target=work, name="background", daemon=True).start()
    return outcome.result()


def _lower_priority():
    """Lowers the priority of this thread. Elsewhere than on Linux it would be that of the whole process."""
    if sys.platform.startswith("linux"):
        os.setpriority(os.PRIO_PROCESS, 0, NICE)  # 0: this thread
