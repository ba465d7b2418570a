"""Items come in order, errors are raised where the items are read, and closing the generator ends the thread."""
import threading

import pytest

from models.training.prefetch import prefetch


@pytest.mark.parametrize("count", [0, 1, 20])
def test_order(count):
    assert list(prefetch(iter(range(count)))) == list(range(count))


def test_an_error_reaches_the_reader():
    def failing():
        yield 1
        raise ValueError("lost")

    ready = prefetch(failing())
    assert next(ready) == 1
    with pytest.raises(ValueError, match="lost"):
        next(ready)


@pytest.mark.parametrize("count, read", [(2, 1), (9, 1), (4, 1), (10 ** 9, 5)])
def test_a_closed_generator_leaves_no_thread(count, read):
    """Also where the thread waits to hand over the last item, or the end of the items."""
    before = threading.active_count()
    ready = prefetch(iter(range(count)))
    assert [next(ready) for _ in range(read)] == list(range(read))
    assert threading.active_count() == before + 1 or count <= read + 3
    ready.close()
    assert threading.active_count() == before
