"""A visitor's tastes in the address, the start page and the search, with the real commands and model server."""
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from flask_app.recommending import typed, viewer
from flask_app.recommending.viewer import Tastes
from flask_app.storage import aspects as stored_aspects
from flask_app.storage.store import Store
from flask_app.web.rate_limit import RateLimit
from tests.flask_app.hostile import TEXTS
from tests.flask_app.reading import read
from tests.flask_app.views.test_hostile import check

COUNT = 15  # items of the tiny run


@pytest.fixture(scope="module")
def app(aspect_app):
    """The real shop of a run with tables of aspects."""
    return aspect_app


@pytest.fixture(scope="module")
def aspects(app):
    return stored_aspects.of_run(app.config["RUN_FOLDER"])


@pytest.fixture
def client(app):
    app.extensions["rate_limit"] = RateLimit(1000, 1000)
    return app.test_client()


@pytest.fixture(scope="module")
def word(app, aspects):
    """A word that makes the model read the aspect 0."""
    words = app.extensions["words"]
    return next(word for word in aspects.all[0].words
                if typed.read([f"I want {word}."], aspects, words).wanted[:1] == (0,))


def titles(page):
    return [article.one("h2").one("a").text for article in page.find("article")]


def item_links(page):
    return [article.one("h2").one("a").attributes["href"] for article in page.find("article")]


def test_what_is_ticked_is_put_into_the_address_and_every_item_link_keeps_it(client, aspects):
    wanted, avoided = (aspects.all[number].code for number in (0, 1))
    start = read(client.get("/"))
    ticks = [box.attributes["value"] for box in start.find("input", type="checkbox", name="want")]
    assert ticks == [aspect.code for aspect in aspects.all]
    answer = client.post("/yourself", data={"text": "", "want": wanted, "avoid": avoided})
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query == {"want": [wanted], "avoid": [avoided]}
    page = read(client.get(answer.headers["Location"]))
    assert [entry.find("b")[0].text for entry in page.one("ul", class_="chosen").find("li")] == [
        aspects.name(0), aspects.name(1)]
    assert len(titles(page)) == 6
    for link in item_links(page):
        assert parse_qs(urlsplit(link).query) == query
    item = read(client.get(item_links(page)[0]))
    assert "two shoppers" not in item.one("h1").text and item.one("h1").text == titles(page)[0]
    hidden = {box.attributes["name"]: box.attributes["value"] for box in page.one("form", class_="find-item").find(
        "input", type="hidden")}
    assert hidden == {"want": wanted, "avoid": avoided}


def test_of_10000_wishes_the_first_are_used_and_the_page_says_so_and_stays_small(client, aspects):
    code = aspects.all[0].code
    codes = [code] + [f"no-such-{number}" for number in range(9998)] + [aspects.all[1].code]
    answer = client.get("/yourself", query_string={"want": codes})
    assert answer.status_code == 200 and len(answer.data) < 100000
    page = read(answer).text
    assert "only the first are used" in page and "are no aspects that this shop knows" in page


def test_an_address_that_is_cut_anywhere_gets_a_page(client, aspects):
    item = urlsplit(item_links(read(client.get(f"/yourself?want={aspects.all[0].code}")))[0]).path.split("/")[-1]
    tastes = f"want={aspects.all[0].code}&avoid={aspects.all[1].code}&rated={item}:5"
    for whole in (f"/yourself?{tastes}&order=reviews&page=2&want=caf%C3%A9%F0%9F%98%80",
                  f"/items/{item}?{tastes}&aspect={aspects.all[0].code}&polarity=negative&stars=5&sort=newest"):
        for length in range(len(whole) - 1, 0, -1):
            answer = client.get(whole[:length])
            assert answer.status_code in (200, 308, 400, 404), whole[:length]
            assert answer.headers["Content-Security-Policy"]
            assert answer.status_code == 308 or answer.data.rstrip().endswith(b"</html>"), whole[:length]


