"""What pages say of aspects, with the tables that the real command made: labels, bars, filters and reasons agree."""
import re

import pytest

from flask_app.storage.aspects import POLARITIES, of_run
from flask_app.storage.store import Store
from flask_app.web.rate_limit import RateLimit
from tests.flask_app.reading import address, links, read


@pytest.fixture
def client(aspect_app):
    aspect_app.extensions["rate_limit"] = RateLimit(100, 100)
    return aspect_app.test_client()


@pytest.fixture(scope="module")
def aspects(aspect_app):
    return of_run(aspect_app.config["RUN_FOLDER"])


@pytest.fixture(scope="module")
def item(aspect_app):
    """(id, {row: review}) of the most reviewed item."""
    store = Store(aspect_app.config["CATALOGUE"])
    row, = store.much_reviewed_items(1)
    reviews = store.reviews_of_items([row["item"]])
    store.close()
    return row["item_id"], reviews


def listed(page):
    """The list of all reviews of an item's page, its last list of reviews."""
    return page.find("ol", class_="top-reviews")[-1].find("li", class_="review")


def matching(client, path, **query):
    """The number of reviews that an item's page says to match some filters."""
    text = read(client.get(path(**query))).one("section", **{"aria-labelledby": "reviews"}).one("p", role="status").text
    return int(re.search(r"(\d+) of \d+ reviews match", text).group(1))


def letters(text):
    """The letters of a text: highlighting and folding add blanks and dots."""
    return [letter for letter in text if letter.isalnum()]


@pytest.mark.parametrize("who", ["shopper", "visitor", "nobody"])
def test_bars_labels_and_filters_count_the_same_reviews(client, aspects, item, shopper, who):
    item_id, reviews = item
    viewer = {"shopper": {"for": shopper}, "visitor": {"want": aspects.all[0].code}, "nobody": {}}[who]

    def path(**query):
        return address("items", item_id, **dict(viewer, **query))

    page = read(client.get(path()))
    tallies, bars = aspects.tally(reviews), page.find("ul", class_="aspect-bars")
    rows = [row for bar in bars for row in bar.find("li")]
    assert len(rows) == len(tallies) > 0
    for row in rows[:4]:
        code = re.search("aspect=([^&#]+)", row.one("a").attributes["href"]).group(1)
        tally = tallies[aspects.number_of[code]]
        assert row.one("a").text == aspects.name(tally.aspect)
        mixed = tally.reviews - tally.positive - tally.negative
        said = f"{tally.positive} positive, {mixed} mixed, {tally.negative} negative of {tally.reviews} review"
        assert said in row.one("span", class_="quiet").text
        widths = [row.one("rect", class_=f"of-{polarity}").attributes["width"] for polarity in POLARITIES]
        assert widths == [str(tally.positive), str(mixed), str(tally.negative)]
        counts = [matching(client, path, aspect=code, polarity=polarity) for polarity in POLARITIES]
        assert counts[0] == tally.positive and sum(counts) == tally.reviews == matching(client, path, aspect=code)


def test_a_review_is_labelled_by_what_its_sentences_speak_of_and_no_other(client, aspects, item, shopper):
    item_id, reviews = item
    for review in listed(read(client.get(address("items", item_id, **{"for": shopper})))):
        shown = "".join(part.text for part in review.find("p", class_="words"))
        row, = [row for row, one in reviews.items() if letters(shown) == letters(one["text"])]
        labels = {chip.text.replace(" ,", ",") for chip in review.find("span", class_="chip")}
        said = {f"{aspects.name(one.aspect)}, {one.label}" for one in aspects.opinions(row)}
        assert labels <= said and len(labels) == min(3, len(said))


def test_pages_of_the_reviews_hold_each_once_in_every_order(client, item, shopper):
    item_id, reviews = item
    for sort in ("relevance", "newest", "helpful"):
        seen, following = [], address("items", item_id, **{"for": shopper, "sort": sort})
        while following:
            page = read(client.get(following))
            seen += [review.text for review in listed(page)]
            more = page.find("a", rel="next")
            following = more[0].attributes["href"] if more else None
            if len(reviews) > 10:
                assert f"Page {-(-len(seen) // 10)} of {-(-len(reviews) // 10)}." in page.text
        assert len(seen) == len(set(seen)) == len(reviews), sort


SPOKEN = re.compile(r".*?[Bb]ecause (?:(?P<positive>\d+|all) (?:of the )?)?(?P<reviews>\d+) reviews (?:that )?speak of "
                    r"(?P<name>.*?)(?: praise it|, (?P<few>\d+|none) with praise), which this shopper mentions in "
                    r"(?P<mentions>\d+) of (?P<own>\d+) reviews")


