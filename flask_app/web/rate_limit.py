"""How often one address may send texts: a bucket of tokens each, in this process's memory."""
import collections
import threading
import time


class RateLimit:
    """At most `burst` at once and `a_minute` in the long run, for each key.

    Args:
      burst: tokens of a full bucket.
      a_minute: tokens that flow in.
      most: keys remembered; the one unseen longest is forgotten first.
      clock: seconds, rising.
    """

    def __init__(self, burst, a_minute, most=4096, clock=time.monotonic):
        self._burst, self._flow, self._most, self._clock = burst, a_minute / 60, most, clock
        self._buckets = collections.OrderedDict()  # key -> (tokens, time)
        self._lock = threading.Lock()

    def allows(self, key):
        """Takes a token of the key's bucket; False where there is none."""
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(key, (self._burst, now))
            tokens = min(self._burst, tokens + (now - then) * self._flow)
            self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return tokens >= 1
