"""The cost of a request, its limit, turns of expensive requests, slices, and small requests in between."""
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.server.servables import work
from serving.server.servables.costs import Cost
from serving.server.servables.work import EXPENSIVE, Turns, Work
from serving.server.status import StatusError

ITEMS = EXPENSIVE // 2 - 1  # a slice has two rows


def ids(rows):
    return np.arange(rows, dtype=np.int32)


def double(arrays, seconds, background=False):
    """A call whose rows are independent: of ids and a scalar."""
    return [arrays[0] * 2, arrays[0][:, None] + arrays[1]]


def refused(call, *arguments):
    with pytest.raises(StatusError) as raised:
        call(*arguments)
    return raised.value.code, raised.value.message


def test_a_request_over_the_limit_is_refused_before_it_runs():
    calls = []
    code, message = refused(Work(10 ** 6, 8).run, lambda *call: calls.append(call), [ids(200)], Cost(ITEMS), True, 9)
    assert code == "INVALID_ARGUMENT" and "--max_request_cost" in message and str(200 * ITEMS + 200) in message
    assert refused(Work(10, 8).run, double, [ids(11)], Cost(), False, 9)[0] == "INVALID_ARGUMENT"
    assert not calls


def test_one_row_is_never_refused_for_the_cost_of_its_row():
    """Else no request could rank a catalogue of more items than the limit."""
    np.testing.assert_array_equal(Work(100, 8).run(double, [ids(1), np.int32(7)], Cost(10 ** 7), True, 9)[0], [0])
    assert refused(Work(100, 8).run, double, [ids(2)], Cost(10 ** 7), True, 9)[0] == "INVALID_ARGUMENT"


def test_one_row_is_refused_for_its_texts_and_waits_for_its_turn_where_they_cost_more_than_the_row():
    """There could be fewer of them."""
    code, message = refused(Work(100, 8).run, double, [ids(1), np.int32(7)], Cost(10 ** 7, 99), True, 9)
    assert code == "INVALID_ARGUMENT" and "costs 101" in message and "99 for its texts" in message
    queue = Work(10 ** 9, 8)
    with queue._expensive.turn(9):
        for row, texts in ((10 * EXPENSIVE, 10 * EXPENSIVE), (0, EXPENSIVE)):
            queue.run(double, [ids(1), np.int32(7)], Cost(row, texts), False, .01)
        code, _ = refused(queue.run, double, [ids(1), np.int32(7)], Cost(EXPENSIVE, EXPENSIVE + 1), False, .01)
        assert code == "DEADLINE_EXCEEDED"


def test_each_slice_gets_an_array_of_one_row_whole_and_costs_no_less_than_it():
    seen, texts = [], np.zeros((1, 3 * EXPENSIVE))

    def call(arrays, seconds, background):
        seen.append(len(arrays[0]))
        assert arrays[1].shape == texts.shape
        return [arrays[0] * 2]

    double_of, = Work(10 ** 9, 8).run(call, [ids(7), texts], Cost(EXPENSIVE - 1), True, 9)
    np.testing.assert_array_equal(double_of, ids(7) * 2)
    assert seen == [3, 3, 1]


