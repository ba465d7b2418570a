"""Status codes of TensorFlow Serving's contract, and the HTTP status of each.

A failed request raises one `StatusError`. Its `code` is the name of a gRPC status code. gRPC returns that code; REST
returns the HTTP status of the table below with the body `{"error": message}`.
"""
import errno

HTTP_STATUS = {
    "OK": 200, "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400, "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404, "ALREADY_EXISTS": 409, "PERMISSION_DENIED": 403, "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400, "ABORTED": 409, "OUT_OF_RANGE": 400, "UNIMPLEMENTED": 501,
    "INTERNAL": 500, "UNAVAILABLE": 503, "DATA_LOSS": 500, "UNAUTHENTICATED": 401,
}
NUMBERS = {code: number for number, code in enumerate(HTTP_STATUS)}  # the table is in the order of gRPC's numbers
NAMES = list(HTTP_STATUS)
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)  # too many open files, of a process or in all; too little memory


class StatusError(Exception):
    """The failure of a request or of the loading of a version: `code` (a name above) and `message`."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message

    def drop_traceback(self):
        """Releases the frames in which the error was raised: they hold the arrays of the request in memory."""
        self.__traceback__ = self.__context__ = None

    def __str__(self):
        """As TensorFlow prints a status, e.g. `Invalid argument: ...`."""
        return f"{self.code.replace('_', ' ').capitalize()}: {self.message}"


def invalid(message):
    """Returns the error of a request that does not match the model."""
    return StatusError("INVALID_ARGUMENT", message)


def not_found(message):
    """Returns the error of a model, a version or a page that does not exist."""
    return StatusError("NOT_FOUND", message)


def from_exception(error):
    """Returns the `StatusError` of an exception of TensorFlow (its errors carry the number of a code) or of Python."""
    if isinstance(error, StatusError):
        return error
    number = getattr(error, "error_code", None)
    if isinstance(number, int) and 0 < number < len(NAMES):
        code = NAMES[number]
    elif isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno in _SCARCE:
        code = "RESOURCE_EXHAUSTED"
    else:
        code = "NOT_FOUND" if isinstance(error, OSError) else "UNKNOWN"
    return StatusError(code, str(getattr(error, "message", None) or error) or type(error).__name__)
