"""The client of the shop: a short time limit, and a longer one only while the model server loads a new version.

Requests that ask for many items, such as the whole catalogue for a filter, have clients of their own, so that their
timeouts open no circuit for the others (`serving/retry.py`).
"""
import time

import numpy as np

from serving import signatures as wire
from serving.errors import CIRCUIT_OPEN, TIMEOUT, ModelServerError

MANY = 100  # items asked for; more of them take longer, and the model server computes more where it ranks in two stages
PATIENCE = 5.  # seconds for an answer while a version is loaded
REMEMBERED = 5.  # seconds for which a state of loading counts: a server that loads may not tell it in time


class PatientClient:
    """`predict` as of a `serving.client.ModelClient`. Safe to use from several threads.

    Args:
      quick: a ModelClient with the time limit of a page.
      patient: one with a longer time limit.
      probe: one with a short time limit, for the state of the versions.
    """

    def __init__(self, quick, patient, probe):
        self._quick, self._patient, self._probe = quick, patient, probe
        self._loading_until = 0.

    def predict(self, signature, inputs):
        """Raises ModelServerError."""
        if time.monotonic() >= self._loading_until:
            try:
                return self._quick.predict(signature, inputs)
            except ModelServerError as error:
                if error.reason not in (TIMEOUT, CIRCUIT_OPEN) or not self._is_loading():
                    raise
            self._loading_until = time.monotonic() + REMEMBERED
        return self._patient.predict(signature, inputs)

    def ready(self):
        return self._quick.ready()

    def _is_loading(self):
        """Whether the server answers now, with a loaded version, and loads another one or has just loaded one."""
        states = [state for _, state in self._probe.states() or ()]
        return "AVAILABLE" in states and ("LOADING" in states or "UNLOADING" in states or states.count("AVAILABLE") > 1)


class ClientBySize:
    """`predict` as of a `serving.client.ModelClient`. Safe to use from several threads.

    Args:
      ordinary: a PatientClient.
      large: another one, with clients of its own, for requests that ask for more than MANY items.
    """

    def __init__(self, ordinary, large):
        self._ordinary, self._large = ordinary, large

    def predict(self, signature, inputs):
        """Raises ModelServerError."""
        is_large = np.max(inputs.get(wire.TOP_K, 0)) > MANY
        return (self._large if is_large else self._ordinary).predict(signature, inputs)

    def ready(self):
        return self._ordinary.ready()
