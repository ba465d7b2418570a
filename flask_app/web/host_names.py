"""The names by which the shop may be addressed: other values of the header Host are refused where names are given."""
from urllib.parse import urlsplit

from flask import abort, request

PROBES = ("/healthz", "/readyz", "/metrics")  # programs that watch the shop use its number


def register(app, names):
    """Refuses requests of `app` for other hosts than `names`, where there are any."""
    names = {name.lower() for name in names}

    @app.before_request
    def check():
        if names and request.path not in PROBES and host_of(request.host) not in names:
            abort(400, "The shop is not known by this name.")


def host_of(header):
    """The name in a header Host, without the port; '' where it is damaged."""
    try:
        return (urlsplit("//" + header).hostname or "").lower()
    except ValueError:
        return ""
