"""Failures: unknown ids, a model server that does not answer or serves another run, a missing catalogue."""
import os
import shutil
import socket
import time

import pytest

from flask_app.application import create_app
from flask_app.storage.store import Store
from flask_app.web import headers
from serving import signatures as wire
from serving.server import start as model_server
from tests.flask_app.reading import links, read
from tests.flask_app.tiny_catalogue import ITEMS, REVIEWS, SHOPPERS, write_catalogue

PAGES = ["/shoppers/ann", "/items/drum?for=ann"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def check_failure(answer, status):
    """Checks an error page: the status, a link back, the headers, no technical details."""
    page = read(answer)
    assert answer.status_code == status
    assert "/" in links(page, "/nowhere")
    assert page.one("h1").text and "Traceback" not in page.text and "Error" not in page.text
    for name, value in headers.HEADERS.items():
        assert answer.headers[name] == value
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize("address", [
    "/shoppers/nobody", "/shoppers/ann/", "/shoppers/%20ann", "/shoppers/%00", "/shoppers/%ff",
    "/items/nothing", "/items/drum?for=nobody", "/items/drum?for=ann&beside=%F0%9F%90%99",
    "/shoppers/", "/items/", "/nowhere", "/static/nothing.css", "/static/../pages.py"])
def test_unknown_addresses_are_404_with_a_link_back(client, address):
    check_failure(client.get(address), 404)


def test_an_unknown_id_is_named_as_text(client):
    answer = client.get("/shoppers/%3Cscript%3Ealert(1)%3C/script%3E")
    check_failure(answer, 404)
    assert "<script>alert(1)</script>" in read(answer).text and not read(answer).find("script")


def test_without_the_model_a_page_names_what_still_works_and_how_to_keep_what_was_entered(chain):
    app = create_app(chain.run_folder, f"http://127.0.0.1:{free_port()}", timeout=60)
    shopper, item = (next(link for link in links(read(app.test_client().get(start)), start) if link.startswith(kind))
                     for start, kind in (("/", "/shoppers/"), ("/search?q=a", "/items/")))
    for asked in (shopper, f"{item}?for={shopper.split('/')[-1]}"):
        answer = app.test_client().get(asked)
        page = read(answer)
        assert answer.status_code == 503 and "Search and reviews still work." in page.text
        assert "/search" in links(page, asked) and (item in links(page, asked)) == (asked != shopper)
        for link in links(page, asked) - {asked}:
            assert app.test_client().get(link).status_code == 200
        assert "Back button" not in page.text
        assert page.one("small").text.endswith(answer.headers["X-Request-ID"])
    posted = read(app.test_client().post("/yourself", data={"text": "It lasts."}))
    assert "Recommendations are unavailable" in posted.one("h1").text and "Back button" in posted.one("main").text


def test_pages_are_read_only(client):
    check_failure(client.post("/shoppers/ann"), 405)
    check_failure(client.delete("/"), 405)


def test_pages_are_503_while_the_model_server_is_stopped_and_work_afterwards(catalogue_path, model_folder):
    rest_port = free_port()
    app = create_app(server_url=f"http://127.0.0.1:{rest_port}", catalogue_path=catalogue_path,
                     timeout=60)
    client = app.test_client()

    def statuses():
        return [client.get(page).status_code for page in PAGES + ["/readyz", "/healthz", "/"]]

    for page in PAGES:
        check_failure(client.get(page), 503)
    assert statuses() == [503, 503, 503, 200, 200]
    for _ in range(2):
        server = model_server.start(wire.MODEL_NAME, model_folder, rest_api_port=rest_port)
        try:
            for _ in range(20):  # after a failure the shop tries again after a second
                if statuses() == [200] * 5:
                    break
                time.sleep(.25)
            assert statuses() == [200] * 5
        finally:
            server.stop()
        assert statuses() == [503, 503, 503, 200, 200]


def test_a_model_server_that_never_answers_is_a_503_page(catalogue_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)  # the system accepts connections, but no answer ever comes
        app = create_app(server_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
                         catalogue_path=catalogue_path, timeout=.3)
        check_failure(app.test_client().get("/shoppers/ann"), 503)
        assert app.test_client().get("/healthz").status_code == 200


def test_a_model_that_the_server_does_not_have_is_a_503_page(server, catalogue_path):
    app = create_app(server_url=server.rest_url, catalogue_path=catalogue_path, model_name="other",
                     timeout=60)
    check_failure(app.test_client().get("/shoppers/ann"), 503)
    assert app.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("variant", [
    {"shoppers": SHOPPERS + ["new"], "page_of": "new"},  # a shopper that the model does not have
    {"items": ITEMS[:-1], "page_of": "ann"},  # an item that the catalogue does not have
    {"reviews": REVIEWS[::-1], "page_of": "ann"},  # review rows are those of other reviews
])
def test_pages_are_503_until_the_catalogue_matches_the_model(server, catalogue_path, tmp_path, caplog, variant):
    page = f"/shoppers/{variant.pop('page_of')}"
    path = write_catalogue(tmp_path / "catalogue.sqlite", **variant)
    app = create_app(server_url=server.rest_url, catalogue_path=path, timeout=60)
    check_failure(app.test_client().get(page), 503)
    assert "model server" in caplog.text or "does not match the catalogue" in caplog.text
    shutil.copy(catalogue_path, path)
    assert app.test_client().get("/shoppers/ann").status_code == 200


def test_pages_are_503_while_the_catalogue_is_missing_or_damaged(server, catalogue_path, tmp_path, caplog):
    path = str(tmp_path / "catalogue.sqlite")
    shutil.copy(catalogue_path, path)
    client = create_app(server_url=server.rest_url, catalogue_path=path, timeout=60).test_client()
    os.remove(path)
    for page in PAGES + ["/"]:
        caplog.clear()
        check_failure(client.get(page), 503)
        assert "catalogue: FileNotFoundError" in caplog.text
    with open(path, "wb") as file:
        file.write(b"this is no catalogue" * 99)
    for page in PAGES + ["/"]:
        check_failure(client.get(page), 503)
    shutil.copy(catalogue_path, path)
    assert [client.get(page).status_code for page in PAGES + ["/"]] == [200] * 3


def test_an_unexpected_error_is_a_500_page_and_is_logged(client, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("a private detail")

    monkeypatch.setattr(Store, "owned", broken)
    answer = client.get("/shoppers/ann")
    check_failure(answer, 500)
    assert "a private detail" not in read(answer).text and "a private detail" in caplog.text
