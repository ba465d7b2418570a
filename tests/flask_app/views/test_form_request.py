"""Forms in parts are refused before they are parsed: a part may name a codec that takes long, or that is none."""
import json
import time

import pytest
from flask import request

from flask_app.application import create_app
from tests.flask_app.reading import read

PARTS = "multipart/form-data; boundary=X"


def part(text, charset):
    return (f'--X\r\nContent-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset={charset}'
            f"\r\n\r\n{text}\r\n--X--\r\n").encode()


@pytest.mark.parametrize("kind", [PARTS, PARTS.upper()])
@pytest.mark.parametrize("text, charset", [("j50i" + "a" * 200000, "punycode"), ("a", "foo"), ("a", "utf-8")],
                         ids=["slow", "unknown", "plain"])
def test_a_form_in_parts_is_refused_with_a_page_at_once(chain_app, kind, text, charset):
    start = time.monotonic()
    answer = chain_app.test_client().post("/yourself", data=part(text, charset), content_type=kind)
    assert answer.status_code == 415 and time.monotonic() - start < 1
    page = read(answer)
    assert page.one("h1").text == "Not a form of this shop"
    assert "application/x-www-form-urlencoded" in page.one("main").text


def test_a_form_in_parts_below_api_is_a_problem_document(catalogue_path):
    app = create_app(catalogue_path=catalogue_path)
    app.add_url_rule("/api/form", "form", lambda: request.form.get("text"), methods=["POST"])
    answer = app.test_client().post("/api/form", data=part("a", "foo"), content_type=PARTS)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")
    assert json.loads(answer.data.decode())["status"] == 415
    assert app.test_client().post("/api/form", data={"text": "read"}).data == b"read"


def test_every_form_that_the_shop_sends_is_urlencoded(chain_app, shopper):
    client = chain_app.test_client()
    forms = [form for address in ("/", "/yourself", f"/shoppers/{shopper}", "/search?q=a")
             for form in read(client.get(address)).find("form")]
    assert {form.attributes.get("method", "get") for form in forms} == {"get", "post"}
    assert not [form for form in forms if "enctype" in form.attributes]
