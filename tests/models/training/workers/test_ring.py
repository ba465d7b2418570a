"""The ring joins and sums arrays of any number of processes; a lost connection is an error of all."""
import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.training.workers.ring import Lost, Ring


def ring_of(size):
    """The Rings of `size` processes, which are threads here."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        after, before = [], []
        for _ in range(size):
            after.append(socket.create_connection(listener.getsockname()))
            before.append(listener.accept()[0])
    return [Ring(rank, size, before[rank - 1], after[rank]) for rank in range(size)]


def all_of(rings, call):
    """What `call(ring)` returns for each ring, all at once."""
    with ThreadPoolExecutor(len(rings)) as pool:
        return list(pool.map(call, rings))


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=5), st.integers(0, 2 ** 31))
def test_arrays_are_joined_in_the_order_of_ranks(lengths, seed):
    random = np.random.RandomState(seed)
    parts = [(random.normal(size=(length, 3)).astype(np.float32), random.randint(0, 99, length)) for length in lengths]
    rings = ring_of(len(lengths))
    for values, numbers in all_of(rings, lambda ring: ring.gather(parts[ring.rank])):
        np.testing.assert_array_equal(values, np.concatenate([part for part, _ in parts]))
        np.testing.assert_array_equal(numbers, np.concatenate([part for _, part in parts]))
        assert values.dtype == np.float32 and numbers.dtype == parts[0][1].dtype
    all_of(rings, Ring.close)


@settings(max_examples=20)
@given(st.integers(2, 5), st.integers(0, 17), st.integers(0, 2 ** 31))
def test_a_sum_is_the_same_everywhere_to_the_bit(size, length, seed):
    vectors = np.random.RandomState(seed).normal(size=(size, length)).astype(np.float32)
    before = vectors.copy()
    rings = ring_of(size)
    totals = all_of(rings, lambda ring: ring.sum(vectors[ring.rank]))
    for total in totals:
        np.testing.assert_allclose(total, vectors.sum(0), rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(total, totals[0])
    np.testing.assert_array_equal(vectors, before)
    all_of(rings, Ring.close)


def test_large_arrays_pass_while_all_send():
    """More than the buffers of the connections hold."""
    rings = ring_of(3)
    for joined, in all_of(rings, lambda ring: ring.gather([np.full((1 << 20, 3), ring.rank, np.float32)])):
        assert [joined[rank << 20, 0] for rank in range(3)] == [0, 1, 2] and len(joined) == 3 << 20
    assert [ring.sent for ring in rings] == [2 * ((3 << 20) * 4 + 16)] * 3
    all_of(rings, Ring.close)


def test_the_bytes_of_a_sum():
    rings = ring_of(4)
    all_of(rings, lambda ring: ring.sum(np.ones(400, np.float32)))
    headers = 6 * 16
    assert [ring.sent for ring in rings] == [1600 * 2 * 3 // 4 + headers] * 4
    all_of(rings, Ring.close)


def lost(ring, call):
    with pytest.raises(Lost) as error:
        call(ring)
    return str(error.value)


def test_a_worker_that_ends_ends_the_waiting_of_all():
    rings = ring_of(4)
    rings[2].close()
    others = [ring for ring in rings if ring.rank != 2]
    messages = all_of(others, lambda ring: lost(ring, lambda ring: ring.sum(np.ones(9, np.float32))))
    assert "the connection to worker 2 is lost" in messages[2]


def test_workers_at_different_operations_notice_it():
    rings = ring_of(2)
    rings[1].operations += 1
    messages = all_of(rings, lambda ring: lost(ring, lambda ring: ring.gather([np.ones(3)])))
    assert "worker 1 is at operation 2 and not 1" in messages[0]
