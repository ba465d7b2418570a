"""The headers of every answer, and one log line a request."""
import time

from flask import g, request

from runtime.cli import log

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
                               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def register(app):
    """Makes every answer of `app` carry `HEADERS`; logs its page, status and time, no address."""

    @app.before_request
    def start():
        g.start = time.perf_counter()

    @app.after_request
    def finish(response):
        response.headers.update(HEADERS)
        if app.config["PICTURES"]:
            response.headers["Content-Security-Policy"] = HEADERS[
                "Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' https:")
        log.info("%s %s %d %.0f ms", request.method, request.endpoint or "unknown page",
                 response.status_code, 1000 * (time.perf_counter() - g.get("start", 0)))
        return response
