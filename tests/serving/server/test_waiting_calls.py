"""gRPC calls that send no message: they do not take the threads from the calls of others."""
import grpc
import numpy as np
import pytest

from serving.server import start as model_server
from serving.server.grpc_server import WAITING
from tests.serving.conftest import MODEL
from tests.serving.contract.requests import predicted
from tests.support.waiting import until

THREADS = 3
PREDICT = "/tensorflow.serving.PredictionService/Predict"


@pytest.fixture(scope="module")
def address(model_folder):
    server = model_server.start(MODEL, str(model_folder / MODEL), grpc_max_threads=THREADS)
    yield server.grpc_address
    server.stop()


class Silent:
    """The messages of a call: none, until `end`."""

    def __init__(self):
        self._ended = False

    def __iter__(self):
        return self

    def __next__(self):
        until(lambda: self._ended)
        raise StopIteration

    def end(self):
        self._ended = True


@pytest.mark.parametrize("calls", [THREADS, 2 * (THREADS + WAITING) + 1])
def test_calls_without_a_message_do_not_block_others(address, calls):
    with grpc.insecure_channel(address) as silent_channel, grpc.insecure_channel(address) as channel:
        silent = [Silent() for _ in range(calls)]
        running = [silent_channel.stream_unary(PREDICT).future(messages) for messages in silent]
        try:
            for _ in range(5):
                assert predicted(channel, MODEL, x=np.float32([1])) == {"y": [3]}
        finally:
            for messages in silent:
                messages.end()
    assert all(isinstance(call.exception(), (grpc.RpcError, grpc.FutureCancelledError)) for call in running
               if not call.cancelled())


def test_a_call_that_ends_without_a_message_is_an_error(address):
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as error:
        channel.stream_unary(PREDICT)(iter(()), timeout=60)
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
