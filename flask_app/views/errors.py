"""What can go wrong, as polite pages and, below /api/, as problems (RFC 7807). Details: the log."""
import json
import sqlite3
from typing import NamedTuple

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from flask_app.recommending.recommendation import MisfitError
from runtime.cli import log
from serving.client import BAD_ANSWER, INVALID, ModelServerError

RETRY = 5  # seconds after which a page that waits for something asks again
API = "/api/"


class Failure(NamedTuple):
    status: int
    heading: str
    text: str


_AWAY = Failure(503, "The shop is catching its breath",
                "The model that ranks the items and weighs the reviews gives no answer at the "
                "moment. Nothing is lost; please try again shortly.")
_MISFIT = Failure(503, "Model and catalogue do not fit",
                  "The model server answers, but not for the items and shoppers of this catalogue. "
                  "It may be changing models, or serve that of another run; whoever runs this shop "
                  "finds the reason in its log.")
_NO_CATALOGUE = Failure(503, "The shelves are being filled",
                        "The catalogue of items and reviews cannot be read at the moment. "
                        "Please try again shortly.")
_BROKEN = Failure(500, "Something broke on our side",
                  "This page could not be made. The reason is in the shop's log.")
_HTTP = {
    400: ("This address makes no sense", "A value in the address is not what this page expects."),
    404: ("Not on our shelves", "There is no page at this address."),
    405: ("Not possible here", "This address does not take that kind of request."),
    413: ("That is too much to read", "The texts together may have 64 KB. Please shorten them."),
    429: ("One moment, please", "Many texts came from your address. Please wait half a minute."),
}


def register(app):
    """Gives `app` a page for every kind of failure."""

    @app.errorhandler(ModelServerError)
    def model_server(error):
        log.warning("model server: %s", " ".join(str(error).split()))
        return answer(_MISFIT if error.reason in (INVALID, BAD_ANSWER) else _AWAY)

    @app.errorhandler(MisfitError)
    def misfit(error):
        log.error("the model does not fit the catalogue: %s", error)
        return answer(_MISFIT)

    @app.errorhandler(sqlite3.Error)
    @app.errorhandler(FileNotFoundError)
    def catalogue(error):
        log.error("catalogue: %s: %s", type(error).__name__, error)
        return answer(_NO_CATALOGUE)

    @app.errorhandler(HTTPException)
    def http(error):
        if error.code < 400:
            return error
        heading, text = _HTTP.get(error.code, (error.name, error.description))
        if error.description != type(error).description:
            text = error.description  # written by a page of ours, for the reader
        kept = [(name, value) for name, value in error.get_headers() if name in ("Allow",)]
        return answer(Failure(error.code, heading, text), dict(kept))

    @app.errorhandler(Exception)
    def broken(error):
        log.exception("a page broke: %s", type(error).__name__)
        return answer(_BROKEN)


def answer(failure, headers=()):
    """The response that tells of a `Failure`: a page, or a problem where a program asked."""
    headers = dict(headers)
    if failure.status in (429, 503):
        headers["Retry-After"] = str(30 if failure.status == 429 else RETRY)
    if request.path.startswith(API):
        problem = {"type": "about:blank", "title": failure.heading, "status": failure.status,
                   "detail": failure.text}
        return Response(json.dumps(problem) + "\n", failure.status, headers,
                        content_type="application/problem+json")
    if failure.status == 503 and request.method == "GET":
        headers["Refresh"] = str(RETRY)  # the browser asks again, without a script
    return render_template("failure.html", failure=failure), failure.status, headers
