"""The headers of every answer: the browser may load nothing from elsewhere, run no script, and stays at this host."""
from urllib.parse import urlsplit, urlunsplit

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
                               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def register(app):
    """Adds `HEADERS` to every answer of `app`, and makes redirects relative."""

    @app.after_request
    def add(response):
        response.headers.update(HEADERS)
        if app.config["PICTURES"]:
            response.headers["Content-Security-Policy"] = HEADERS[
                "Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' https:")
        if "Location" in response.headers:
            response.headers["Location"] = relative(response.headers["Location"])
        return response


def relative(location):
    """An address without scheme and host: a client chooses the host that it sends, and a cache may keep the answer."""
    parts = urlsplit(location)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))
