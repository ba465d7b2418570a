"""The line in the footer of the pages: which version of the model answers now."""
import time

KEPT = 5  # seconds an answer is used again


class ModelVersion:
    """Calling it returns the line; it never raises. The server is queried at most every KEPT seconds.

    Args:
      client: a `serving.client.ModelClient` with a short timeout.
      model_name: the model's name at the server.
    """

    def __init__(self, client, model_name):
        self._client, self._name = client, model_name
        self._line, self._until = "", 0

    def __call__(self):
        if time.monotonic() >= self._until:
            self._line = self._query()
            self._until = time.monotonic() + KEPT
        return self._line

    def _query(self):
        versions = available(self._client)
        if versions is None:
            return "does not answer"
        return f"{self._name}, version {', '.join(versions)}" if versions else "no version is ready"


def available(client):
    """The numbers of the versions that a model server answers with, as text; None where it does not answer."""
    states = client.states()
    return None if states is None else [str(version) for version, state in states if state == "AVAILABLE"]
