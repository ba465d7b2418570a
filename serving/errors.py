"""The one error of the model server's client, and the reasons it can have."""
UNREACHABLE = "unreachable"  # nobody answers at the address
TIMEOUT = "timeout"  # no whole answer in time
UNAVAILABLE = "unavailable"  # the server says that it cannot serve now, or that it failed
NOT_FOUND = "not_found"  # no such model or version, or it is not loaded (yet)
INVALID = "invalid"  # the request does not fit the model
CIRCUIT_OPEN = "circuit_open"  # the last calls failed in a row; this one was not made
BAD_ANSWER = "bad_answer"  # an answer came, and it is not what the contract says


class ModelServerError(Exception):
    """A call that gave no result.

    Attributes:
      reason: one of the constants above.
      message: one line for a log.
      status: the HTTP status (int) or the gRPC code's name (str) of the answer; None without one.
    """

    def __init__(self, reason, message, status=None):
        super().__init__(f"{reason}: {message}")
        self.reason, self.message, self.status = reason, message, status