def test_reasons_from_reviews_are_counts_of_the_item_and_of_the_shopper(client, aspects, aspect_app):
    store, told = Store(aspect_app.config["CATALOGUE"]), 0
    for user in store.active_shoppers(12):
        interests = {aspects.name(one.aspect): one for one in aspects.interests(user["user"])}
        for article in read(client.get(address("shoppers", user["user_id"], owned=1))).find("article"):
            spoken = SPOKEN.match(article.one("p", class_="reason").text)
            if not spoken:
                continue
            told += 1
            row, interest = int(article.attributes["aria-labelledby"].split("-")[1]), interests[
                spoken.group("name").strip()]
            tally = aspects.tally(store.reviews_of_items([row]))[interest.aspect]
            assert interest.weight > 0
            assert [int(spoken.group(name)) for name in ("reviews", "mentions", "own")] == [
                tally.reviews, interest.mentions, interest.reviews]
            assert (spoken.group("positive") or spoken.group("few")) in (
                str(tally.positive), "all" if tally.positive == tally.reviews else "none" if not tally.positive else "")
    store.close()
    assert told > 0


def test_an_unknown_shopper_keeps_the_page_and_who_looks(client, aspects, item, shopper):
    item_id, _ = item
    for viewer in ({"for": shopper}, {"want": aspects.all[0].code}):
        answer = client.get(address("items", item_id, **dict(viewer, beside="nobody")))
        page = read(answer)
        assert answer.status_code == 404 and "No shopper has the id nobody" in page.one("p", role="alert").text
        assert len(page.one("div", class_="sides").find("section")) == 2
        assert address("items", item_id, **viewer) in links(page, "/")
    answer = client.get(address("items", item_id, **{"for": "nobody"}))
    assert answer.status_code == 404 and listed(read(answer))


def test_every_link_of_an_item_keeps_the_tastes_of_a_visitor(client, aspects, item):
    item_id, _ = item
    tastes = {"want": aspects.all[0].code, "avoid": aspects.all[1].code}
    page = read(client.get(address("items", item_id, **tastes)))
    assert "for you" in page.one("span", class_="predicted").text
    inside = [link for link in links(page, "/") if link.startswith(address("items", item_id))]
    assert len(inside) > 3
    assert all(f"want={tastes['want']}" in link and f"avoid={tastes['avoid']}" in link for link in inside)
    hidden = {field.attributes["name"]: field.attributes["value"] for field in page.one(
        "form", class_="of-reviews").find("input", type="hidden")}
    assert hidden == tastes


def test_for_nobody_nothing_is_claimed_and_no_model_is_asked(aspect_app, item, monkeypatch):
    item_id, _ = item
    monkeypatch.setitem(aspect_app.extensions, "model_server", None)
    page = read(aspect_app.test_client().get(address("items", item_id)))
    assert not page.find("span", class_="predicted") and not page.find("span", class_="weight")
    assert not page.find("p", class_="reason") and listed(page)
    assert {heading.text for heading in page.find("h2")} >= {"Praise", "What the reviews speak of"}


def test_the_interface_for_programs_gives_the_reasons_and_aspects_of_the_pages(client, aspects, aspect_app):
    store = Store(aspect_app.config["CATALOGUE"])
    user_id = store.active_shoppers(1)[0]["user_id"]
    store.close()
    cards = read(client.get(address("shoppers", user_id))).find("article")
    items = client.get(f"/api{address('shoppers', user_id)}/ranking").get_json()["items"]
    for card, item in zip(cards, items):
        told = "".join(one.text for one in card.find("p", class_="reason"))
        assert "".join(item["reason"].split()) == "".join(told.split())
        for review in item["reviews"]:
            opinions = {aspects.name(one.aspect): one.label for one in aspects.opinions(review["review"])}
            assert all(opinions[one["name"]] == one["polarity"] for one in review["aspects"])
            assert len(review["aspects"]) == min(3, len(opinions))
    assert len(cards) == len(items) and any(review["aspects"] for item in items for review in item["reviews"])


def test_where_the_order_follows_the_reviews_alone_nothing_else_is_a_reason(client, aspect_app):
    store = Store(aspect_app.config["CATALOGUE"])
    ids = [user["user_id"] for user in store.active_shoppers(4)]
    store.close()
    for user_id in ids:
        page = read(client.get(address("shoppers", user_id, order="reviews")))
        told = [reason.text for reason in page.find("p", class_="reason")]
        assert told and not any("popular" in one or "bought" in one for one in told)
        assert not page.find("span", class_="points") and "not by predicted stars" not in page.text