def test_a_taste_can_be_removed_and_added_by_a_link(client, aspects):
    code = aspects.all[0].code
    page = read(client.get(f"/yourself?want={code}"))
    removal, = page.one("ul", class_="chosen").find("a")
    assert removal.attributes["href"] == "/yourself"
    more = page.one("ul", class_="more-tastes").find("a")
    assert len(more) == 2 * (len(aspects.all) - 1)
    added = read(client.get(more[1].attributes["href"]))
    assert len(added.one("ul", class_="chosen").find("li")) == 2


def test_opposite_wishes_give_different_lists(client, aspects, word):
    for number, aspect in enumerate(aspects.all):
        wanted, avoided = (titles(read(client.get(f"/yourself?{wish}={aspect.code}"))) for wish in ("want", "avoid"))
        assert wanted != avoided, aspect.name
    liked, disliked = (read(client.post("/yourself", data={"text": f"I {wish} {word}."}))
                       for wish in ("want", "do not want"))
    assert titles(liked) != titles(disliked)
    assert f"you want {aspects.name(0)}" in liked.one("p", class_="read").text
    assert f"you avoid {aspects.name(0)}" in disliked.one("p", class_="read").text


def test_the_parts_add_up_to_the_score_that_orders_the_items(app, aspects):
    store = Store(app.config["CATALOGUE"])
    you = viewer.visitor(app.extensions["model_server"], app.extensions["words"], aspects, Tastes((0,), (1, 2)))
    ranked = you.rank(COUNT)
    rows = [entry.item for entry in ranked]
    assert sorted(rows) == list(range(COUNT))
    again = viewer.visitor(app.extensions["model_server"], app.extensions["words"], aspects, Tastes((0,), (1, 2)))
    for explained in (you, again):  # whether or not the ranking was asked for first
        scores = []
        for explanation in explained.explain(rows, store.reviews_of_items(rows)):
            reasons = explanation.reasons
            assert reasons.score == pytest.approx(sum(part.part for part in reasons.parts), abs=1e-4)
            assert [part.kind for part in reasons.parts][-2:] == ["wanted", "avoided"]
            scores.append(reasons.score)
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-4)
    assert [entry.item for entry in you.rank(4)] == rows[:4]
    store.close()


def test_a_rating_lives_in_the_address_and_the_item_is_left_out(client):
    first = read(client.get("/yourself")).one("ul", class_="rated-items").find("li")[0]
    answer = client.post("/yourself", data={first.one("select").attributes["name"]: "4"})
    assert answer.status_code == 303
    rated, = parse_qs(urlsplit(answer.headers["Location"]).query)["rated"]
    assert rated.endswith(":4")
    seen, address = [], answer.headers["Location"]
    while address:
        page = read(client.get(address))
        seen += titles(page)
        more = page.find("a", rel="next")
        address = more[0].attributes["href"] if more else None
    assert len(set(seen)) == len(seen) == COUNT - 1 and first.one("label").text not in seen


def test_what_is_typed_is_in_no_address_and_no_log_line(client, caplog, word):
    caplog.set_level("INFO", "recsys")
    page = read(client.post("/yourself", data={"text": f"I want {word}, xyzzyplugh."}))
    addresses = [element.attributes[name] for element in page.find() for name in ("href", "action", "formaction")
                 if name in element.attributes]
    assert addresses and not [address for address in addresses if "xyzzy" in address]
    assert page.find("s")[-1].text == "xyzzyplugh"
    keep, = page.one("p", class_="read").find("a")
    assert "want=" in keep.attributes["href"] and titles(read(client.get(keep.attributes["href"])))
    client.get("/search?q=xyzzyplugh&want=xyzzyplugh")
    assert "xyzzy" not in caplog.text
    assert re.search(r"POST /yourself 200 \d+ ms [0-9a-f]{16}\n", caplog.text)


def test_with_no_known_word_nothing_is_claimed(client):
    page = read(client.post("/yourself", data={"text": "xyzzy plugh frotz"}))
    assert [piece.text for piece in page.one("div", class_="you-typed").find("s")] == ["xyzzy", "plugh", "frotz"]
    assert "knows none of your words" in page.text
    assert not page.find("mark") and not page.find("p", class_="read") and "you care about" not in page.text


