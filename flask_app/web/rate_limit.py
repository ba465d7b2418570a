"""How often one address may send costly requests: a token bucket for each address, in the memory of this process."""
import collections
import threading
import time


class RateLimit:
    """At most `burst` requests at once and `a_minute` in the long run, for each key.

    Args:
      burst: tokens of a full bucket.
      a_minute: tokens added in a minute.
      most: keys remembered; the key that was unseen for the longest time is forgotten first.
      clock: function that returns seconds, never falling.
    """

    def __init__(self, burst, a_minute, most=4096, clock=time.monotonic):
        self._burst, self._per_second, self._most, self._clock = burst, a_minute / 60, most, clock
        self._buckets = collections.OrderedDict()  # key -> (tokens, time of the last request)
        self._lock = threading.Lock()

    def allows(self, key):
        """Takes a token from the key's bucket; False where it has none."""
        with self._lock:
            now = self._clock()
            tokens, last = self._buckets.pop(key, (self._burst, now))
            tokens = min(self._burst, tokens + (now - last) * self._per_second)
            self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return tokens >= 1
