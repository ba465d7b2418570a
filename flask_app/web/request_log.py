"""One log line for each request: method, path, status, milliseconds. No query, no form, no address of a visitor."""
import time
from urllib.parse import quote

from flask import g, request

from runtime.cli import log

LONGEST = 120  # characters of a logged path


def register(app):
    """Logs every request of `app`."""

    @app.before_request
    def start():
        g.start = time.perf_counter()

    @app.after_request
    def finish(response):
        milliseconds = 1000 * (time.perf_counter() - g.get("start", 0))
        log.info("%s %s %d %.0f ms", request.method, logged_path(), response.status_code, milliseconds)
        return response


def logged_path():
    """The path of the request, percent-encoded; of an unknown page no part, because anything may have been typed."""
    if request.endpoint is None:
        return "unknown page"
    path = quote(request.path, errors="replace")
    return path if len(path) <= LONGEST else path[:LONGEST] + "..."
