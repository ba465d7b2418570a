"""What the page "Your tastes" says of values that it leaves out, whether they come by its form or by an address."""
from urllib.parse import parse_qs, urlsplit

import pytest

from flask_app.recommending import typed
from flask_app.storage import aspects as stored_aspects
from flask_app.storage.store import Store
from flask_app.views import viewers
from flask_app.web.rate_limit import RateLimit
from tests.flask_app.reading import read

NO_RATING = ("A rating in the address is not of the form ITEM:STARS for an item of this shop, with 1 to 5 stars; it is "
             "left out.")


@pytest.fixture(scope="module")
def codes(aspect_app):
    return [aspect.code for aspect in stored_aspects.of_run(aspect_app.config["RUN_FOLDER"]).all]


@pytest.fixture(scope="module")
def items(aspect_app):
    store = Store(aspect_app.config["CATALOGUE"])
    yield store.much_reviewed_items(15)
    store.close()


@pytest.fixture
def client(aspect_app):
    aspect_app.extensions["rate_limit"] = RateLimit(1000, 1000)
    return aspect_app.test_client()


@pytest.fixture(scope="module")
def word(aspect_app):
    """A word that names an aspect."""
    words, aspects = aspect_app.extensions["words"], stored_aspects.of_run(aspect_app.config["RUN_FOLDER"])
    return next(one for one in aspects.all[0].words if typed.read([f"I want {one}."], aspects, words).wanted)


def complaints(page):
    return [paragraph.text for paragraph in page.find("p", class_="complaint")]


def test_what_is_ticked_as_wanted_and_avoided_is_complained_of(client, codes):
    answer = client.post("/yourself", data={"want": codes[:2], "avoid": codes[:1]})
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"want": codes[:2], "avoid": codes[:1]}
    page = read(client.get(answer.headers["Location"]))
    told, = complaints(page)
    assert told.startswith("What you both want and avoid is left out: ") and len(page.find("article")) == 6
    assert len(page.one("ul", class_="chosen").find("li")) == 1


def test_names_that_are_no_aspects_are_complained_of_and_ratings_are_kept(client, codes, items):
    answer = client.post("/yourself", data={"want": codes[:1] + ["no-such"], f"stars-{items[0]['item']}": "4",
                                            "for": "x", "rated": "x"})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query == {"want": codes[:1] + ["no-such"], "rated": [f"{items[0]['item_id']}:4"]}
    told, = complaints(read(client.get(answer.headers["Location"])))
    assert told == "One name in the address is no aspect that this shop knows; it is left out."


def test_more_ticks_than_are_used_are_complained_of(client, codes, monkeypatch):
    monkeypatch.setattr(viewers, "MOST", 2)
    answer = client.post("/yourself", data={"want": codes[:3]})
    page = read(client.get(answer.headers["Location"]))
    assert complaints(page) == ["The address holds more than 2 wishes of one kind; only the first are used."]
    assert len(page.one("ul", class_="chosen").find("li")) == 2


def test_a_list_for_a_text_says_that_the_pages_of_its_items_do_not_know_it(client, codes, word):
    told = "so its stars and points differ from those here"
    for data, is_told in (({"text": f"I want {word}."}, True), ({"text": "xyzzy", "want": codes[:1]}, True),
                          ({"want": codes[:1]}, False)):
        page = read(client.post("/yourself", data=data, follow_redirects=True))
        assert len(page.find("article")) == 6 and (told in page.one("main").text) == is_told
        is_read = word in data.get("text", "")
        assert ("and what your text is read as, but not your text, so" in page.one("main").text) == is_read


def test_an_item_that_is_rated_twice_is_complained_of_and_its_last_rating_counts(client, items):
    first, other = (item["item_id"] for item in items[:2])
    for ratings, told in (
            ([f"{first}:5", f"{other}:2", f"{first}:4"], ["An item is rated twice; the last rating counts."]),
            ([f"{first}:4"] * 2, []), ([f"{first}:4", f"{first}:6"], [NO_RATING]),
            ([f"{first}:4", "none:5"], [NO_RATING]),
            ([f"{first}:5", "x", f"{first}:4"], [NO_RATING, "An item is rated twice; the last rating counts."])):
        page = read(client.get("/yourself", query_string={"rated": ratings}))
        assert complaints(page) == told
        assert page.one("ul", class_="chosen").find("li")[0].text.startswith("4 stars for")


@pytest.mark.parametrize("data", [{}, {"do": "find", "toys": "a"}, {"text": "It lasts."}])
def test_too_many_ratings_are_complained_of_and_the_form_keeps_them(client, items, data):
    stars = {f"stars-{item['item']}": "5" for item in items[:13]}
    answer = client.post("/yourself", data=dict(data, **stars))
    page = read(answer)
    assert answer.status_code == (200 if "do" in data else 400) and not page.find("article")
    assert complaints(page) == ([] if "do" in data else ["Please rate 12 items at most."])
    assert "address" not in page.one("h1").text
    assert page.find("textarea")[0].text == data.get("text", "")
    for name in stars:
        assert [option.attributes["value"] for option in page.one("select", id=name).find("option")
                if "selected" in option.attributes] == ["5"]


def test_a_review_of_an_item_counts_as_a_rating_among_the_most(client, items):
    stars = {f"stars-{item['item']}": "5" for item in items[:12]}
    review = {"text": "It lasts.", "given": "2"}
    for about, status in ((items[12], 400), (items[0], 200)):
        answer = client.post("/yourself", data=dict(stars, about=str(about["item"]), **review))
        assert answer.status_code == status
