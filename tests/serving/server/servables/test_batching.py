"""Dynamic batching: which requests run together, and which rows each request gets."""
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.client import ModelClient
from serving.errors import INVALID
from serving.server import start as model_server
from serving.server.config import Batching
from serving.server.servables.batching import Batcher
from serving.server.status import StatusError, invalid
from tests.serving import threads
from tests.serving.conftest import MODEL
from tests.serving.failing import reason
from tests.serving.saved_models import TABLE

LONG = 60 * 10 ** 6  # microseconds: a batch runs because it is full, never because time is up


class Recorder:
    """A row-wise computation that records its batches."""

    def __init__(self):
        self.batches = []

    def __call__(self, arrays):
        self.batches.append([array.copy() for array in arrays])
        if (arrays[0] < 0).any():
            raise invalid(f"row {int(np.argmin(arrays[0]))} is negative")
        return [arrays[0] * 2, arrays[0].sum(tuple(range(1, arrays[0].ndim)))]


def batcher(slots=1, **limits):
    return Batcher(Batching(**limits), threading.BoundedSemaphore(slots))


def together(batches, call, requests, signature="s"):
    """Returns the results of parallel requests; the result of a failed one is its `StatusError`."""
    results = [None] * len(requests)

    def run(position):
        try:
            results[position] = batches.run(signature, call, [requests[position]], 30)
        except StatusError as error:
            results[position] = error

    threads.together(run, [(position,) for position in range(len(requests))])
    return results


@settings(deadline=None, max_examples=25)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6), max_size=st.integers(5, 9))
def test_batch_equals_single(sizes, max_size):
    call, alone = Recorder(), Recorder()
    requests = [np.random.RandomState(seed).rand(size, 3) for seed, size in enumerate(sizes)]
    for request, result in zip(requests, together(batcher(max_batch_size=max_size), call, requests)):
        for got, expected in zip(result, alone([request])):
            np.testing.assert_array_equal(got, expected)
    assert max(len(batch[0]) for batch in call.batches) <= max_size
    assert sum(len(batch[0]) for batch in call.batches) == sum(sizes)


def test_small_requests_run_in_one_batch():
    call = Recorder()
    requests = [np.full((2, 3), value, float) for value in range(4)]
    results = together(batcher(max_batch_size=8, batch_timeout_micros=LONG), call, requests)
    assert [len(batch[0]) for batch in call.batches] == [8]
    assert [float(result[0][0, 0]) for result in results] == [0, 2, 4, 6]


def test_a_batch_that_is_not_full_runs_after_the_timeout():
    call = Recorder()
    result, = together(batcher(batch_timeout_micros=1), call, [np.ones((2, 1))])
    assert result[1].tolist() == [1, 1]


def test_different_signatures_or_shapes_never_share_a_batch():
    call, batches = Recorder(), batcher(slots=4, max_batch_size=4, batch_timeout_micros=2000)
    wide, narrow = np.ones((2, 3)), np.ones((2, 2))
    threads.together(together, [(batches, call, [wide], "one"), (batches, call, [wide], "two"),
                                (batches, call, [narrow], "one")])
    assert sorted(batch[0].shape for batch in call.batches) == [(2, 2), (2, 3), (2, 3)]


def test_an_invalid_request_fails_alone_with_its_own_error():
    call, requests = Recorder(), [np.array([[1.]]), np.array([[5.], [-1.]]), np.array([[2.]])]
    results = together(batcher(max_batch_size=4, batch_timeout_micros=LONG), call, requests)
    assert results[0][1].tolist() == [1] and results[2][1].tolist() == [2]
    assert results[1].message == "row 1 is negative"


def test_rows_are_added_to_reach_an_allowed_batch_size():
    call = Recorder()
    limits = {"allowed_batch_sizes": (4, 16), "max_batch_size": 16}
    result, = together(batcher(**limits), call, [np.arange(6.).reshape(3, 2)])
    assert call.batches[0][0].tolist() == [[0, 1], [2, 3], [4, 5], [0, 1]]
    assert result[1].tolist() == [1, 5, 9]


def test_rows_of_different_lengths_are_padded_if_padding_is_on():
    call = Recorder()
    requests = [np.array([[1., 2.]]), np.array([[3., 4., 5.]])]
    batches = batcher(max_batch_size=2, batch_timeout_micros=LONG, pad_variable_length_inputs=True)
    results = together(batches, call, requests)
    assert call.batches[0][0].shape == (2, 3)
    assert [result[1].tolist() for result in results] == [[4], [12]]  # 1 + 2 + 1: the first value


@pytest.mark.parametrize("array, error", [
    (np.float64(1), "Batching Run() input tensors must have at least one dimension"),
    (np.ones((9, 1)), "Task size 9 is larger than maximum batch size 8")])
def test_inputs_that_cannot_be_batched_are_reported(array, error):
    with pytest.raises(StatusError) as raised:
        batcher(max_batch_size=8).run("s", Recorder(), [array], 1)
    assert (raised.value.code, raised.value.message) == ("INVALID_ARGUMENT", error)


@pytest.mark.parametrize("outputs, error", [
    ([np.float64(1)], "Batched output tensor has 0 dimensions"),
    ([np.ones(3)], "Batched output tensor's 0th dimension does not equal the sum of the 0th "
                   "dimension sizes of the input tensors")])
def test_outputs_that_cannot_be_split_are_reported(outputs, error):
    with pytest.raises(StatusError) as raised:
        batcher().run("s", lambda arrays: outputs, [np.ones((2, 1))], 1)
    assert (raised.value.code, raised.value.message) == ("FAILED_PRECONDITION", error)


def test_a_full_queue_refuses_requests():
    held, batches = threading.BoundedSemaphore(1), None
    held.acquire()
    batches = Batcher(Batching(max_batch_size=1, max_enqueued_batches=1), held)
    waiting = threading.Thread(target=lambda: together(batches, Recorder(), [np.ones((1, 1))]))
    waiting.start()
    while not batches._waiting:
        pass
    with pytest.raises(StatusError, match="queue to which this task was submitted is full"):
        batches.run("s", Recorder(), [np.ones((1, 1))], 1)
    held.release()
    waiting.join()
    with pytest.raises(StatusError) as raised:
        held.acquire()
        batches.run("s", Recorder(), [np.ones((1, 1))], .01)
    assert raised.value.code == "RESOURCE_EXHAUSTED"


def test_an_empty_request_is_answered():
    assert batcher().run("s", Recorder(), [np.ones((0, 2))], 1)[0].shape == (0, 2)


def test_a_server_with_batching_answers_like_one_without(model_folder):
    limits = Batching(max_batch_size=6, batch_timeout_micros=500)
    server = model_server.start(MODEL, str(model_folder / MODEL), batching=limits)
    wrong = []

    def ask(client, seed):
        for ids in np.random.RandomState(seed).randint(0, 5, (10, 3)):
            if not np.array_equal(client.predict("gather", {"id": ids})["row"], TABLE[ids]):
                wrong.append(ids)
            if reason(client.predict, "gather", {"id": [0, 7]})[0] != INVALID:
                wrong.append("7")

    try:
        clients = [ModelClient(url, MODEL, timeout=30)
                   for url in (server.rest_url, "grpc://" + server.grpc_address)]
        threads.together(ask, [(client, seed) for client in clients for seed in range(3)])
        with pytest.raises(Exception, match="at least one dimension"):
            clients[0].predict("scaled", {"x": [[1, 2, 3]], "scale": 2})
    finally:
        server.stop()
    assert wrong == []