@settings(deadline=None)  # no test depends on time
@given(rows=st.integers(0, 40), items=st.integers(0, 3 * EXPENSIVE), sliced=st.booleans())
def test_slices_give_what_one_run_gives(rows, items, sliced):
    arrays, seen = [ids(rows), np.int32(7)], []

    def call(part, seconds, background):
        seen.append(len(part[0]))
        return double(part, seconds)

    outputs = Work(10 ** 9, 8).run(call, arrays, Cost(items), sliced, 9)
    for output, expected in zip(outputs, double(arrays, 9)):
        np.testing.assert_array_equal(output, expected)
    if sliced and rows * items > EXPENSIVE and rows > 1:
        assert max(seen) == max(1, EXPENSIVE // (items + 1)) and sum(seen) == rows
    else:
        assert seen == [rows]


def test_a_small_request_runs_while_an_expensive_one_runs():
    queue, inside, done = Work(10 ** 9, 8), threading.Event(), threading.Event()

    def waits(arrays, seconds, background):
        inside.set()
        assert done.wait(60)
        return double(arrays, seconds)

    arguments = ([ids(8), np.int32(1)], Cost(EXPENSIVE), False, 60)
    thread = threading.Thread(target=queue.run, args=(waits,) + arguments)
    thread.start()
    try:
        assert inside.wait(60)
        assert len(queue.run(double, [ids(1), np.int32(1)], Cost(EXPENSIVE), True, 60)[0]) == 1  # one row never waits
        assert refused(queue.run, double, *arguments[:-1], .01)[0] == "DEADLINE_EXCEEDED"  # the turn is taken
    finally:
        done.set()
        thread.join()
    assert len(queue.run(double, *arguments)[0]) == 8


def test_between_slices_a_running_small_request_may_end():
    """The first slice starts a small request; the second one begins after its end, or after PATIENCE."""
    queue, order, started = Work(10 ** 9, 8), [], threading.Event()

    def small(arrays, seconds, background):
        started.set()
        order.append("small ends")
        return arrays

    def slice_(arrays, seconds, background):
        if not order:
            thread.start()
            assert started.wait(60)
        order.append("slice")
        return arrays

    thread = threading.Thread(target=queue.run, args=(small, [ids(1)], Cost(), False, 9))
    queue.run(slice_, [ids(3)], Cost(EXPENSIVE), True, 9)
    thread.join()
    assert order.index("small ends") <= 1 and order.count("slice") == 3


def test_slices_run_in_the_background_and_other_requests_do_not():
    seen = []

    def call(arrays, seconds, background):
        seen.append((background, threading.current_thread() is threading.main_thread()))
        return double(arrays, seconds)

    queue = Work(10 ** 9, 8)
    for rows, sliced in ((1, True), (2, False), (2, True)):  # a single row, rows that belong together, two slices
        queue.run(call, [ids(rows), np.int32(1)], Cost(EXPENSIVE), sliced, 9)
    assert seen == [(False, True), (False, True), (True, False), (True, False)]


def test_the_values_of_a_row_count_in_the_size_of_a_slice():
    seen = []

    def call(arrays, seconds, background):
        seen.append(len(arrays[0]))
        return arrays

    texts = np.arange(7 * (EXPENSIVE // 3)).reshape(7, -1)
    np.testing.assert_array_equal(Work(10 ** 9, 8).run(call, [texts], Cost(), True, 9)[0], texts)
    assert seen == [3, 3, 1]


def test_slices_of_different_width_are_filled_with_zeros():
    def call(arrays, seconds, background):
        widest = arrays[0].max() + 1
        return [arrays[0], np.ones((len(arrays[0]), widest)), np.ones((len(arrays[0]), 2, 3))]

    first, second, third = Work(10 ** 9, 8).run(call, [ids(3)], Cost(EXPENSIVE), True, 9)
    np.testing.assert_array_equal(first, ids(3))
    np.testing.assert_array_equal(second, np.tri(3))
    np.testing.assert_array_equal(third, np.ones((3, 2, 3)))


def test_a_slice_after_the_time_limit_is_not_run():
    calls = []

    def slow(arrays, seconds, background):
        calls.append(seconds)
        threading.Event().wait(.2)
        return arrays

    assert refused(Work(10 ** 9, 8).run, slow, [ids(50)], Cost(EXPENSIVE), True, .1)[0] == "DEADLINE_EXCEEDED"
    assert len(calls) == 1


def test_a_full_queue_refuses_at_once_and_is_free_afterwards():
    turns = Turns(waiting=0)
    with turns.turn(60):
        assert refused(turns.turn(60).__enter__) == (
            "UNAVAILABLE", "The queue of expensive requests is full; try again, or send fewer rows")
    with turns.turn(60):
        pass


def test_one_large_body_is_decoded_at_a_time():
    queue = Work(10 ** 9, 2)
    with queue.body(work.LARGE_BODY + 1, 60):
        with queue.body(work.LARGE_BODY, 60):
            assert refused(queue.body(work.LARGE_BODY + 1, .01).__enter__)[0] == "DEADLINE_EXCEEDED"
    with pytest.raises(ZeroDivisionError):
        with queue.body(work.LARGE_BODY + 1, 60):
            1 / 0
    with queue.body(work.LARGE_BODY + 1, 60):
        pass
