"""Status codes of the model server's contract, and what each is over HTTP.

A request fails with one `StatusError`. Its `code` is the name of a gRPC status code; REST answers
the HTTP status of the table below with `{"error": message}`, gRPC the code itself.
"""
HTTP_STATUS = {
    "OK": 200, "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400, "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404, "ALREADY_EXISTS": 409, "PERMISSION_DENIED": 403, "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400, "ABORTED": 409, "OUT_OF_RANGE": 400, "UNIMPLEMENTED": 501,
    "INTERNAL": 500, "UNAVAILABLE": 503, "DATA_LOSS": 500, "UNAUTHENTICATED": 401,
}
NUMBERS = {code: number for number, code in enumerate(HTTP_STATUS)}  # in the order of their numbers
NAMES = list(HTTP_STATUS)


class StatusError(Exception):
    """A request, or the loading of a version, that failed: `code` (a name above) and `message`."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message

    def forget(self):
        """Lets go of where it was raised: those frames hold the request, and point back at it."""
        self.__traceback__ = self.__context__ = None

    def __str__(self):
        """As TensorFlow prints a status, e.g. `Invalid argument: ...`."""
        return f"{self.code.replace('_', ' ').capitalize()}: {self.message}"


def invalid(message):
    """The error of a request that does not fit the model."""
    return StatusError("INVALID_ARGUMENT", message)


def not_found(message):
    """The error of a model, a version or a page that is not there."""
    return StatusError("NOT_FOUND", message)


def from_exception(error):
    """The `StatusError` of whatever TensorFlow raised (whose errors carry a number)."""
    number = getattr(error, "error_code", None)
    known = isinstance(number, int) and 0 < number < len(NAMES)
    code = NAMES[number] if known else "NOT_FOUND" if isinstance(error, OSError) else "UNKNOWN"
    return StatusError(code, str(getattr(error, "message", None) or error or type(error).__name__))
