"""One log line for each request: method, path, status, milliseconds and the request's id. No query, no form, no address
of a visitor. The id is also a header of the answer, so that a line can be found for an answer."""
import os
import time
from urllib.parse import quote

from flask import g, request

from runtime.cli import log

LONGEST = 120  # characters of a logged path
HEADER = "X-Request-ID"


def register(app):
    """Logs and counts every request of `app`."""

    @app.before_request
    def start():
        g.start, g.request_id = time.perf_counter(), os.urandom(8).hex()

    @app.after_request
    def finish(response):
        seconds = time.perf_counter() - g.get("start", time.perf_counter())
        response.headers[HEADER] = request_id()
        app.extensions["metrics"].count(request.endpoint, response.status_code, seconds)
        log.info("%s %s %d %.0f ms %s", request.method, logged_path(), response.status_code, 1000 * seconds,
                 request_id())
        return response


def request_id():
    """The id of the request, 16 hexadecimal digits: random, and not of the visitor."""
    if "request_id" not in g:  # a request that was refused before it began
        g.request_id = os.urandom(8).hex()
    return g.request_id


def logged_path():
    """The path of the request, percent-encoded; of an unknown page no part, because anything may have been typed."""
    if request.endpoint is None:
        return "unknown page"
    path = quote(request.path, errors="replace")
    return path if len(path) <= LONGEST else path[:LONGEST] + "..."
