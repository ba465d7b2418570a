"""Which calls are repeated, how often, and when the circuit breaker refuses them."""
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving import retry
from serving.errors import (BAD_ANSWER, CIRCUIT_OPEN, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE,
                            ModelServerError)
from tests.serving.failing import reason


class Server:
    """Fails with the given reasons, call by call, then returns 7. Its clock advances only by `takes` and `sleep`."""

    def __init__(self, *reasons, takes=0.):
        self.reasons, self.asked, self.now, self.takes = list(reasons), 0, 0., takes

    def __call__(self):
        self.asked += 1
        self.now += self.takes
        if self.reasons:
            raise ModelServerError(self.reasons.pop(0), "planned failure")
        return 7

    def sleep(self, seconds):
        self.now += seconds


def patient(server, retries=2, seconds=5., seed=3):
    return retry.RetryPolicy(
        retries, seconds, clock=lambda: server.now, sleep=server.sleep, seed=seed)


@pytest.mark.parametrize("cause", [UNREACHABLE, UNAVAILABLE])
def test_a_temporary_failure_is_retried(cause):
    server = Server(cause, cause)
    assert patient(server).call(server) == 7 and server.asked == 3
    assert .075 <= server.now <= .15


@pytest.mark.parametrize("cause", [INVALID, NOT_FOUND, BAD_ANSWER, TIMEOUT])
def test_a_permanent_failure_is_not_retried(cause):
    server = Server(cause)
    assert reason(patient(server).call, server)[0] == cause and server.asked == 1


def test_retries_end_after_their_number_and_after_the_time_limit():
    server = Server(*[UNREACHABLE] * 9)
    assert reason(patient(server).call, server)[0] == UNREACHABLE and server.asked == 3
    server = Server(*[UNREACHABLE] * 9, takes=4.)
    assert reason(patient(server).call, server)[0] == UNREACHABLE and server.asked == 2


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 999))
def test_pauses_are_random_within_bounds(seed):
    server, other = (Server(UNREACHABLE, UNREACHABLE) for _ in range(2))
    patient(server, seed=seed).call(server)
    patient(other, seed=seed + 1).call(other)
    assert .075 <= server.now <= .15 and server.now != other.now


def opened(server, calls):
    for _ in range(retry.FAILURES):
        reason(calls.call, server)
    assert reason(calls.call, server)[0] == CIRCUIT_OPEN


def test_the_open_circuit_allows_one_trial_call_a_second():
    server = Server(*[UNREACHABLE] * (retry.FAILURES + 1))
    calls = patient(server, retries=0)
    opened(server, calls)
    asked = server.asked
    assert reason(calls.call, server)[0] == CIRCUIT_OPEN and server.asked == asked
    server.now += retry.OPEN_SECONDS
    assert reason(calls.call, server)[0] == UNREACHABLE  # it tried
    assert reason(calls.call, server)[0] == CIRCUIT_OPEN
    server.now += retry.OPEN_SECONDS
    assert calls.call(server) == 7 == calls.call(server)


def test_only_one_call_is_the_trial_of_an_open_circuit():
    server = Server(*[TIMEOUT] * retry.FAILURES)
    calls, inside, leave = patient(server, retries=0), threading.Event(), threading.Event()
    opened(server, calls)
    server.now += retry.OPEN_SECONDS

    def slow():
        inside.set()
        leave.wait(30)
        return 7

    trying = threading.Thread(target=calls.call, args=(slow,))
    trying.start()
    inside.wait(30)
    assert reason(calls.call, server)[0] == CIRCUIT_OPEN
    leave.set()
    trying.join()
    assert calls.call(server) == 7


def test_a_rejected_request_does_not_count_as_a_failure_of_the_server():
    server = Server(*[UNREACHABLE] * (retry.FAILURES - 1), INVALID, UNREACHABLE)
    calls = patient(server, retries=0)
    for _ in range(retry.FAILURES + 1):
        reason(calls.call, server)
    assert calls.call(server) == 7
