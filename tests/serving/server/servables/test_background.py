"""A call in a thread of low priority: its result, its error, and the priority of both threads."""
import os
import sys
import threading

import pytest

from serving.server.servables import background


def test_it_returns_what_the_call_returns_and_raises_what_it_raises():
    assert background.run(lambda: 7) == 7
    for error in (ZeroDivisionError, KeyboardInterrupt):
        def fails(error=error):
            raise error

        with pytest.raises(error):
            background.run(fails)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads have no priority of their own there")
def test_only_the_thread_of_the_call_has_low_priority():
    def priority():
        return threading.current_thread().name, os.getpriority(os.PRIO_PROCESS, 0)

    before = priority()
    assert background.run(priority) == ("background", background.NICE)
    assert priority() == before and before[0] != "background"
