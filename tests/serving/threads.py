"""Runs calls at the same time."""
import threading


def together(function, calls):
    """Calls `function(*arguments)` for each tuple of arguments in its own thread, and waits for all of them."""
    threads = [threading.Thread(target=function, args=arguments) for arguments in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
