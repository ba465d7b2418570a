"""Puts template, style, scripts and content together into one HTML page that loads nothing."""
import base64
import hashlib
import os
import string
from html import escape

from tSNE.page import content

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = ("data.js", "labels.js", "chart.js", "panel.js", "main.js")


def page(value):
    """Returns the bytes of the page of a JSON value by `content.of_maps`.

    The policy of the page lets the browser load nothing, and run its own script alone. Texts of users are in the JSON
    only, which the script shows as text.
    """
    style = _source("style.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(_source, SCRIPTS)) + "\n})();\n"
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src " \
             f"'sha256-{digest}'"
    before, after = string.Template(_source("template.html")).substitute(
        policy=policy, title=escape(value["title"]), verdict=escape(value["verdict"]), before=escape(value["notes"][0]),
        attention=escape(value["notes"][1]), style=style, script=script, content="\0").split("\0")
    return before.encode("utf-8") + content.encoded(value) + after.encode("utf-8")


def _source(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as text:
        return text.read()
