"""What goes wrong: unknown ids, a model server that is away or of another run, a lost catalogue."""
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
from tests.flask_app.conftest import ITEMS, REVIEWS, SHOPPERS, write_catalogue
from tests.flask_app.reading import links, read

PAGES = ["/shoppers/ann", "/items/drum?for=ann"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def check_failure(answer, status):
    """A polite page: the status, a way back, the headers, nothing of the machinery."""
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
def test_unknown_addresses_are_404_with_a_way_back(client, address):
    check_failure(client.get(address), 404)


def test_an_unknown_id_is_named_as_text(client):
    answer = client.get("/shoppers/%3Cscript%3Ealert(1)%3C/script%3E")
    check_failure(answer, 404)
    assert "<script>alert(1)</script>" in read(answer).text and not read(answer).find("script")


def test_only_reading_is_possible(client):
    check_failure(client.post("/shoppers/ann"), 405)
    check_failure(client.delete("/"), 405)


def test_a_server_that_is_away_is_told_and_comes_back(catalogue_path, model_folder):
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
            for _ in range(20):  # a shop that found nobody asks again after a second
                if statuses() == [200] * 5:
                    break
                time.sleep(.25)
            assert statuses() == [200] * 5
        finally:
            server.stop()
        assert statuses() == [503, 503, 503, 200, 200]


def test_a_server_that_never_answers_is_a_polite_page(catalogue_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)  # connections are accepted by the system, nobody ever answers
        app = create_app(server_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
                         catalogue_path=catalogue_path, timeout=.3)
        check_failure(app.test_client().get("/shoppers/ann"), 503)
        assert app.test_client().get("/healthz").status_code == 200


def test_a_model_that_the_server_lacks_is_awaited(server, catalogue_path):
    app = create_app(server_url=server.rest_url, catalogue_path=catalogue_path, model_name="other",
                     timeout=60)
    check_failure(app.test_client().get("/shoppers/ann"), 503)
    assert app.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("other", [
    {"shoppers": SHOPPERS + ["new"], "ask": "new"},  # a shopper the model does not know
    {"items": ITEMS[:-1], "ask": "ann"},  # an item the catalogue does not know
    {"reviews": REVIEWS[::-1], "ask": "ann"},  # the numbers of reviews mean others
])
def test_a_catalogue_of_another_run_is_told_until_it_fits(server, catalogue_path, tmp_path, caplog,
                                                          other):
    ask = f"/shoppers/{other.pop('ask')}"
    path = write_catalogue(tmp_path / "catalogue.sqlite", **other)
    app = create_app(server_url=server.rest_url, catalogue_path=path, timeout=60)
    check_failure(app.test_client().get(ask), 503)
    assert "model server" in caplog.text or "the model does not fit the catalogue" in caplog.text
    shutil.copy(catalogue_path, path)
    assert app.test_client().get("/shoppers/ann").status_code == 200


def test_a_lost_catalogue_is_told_and_comes_back(server, catalogue_path, tmp_path, caplog):
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


def test_any_other_error_is_a_page_and_is_logged(client, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("the reason")

    monkeypatch.setattr(Store, "owned", broken)
    answer = client.get("/shoppers/ann")
    check_failure(answer, 500)
    assert "the reason" not in read(answer).text and "the reason" in caplog.text
