"""The model server as the pages ask it: an absent one is not waited for again and again."""
import time

from serving.client import TIMEOUT, UNREACHABLE, ModelServerError

WAITED = .2  # seconds; a failure that came sooner costs nobody anything
AWAY = 1.  # seconds in which nobody waits again for a server that did not answer


class ModelServer:
    """Passes calls on to a client. Safe to use from several threads.

    After a call that waited in vain all calls fail at once for `away` seconds: else every thread of
    the shop would soon wait for a server that hangs.

    Args:
      client: a `serving.client.ModelClient`.
      away: seconds.
    """

    def __init__(self, client, away=AWAY):
        self._client, self._for = client, away
        self._failure, self._until = None, 0

    def predict(self, signature, inputs):
        """As `ModelClient.predict`. Raises ModelServerError."""
        if time.monotonic() < self._until:
            failure = self._failure
            raise ModelServerError(failure.reason, f"{failure.message} (not asked again yet)")
        start = time.monotonic()
        try:
            return self._client.predict(signature, inputs)
        except ModelServerError as error:
            waited = time.monotonic() - start > WAITED
            if waited and error.reason in (TIMEOUT, UNREACHABLE):
                self._failure, self._until = error, time.monotonic() + self._for
            raise
