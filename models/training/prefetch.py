"""Prepares what comes next while the present is used."""
import queue
import threading

AHEAD = 3  # items prepared ahead
POLL = .2  # seconds after which the thread looks whether it is still wanted


def prefetch(items, ahead=AHEAD):
    """Yields from an iterable that runs in a thread of its own, `ahead` items ahead.

    Its errors are raised here. When this generator is closed, the thread has ended.
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
        except BaseException as error:  # for the reader
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
