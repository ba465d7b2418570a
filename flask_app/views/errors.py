"""What can go wrong: an error page or, below /api/, a JSON problem (RFC 7807). Details are in the log only."""
import json
import sqlite3
from typing import NamedTuple

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from flask_app.recommending.recommendation import MismatchError, OrderMissingError
from flask_app.web.request_log import request_id
from runtime.cli import log
from serving.errors import BAD_ANSWER, INVALID, ModelServerError

RETRY = 5  # seconds after which a page of status 503 is requested again
API = "/api/"
CATALOGUE = (sqlite3.Error, FileNotFoundError)  # what is raised where the catalogue cannot be read


class Failure(NamedTuple):
    """What a visitor is shown."""
    status: int
    heading: str
    text: str


_STILL = "Search and reviews still work."
_NO_ANSWER = Failure(503, "Recommendations are unavailable for a moment", _STILL)
_MISMATCH = Failure(503, "Recommendations are being changed", f"They do not fit this shop at the moment. {_STILL}")
_NO_ORDER = Failure(404, "There is no such order",
                    "This shop does not order items by their reviews alone.")
_NO_CATALOGUE = Failure(503, "The shop is closed for a moment", "Items and reviews cannot be read.")
_UNEXPECTED = Failure(500, "Something went wrong", "The shop could not make this page.")
_HTTP = {
    400: ("This address is not valid", "A value in the address is not one that this page accepts."),
    404: ("Not found", "There is no page at this address."),
    405: ("Not allowed", "This address does not accept this kind of request."),
    413: ("Too much text", "A text may have 8,000 characters. Please shorten your texts."),
    415: ("Not a form of this shop", "The shop reads forms that are sent as its own pages send them: "
          "application/x-www-form-urlencoded."),
    429: ("Too many requests", "Many requests that take long came from your address. Please wait half a "
          "minute."),
}


def register(app):
    """Adds an answer for every kind of failure to `app`."""

    @app.errorhandler(ModelServerError)
    def model_server(error):
        log.warning("model server: %s", " ".join(str(error).split()))
        return answer(_MISMATCH if error.reason in (INVALID, BAD_ANSWER) else _NO_ANSWER)

    @app.errorhandler(MismatchError)
    def mismatch(error):
        log.error("the model does not match the catalogue: %s", error)
        return answer(_MISMATCH)

    @app.errorhandler(OrderMissingError)
    def order(error):
        log.warning("order by reviews alone: %s", " ".join(str(error).split()))
        return answer(_NO_ORDER)

    def catalogue(error):
        log_catalogue(error)
        return answer(_NO_CATALOGUE)

    for kind in CATALOGUE:
        app.register_error_handler(kind, catalogue)

    @app.errorhandler(HTTPException)
    def http(error):
        if error.code < 400:
            return error
        heading, text = _HTTP.get(error.code, (error.name, error.description))
        if error.description != type(error).description:
            text = error.description  # written by a view of the shop, for the visitor
        kept = [(name, value) for name, value in error.get_headers() if name in ("Allow",)]
        return answer(Failure(error.code, heading, text), dict(kept))

    @app.errorhandler(Exception)
    def unexpected(error):
        log.exception("a page could not be made: %s, request %s", type(error).__name__, request_id())
        return answer(_UNEXPECTED)


def log_catalogue(error):
    """Logs why the catalogue cannot be read, one of CATALOGUE."""
    log.error("catalogue: %s: %s", type(error).__name__, error)


def answer(failure, headers=()):
    """The response for a `Failure`: a page, or a JSON problem below /api/."""
    headers = dict(headers)
    if failure.status in (429, 503):
        headers["Retry-After"] = str(30 if failure.status == 429 else RETRY)
    if request.path.startswith(API):
        problem = {"type": "about:blank", "title": failure.heading, "status": failure.status,
                   "detail": failure.text}
        return Response(json.dumps(problem) + "\n", failure.status, headers,
                        content_type="application/problem+json")
    if failure.status == 503 and request.method == "GET":
        headers["Refresh"] = str(RETRY)  # the browser requests the page again, without a script
    return render_template("failure.html", failure=failure, works=failure.text.endswith(_STILL),
                           item_id=(request.view_args or {}).get("item_id")), failure.status, headers
