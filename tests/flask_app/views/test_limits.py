"""How many pages that need a ranking of the whole catalogue one address may request."""
import json

import pytest

from flask_app.application import RANKINGS_A_MINUTE
from flask_app.storage import aspects as stored_aspects
from flask_app.web.rate_limit import RateLimit
from tests.flask_app.reading import read

PERSON = {"REMOTE_ADDR": "192.0.2.1"}


@pytest.fixture
def limit_to(aspect_app, monkeypatch):
    """Function that limits the rankings of an address, at a clock that stands still."""
    def limit(burst):
        monkeypatch.setitem(aspect_app.extensions, "ranking_limit", RateLimit(
            burst, RANKINGS_A_MINUTE, clock=lambda: 0.))
        return aspect_app.test_client()

    return limit


@pytest.fixture(scope="module")
def codes(aspect_app):
    return [aspect.code for aspect in stored_aspects.of_run(aspect_app.config["RUN_FOLDER"]).all]


@pytest.fixture(scope="module")
def pages(codes, shopper, aspect_app):
    """A page of each kind that needs a ranking of the whole catalogue."""
    item = read(aspect_app.test_client().get(f"/yourself?want={codes[0]}")).find("article")[0].one("h2").one("a")
    return [f"/yourself?want={codes[0]}", f"/yourself?avoid={codes[0]}&page=2", item.attributes["href"],
            f"/shoppers/{shopper}?title=a", f"/shoppers/{shopper}?page=999", f"/api/shoppers/{shopper}/ranking?most=9"]


def test_who_taps_all_tastes_at_once_and_reads_on_is_not_refused(limit_to, codes):
    client, chosen = limit_to(RANKINGS_A_MINUTE // 4), []
    assert RANKINGS_A_MINUTE // 4 >= 2 * 24  # each of 12 wishes of both kinds, and a further page after each
    for code in codes:
        chosen.append(code)
        for page in (1, 2):
            assert client.get("/yourself", query_string={"want": chosen, "page": page}).status_code == 200


def test_each_page_that_needs_a_ranking_of_the_whole_catalogue_is_counted(limit_to, pages):
    for page in pages:
        client = limit_to(1)
        assert [client.get(page).status_code for _ in range(2)] == [200, 429], page
        assert client.get(page, environ_base=PERSON).status_code == 200, page  # another address


def test_an_address_over_the_limit_is_told_so_and_gets_all_other_pages(limit_to, pages, shopper):
    client = limit_to(1)
    assert client.get(pages[0]).status_code == 200
    refused, problem = client.get(pages[0]), client.get(pages[-1])
    assert "Too many requests" in read(refused).one("h1").text and refused.headers["Retry-After"]
    assert json.loads(problem.data.decode())["status"] == 429
    item = pages[2].split("?")[0]
    for page in ("/yourself", "/", f"/shoppers/{shopper}", item, f"{item}?for={shopper}", "/search?q=a"):
        assert client.get(page).status_code == 200, page
