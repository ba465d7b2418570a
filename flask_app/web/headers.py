"""The headers of every answer: the browser may load nothing from elsewhere and run no script."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
                               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def register(app):
    """Adds `HEADERS` to every answer of `app`."""

    @app.after_request
    def add(response):
        response.headers.update(HEADERS)
        if app.config["PICTURES"]:
            response.headers["Content-Security-Policy"] = HEADERS[
                "Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' https:")
        return response
