"""Prepares the next batches in a thread while the current one is used."""
import queue
import threading

AHEAD = 3  # items prepared ahead
POLL = .2  # seconds after which a waiting thread checks whether it should stop


def prefetch(items, ahead=AHEAD):
    """Yields the items of an iterable that runs in its own thread, up to `ahead` items ahead.

    Errors of the iterable are raised here. Closing this generator ends the thread.
    """
    ready, done = queue.Queue(ahead), object()
    stop = threading.Event()

    def hand_over(item):
        while not stop.is_set():
            try:
                return ready.put(item, timeout=POLL)
            except queue.Full:
                continue

    def prepare():
        try:
            for item in items:
                hand_over((item, None))
                if stop.is_set():
                    return
            hand_over((done, None))
        except BaseException as error:  # raised where the items are read
            hand_over((done, error))

    thread = threading.Thread(target=prepare, daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is not None:
                raise error
            if item is done:
                return
            yield item
    finally:
        stop.set()
        thread.join()
