"""The error that the model server's client raises, and its possible reasons."""
UNREACHABLE = "unreachable"  # no server answers at the address
TIMEOUT = "timeout"  # no complete response within the time limit
UNAVAILABLE = "unavailable"  # the server reports that it cannot serve now, or that it failed
NOT_FOUND = "not_found"  # the model or version does not exist, or is not loaded (yet)
INVALID = "invalid"  # the request does not match the model's signature
CIRCUIT_OPEN = "circuit_open"  # the last calls failed in a row; this call was not sent
BAD_ANSWER = "bad_answer"  # the response does not follow the contract


class ModelServerError(Exception):
    """A call without a result.

    Attributes:
      reason: one of the constants above.
      message: one line for a log.
      status: the HTTP status (int) or the name of the gRPC code (str) of the response; None without a response.
    """

    def __init__(self, reason, message, status=None):
        super().__init__(f"{reason}: {message}")
        self.reason, self.message, self.status = reason, message, status
