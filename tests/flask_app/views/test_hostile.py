"""Hostile reviews, titles, ids, queries and pasted texts are shown as text; no script runs, no page breaks."""
import threading
from urllib.parse import quote

import pytest
import waitress

from flask_app.application import create_app
from flask_app.storage.store import Store
from flask_app.web import headers
from flask_app.web.rate_limit import RateLimit
from preprocessing.reading.clean import clean
from tests.flask_app import browser
from tests.flask_app.hostile import TEXTS
from tests.flask_app.reading import read
from tests.flask_app.tiny_catalogue import ITEMS, REVIEWS, SHOPPERS, write_catalogue

TITLED = len(ITEMS)
EACH = 2 * len(REVIEWS) + TITLED + len(SHOPPERS) + TITLED  # texts that a catalogue takes


def filled(path, texts):
    """Writes a catalogue of the tiny shop's shape with hostile texts everywhere. Returns its path."""
    texts = iter(texts)
    take = lambda number: next(texts) + f" {number}"  # noqa: E731 (ids differ)
    shoppers = [take(number) for number in range(len(SHOPPERS))]
    items = [take(number) for number in range(len(ITEMS))]
    reviews = [(user, item, stars, next(texts), next(texts), split)
               for user, item, stars, _, _, split in REVIEWS]
    return write_catalogue(path, reviews, shoppers, items, [next(texts) for _ in items])


@pytest.fixture(scope="module")
def shops(server, tmp_path_factory):
    """Shops that together show all TEXTS."""
    folder = tmp_path_factory.mktemp("hostile")
    rounds = -(-len(TEXTS) // EACH)
    endless = TEXTS * 2
    return [create_app(server_url=server.rest_url, timeout=60, catalogue_path=filled(
        folder / f"{n}.sqlite", endless[n * EACH:(n + 1) * EACH])) for n in range(rounds)]


def check(answer):
    """Checks that an answer is a complete page with the headers, without script or style, and not a server error."""
    assert answer.status_code < 500 and answer.headers["X-Content-Type-Options"] == "nosniff"
    for name, value in headers.HEADERS.items():
        assert answer.headers[name] == value
    if answer.mimetype == "text/html":
        page = read(answer)
        assert not [tag for tag in ("script", "style", "iframe", "object", "base", "video", "math")
                    if page.find(tag)]
        assert not [name for element in page.find() for name in element.attributes
                    if name.startswith("on") or name == "style"]
        assert not [link for link in page.find("a")
                    if not link.attributes["href"].startswith(("/", "#"))]
        return page
    return None


def pages_of(app):
    """{address: page} of the pages of every shopper and item."""
    client = app.test_client()
    store = Store(app.config["CATALOGUE"])
    users = [row["user_id"] for row in store.active_shoppers(99)]
    items = [row["item_id"] for row in store.items(range(TITLED)).values()]
    store.close()
    addresses = ["/"] + [f"/{kind}/{quote(raw_id, safe='')}" + query for kind, ids, query in (
        ("shoppers", users, "?owned=1"), ("profiles", users, ""), ("items", items, ""))
        for raw_id in ids]
    return {address: check(client.get(address)) for address in addresses}


def test_there_are_at_least_200_hostile_texts():
    assert len(set(TEXTS)) >= 200


def test_hostile_catalogues_are_shown_as_text(shops):
    for app in shops:
        pages = pages_of(app)
        seen = " ".join(page.text for page in pages.values() if page)
        store = Store(app.config["CATALOGUE"])
        for review in store.reviews_of_items(range(TITLED)).values():
            words = review["summary"].split()
            assert " ".join(words)[:60] in seen
        store.close()


def test_hostile_addresses_are_answered(client):
    paths = ("/?q=", "/items/drum?for=", "/items/drum?for=ann&beside=", "/shoppers/",
             "/shoppers/ann?page=", "/shoppers/ann?title=", "/shoppers/ann?category=",
             "/shoppers/ann?least=", "/items/", "/profiles/", "/api/compare?item=")
    for number, text in enumerate(TEXTS):
        for path in (paths[number % len(paths)], paths[(number // 3) % len(paths)], "/?q="):
            answer = client.get(path + quote(text[:2000], safe=""))
            if answer.status_code == 302:
                continue
            check(answer)
            assert answer.status_code in (200, 400, 404)


def test_hostile_reviews_can_be_pasted(chain_app):
    chain_app.extensions["rate_limit"] = RateLimit(1000, 1000)
    client = chain_app.test_client()
    for start in range(0, len(TEXTS), 3):
        some = TEXTS[start:start + 3]
        page = check(client.post("/yourself", data={
            "text": some, "given": some[::-1], "about": some, "toys": some[0], "page": "1",
            f"stars-{some[0][:99]}": "5"}))
        for text, box in zip(some, page.find("textarea")):
            assert " ".join(clean(text[:8000]).split()) == box.text
    assert client.post("/yourself", data={"text": "x" * 2 ** 20}).status_code == 413


@pytest.mark.browser
def test_nothing_runs_in_a_browser(shops):
    window = browser.start()
    app = shops[0]
    server = waitress.create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.effective_port}"
        window.get("data:text/html," + quote(TEXTS[0]))
        assert window.title == "tripped"  # the script runs where a page does not escape it
        for address in list(pages_of(app))[:14] + ["/?q=" + quote(TEXTS[0], safe="")]:
            window.get(url + address)
            window.execute_script("for (const d of document.querySelectorAll('details')) d.open = 1")
            assert window.title != "tripped"
            assert window.execute_script("return document.scripts.length") == 0
            assert window.current_url.startswith(url)
    finally:
        window.quit()
        server.close()