@pytest.mark.parametrize("rest", ["", " xyzzy"])
def test_struck_words_are_explained_where_there_are_any(client, word, rest):
    page = read(client.post("/yourself", data={"text": word + rest}))
    assert bool(page.find("s")) == ("struck through" in page.text) == bool(rest)


@pytest.mark.parametrize("query, says", [
    ("want=nonsense", "One name in the address is no aspect"), ("want=x&avoid=y", "2 names in the address"),
    ("rated=nothing:5", "A rating in the address"), ("rated=:::", "A rating in the address"),
    ("rated=5", "A rating in the address"), ("want=%00&want=%ff", "names in the address"),
    ("&".join(f"want={number}" for number in range(10000)), "first are used"),
    ("&".join(f"avoid={number}&rated={number}:3" for number in range(5000)), "first are used")])
def test_what_an_address_does_not_say_right_is_left_out_and_named(client, query, says):
    answer = client.get(f"/yourself?{query}")
    assert answer.status_code == 200 and says in check(answer).text


def test_what_is_wanted_and_avoided_is_left_out(client, aspects):
    code = aspects.all[2].code
    page = read(client.get(f"/yourself?want={code}&avoid={code}"))
    assert f"both want and avoid is left out: {aspects.name(2)}" in page.text and not titles(page)


def test_an_address_may_be_cut_anywhere(client, aspects):
    wanted, avoided = (aspects.all[number].code for number in (0, 1))
    link = item_links(read(client.get(f"/yourself?want={wanted}&avoid={avoided}")))[0]
    whole = f"/yourself?want={wanted}&avoid={avoided}&rated={link.split('/')[2].split('?')[0]}:5&page=1"
    for end in range(1, len(whole), 3):
        answer = client.get(whole[:end])
        assert answer.status_code in (200, 301, 308, 400, 404), whole[:end]
        check(answer)


def test_hostile_tastes_are_shown_as_text_or_left_out(client):
    for text in TEXTS[::9]:
        for name in ("want", "avoid", "rated"):
            assert check(client.get("/yourself", query_string={name: text[:2000]}))
        assert check(client.get("/search", query_string={"q": text[:2000], "want": text[:2000], "for": text[:200]}))


def test_the_search_finds_items_by_title_and_by_words_of_reviews(client, word):
    title = titles(read(client.post("/yourself", data={"text": f"I want {word}."})))[0]
    page = read(client.get("/search", query_string={"q": title, "for": "somebody"}))
    links = [link for link in page.one("ul", class_="found-items").find("a")]
    assert links[0].text == title and links[0].attributes["href"].endswith("?for=somebody")
    by_review = read(client.get("/search", query_string={"q": word})).one("ul", class_="found-items").find("li")
    assert by_review and all("review" in entry.text for entry in by_review)
    assert "No item" in read(client.get("/search?q=xyzzyplugh")).one("h1").text
    assert read(client.get("/search")).one("h1").text == "Find an item"


def test_the_start_page_proves_that_it_is_personal_and_names_shoppers(client, app):
    page = read(client.get("/"))
    assert page.one("h1").text == "What matters to you?"
    names = [card.one("h3").one("a").text for card in page.one("ul", class_="cards").find("li")]
    assert names and all(re.search(r"(^S|-minded s)hopper with \d+ reviews?$", name) for name in names)
    assert all(name[0] == name[0].upper() for name in names)
    sides = page.find("div", class_="proof")
    if sides:  # of the tiny run the first reviews may be the same
        quotes = [quote.text for quote in sides[0].find("q")]
        assert len(quotes) == 2 and quotes[0] != quotes[1]


def test_the_profile_shows_evidence_in_the_shoppers_own_words(client, app, shopper):
    page = read(client.get(f"/profiles/{shopper}"))
    store = Store(app.config["CATALOGUE"])
    rows = store.reviews_by(store.shopper(shopper)["user"], 999)
    written = " ".join(" ".join(review["text"].split()) for review in rows)
    store.close()
    spoken = page.one("ul", class_="spoken")
    assert spoken.find("q") and all(quote.text.rstrip(" …") in written for quote in spoken.find("q"))
    assert page.one("ul", class_="neighbours").find("li") and "./run" not in page.text
