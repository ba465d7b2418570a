"""Calls at the same time."""
import threading


def together(function, arguments):
    """Calls `function(*one)` for each of `arguments` in a thread of its own, and waits for all."""
    threads = [threading.Thread(target=function, args=one) for one in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
