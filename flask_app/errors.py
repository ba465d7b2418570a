"""What can go wrong, as polite pages: 400, 404, 502, 503, 500. Details go to the log alone."""
import sqlite3
from typing import NamedTuple

from flask import render_template
from werkzeug.exceptions import HTTPException

from command import log
from flask_app.recommendation import MisfitError
from serving.client import BAD_ANSWER, INVALID, ModelServerError

RETRY = 5  # seconds after which a page that waits for something asks again


class Failure(NamedTuple):
    status: int
    heading: str
    text: str


_AWAY = Failure(503, "The shop is catching its breath",
                "The model that ranks the items and weighs the reviews does not answer at the "
                "moment. This page asks again by itself every few seconds.")
_NO_CATALOGUE = Failure(503, "The shelves are being filled",
                        "The catalogue of items and reviews cannot be read at the moment. "
                        "This page asks again by itself every few seconds.")
_MISFIT = Failure(502, "Model and catalogue do not fit",
                  "The model server answers, but not for the items and shoppers of this catalogue. "
                  "It probably serves the model of another run; whoever runs this shop can start "
                  "it with the run of that model.")
_BROKEN = Failure(500, "Something broke on our side",
                  "This page could not be made. The reason is in the shop's log.")
_HTTP = {
    400: ("This address makes no sense", "A value in the address is not what this page expects."),
    404: ("Not on our shelves", "There is no page at this address."),
}


def register(app):
    """Gives `app` a page for every kind of failure."""

    @app.errorhandler(ModelServerError)
    def model_server(error):
        log.warning("model server: %s", error)
        return _page(_MISFIT if error.reason in (INVALID, BAD_ANSWER) else _AWAY)

    @app.errorhandler(MisfitError)
    def misfit(error):
        log.error("the model does not fit the catalogue: %s", error)
        return _page(_MISFIT)

    @app.errorhandler(sqlite3.Error)
    @app.errorhandler(FileNotFoundError)
    def catalogue(error):
        log.error("catalogue: %s: %s", type(error).__name__, error)
        return _page(_NO_CATALOGUE)

    @app.errorhandler(HTTPException)
    def http(error):
        heading, text = _HTTP.get(error.code, (error.name, error.description))
        if error.code >= 400 and error.description != type(error).description:
            text = error.description  # written by a page of ours, for the reader
        return _page(Failure(error.code, heading, text)) if error.code >= 400 else error

    @app.errorhandler(Exception)
    def broken(error):
        log.exception("a page broke: %s", error)
        return _page(_BROKEN)


def _page(failure):
    headers = {}
    if failure.status == 503:  # `Refresh` makes the browser ask again, without a script
        headers = {"Retry-After": str(RETRY), "Refresh": str(RETRY)}
    return render_template("failure.html", failure=failure), failure.status, headers
