"""The pages of the shop, with a real model server."""
import re

import pytest

from flask_app.application import create_app
from flask_app.recommending import ranked_page
from flask_app.web.render import NO_BREAK, percent, stars
from tests.flask_app.reading import address, links, read, weights_of
from tests.flask_app.tiny_catalogue import ITEMS, LONG, REVIEWS, SCRIPT, SECRET, SHOPPERS, write_catalogue
from tests.support.waiting import until


def shown_items(page):
    """Ids of a shopper's page's items, from top to bottom."""
    return [ITEMS[int(article.attributes["aria-labelledby"].split("-")[1])]
            for article in page.find("article")]


def test_first_page_says_what_this_is_and_suggests_shoppers(client):
    page = read(client.get("/"))
    assert "what other people’s reviews say" in page.one("main").text
    suggested = [link for link in links(page, "/") if link.startswith("/shoppers/")]
    assert sorted(suggested) == sorted(address("shoppers", shopper) for shopper in SHOPPERS)
    assert page.one("input", id="q") and len(page.find("label", **{"for": "q"})) == 1


@pytest.mark.parametrize("query, expected", [
    ("bo", ["bob"]),  # by the beginning of an id
    ("noisy", ["bob", "eve"]),  # by a word of a review
    ("sturdy kite", ["ann"]),  # by a word of a review and its item's id
    ("cheap kite", []),  # two words that are not in one review
    ("rails", ["bob", "dee", "eve"]),
    ("robot loud", ["eve"]),  # by the item's title and a word
    ("kite", ["ann"]),  # by the item's id
    ("100%", [SHOPPERS[2]]), ("wood_and_glue", [SHOPPERS[2]]), ("%%%", []), ("___", []),
    (SECRET, []),  # only training reviews are searched
    ("'; DROP TABLE users; --", []), ("   ", []), ("x" * 5000, []),
])
def test_search_finds_by_id_and_by_words(client, query, expected):
    page = read(client.get("/", query_string={"q": query}))
    results = [link.text for item in page.find("ul", class_="result-list") for link in item.find("a")]
    assert sorted(results) == sorted(expected)


def test_search_for_a_whole_id_goes_to_the_shopper(client):
    answer = client.get("/", query_string={"q": SHOPPERS[2]})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(address("shoppers", SHOPPERS[2]))


@pytest.mark.parametrize("user", range(len(SHOPPERS)))
@pytest.mark.parametrize("with_owned", [False, True])
def test_items_are_in_the_order_of_the_model(client, planted, user, with_owned):
    query = {"owned": 1} if with_owned else {}
    page = read(client.get(address("shoppers", SHOPPERS[user], **query)))
    expected = planted.ranking(user, with_owned)
    assert shown_items(page) == [ITEMS[item] for item in expected]
    ratings = [stars(planted.rating(user, item)) for item in expected]
    for article, item, rating in zip(page.find("article"), expected, ratings):
        assert article.one("span", class_="predicted").one("b").text == rating
        assert bool(article.find("span", class_="own")) == planted.bought[user, item]


def test_pages_hold_every_item_once_and_in_order(client, planted, monkeypatch):
    monkeypatch.setattr(ranked_page, "PAGE", 3)
    seen, following = [], address("shoppers", "dee", owned=1)
    while following:
        page = read(client.get(following))
        seen += shown_items(page)
        more = page.find("a", rel="next")
        following = more[0].attributes["href"] if more else None
    assert seen == [ITEMS[item] for item in planted.ranking(3, True)]


@pytest.mark.parametrize("number, status", [
    ("-1", 200), ("0", 200), ("1", 200), ("999999999999999999999", 200), ("abc", 400), ("", 400),
    ("1.5", 400), ("\x00", 400)])
def test_a_page_number_out_of_range_is_clamped_and_other_text_refused(client, number, status):
    answer = client.get(address("shoppers", "ann", page=number))
    assert answer.status_code == status
    if status == 200:
        assert shown_items(read(answer))


def test_two_shoppers_see_different_reviews_first(client, planted):
    first = [next(iter(planted.weights(user, 0))) for user in range(len(SHOPPERS))]
    left, right = 0, next(user for user in range(len(SHOPPERS)) if first[user] != first[0])
    page = read(client.get(address("items", "drum", **{"for": SHOPPERS[left],
                                                       "beside": SHOPPERS[right]})))
    assert "different reviews first" in page.one("p", class_="verdict").text
    for section, user in zip(page.one("div", class_="sides").find("section"), (left, right)):
        assert weights_of(section) == [percent(w).replace(NO_BREAK, " ") for w in planted.weights(user, 0).values()]
        opened = section.find("li", class_="review")[0].one("p", class_="words").text
        assert opened[:12] == REVIEWS[first[user] - 1][4][:12]


def test_another_shopper_is_suggested_for_comparison(client):
    page = read(client.get(address("items", "drum", **{"for": "ann", "beside": ""})))
    assert page.one("input", id="for").attributes["value"] == "ann"
    assert page.one("input", id="beside").attributes["value"] in set(SHOPPERS) - {"ann"}
    page = read(client.get(address("items", "drum", beside="")))
    assert (page.one("input", id="for").attributes["value"]
            != page.one("input", id="beside").attributes["value"])


def test_an_item_without_reviews_says_so(client):
    assert "no reviews yet" in read(client.get(address("items", "bare"))).text
    page = read(client.get(address("shoppers", "ann")))
    article = page.find("article")[shown_items(page).index("bare")]
    assert "no reviews yet" in article.text and not weights_of(article)


def test_missing_titles_and_prices_leave_no_gaps(client):
    page = read(client.get(address("items", "kite")))
    assert page.one("h1").text == "Item kite"
    assert "None" not in page.text
    assert page.one("span", class_="price").text == "$7.50"
    assert not read(client.get(address("items", "drum"))).find("span", class_="price")


def test_markup_is_shown_as_text_and_no_text_of_the_catalogue_is_decoded_again(client):
    page = read(client.get(address("items", "drum")))
    assert SCRIPT in page.text and not page.find("script")
    assert 'A fine drum "for the price", &amp; so on.' in page.text
    assert read(client.get(address("items", ITEMS[2]))).one("h1").text == "Box of <b>puzzles</b>"
    assert read(client.get(address("items", "salt"))).one("h1").text == 'Salt & Pepper "set"'


def test_long_reviews_are_folded_and_complete(client):
    page = read(client.get(address("items", "train", **{"for": "ann", "beside": "bob"})))
    assert page.text.count("the very last word") == 2  # once for each of the two shoppers
    folded = [part for part in page.find("details", class_="rest") if "very last" in part.text]
    assert len(folded) == 2 and LONG not in page.text


def crawl(client):
    """{address: answer} of all pages that can be reached by links."""
    answers, waiting = {}, {"/"}
    while waiting:
        visited = waiting.pop()
        answers[visited] = client.get(visited)
        if answers[visited].mimetype == "text/html" and answers[visited].status_code == 200:
            waiting |= links(read(answers[visited]), visited) - set(answers)
    return answers


def test_every_link_leads_somewhere_and_no_page_runs_a_script(client):
    answers = crawl(client)
    assert {path: answer.status for path, answer in answers.items()
            if answer.status_code != 200} == {}
    assert {address("shoppers", shopper) for shopper in SHOPPERS} <= set(answers)
    assert {path.partition("?")[0] for path in answers} >= {address("items", i) for i in ITEMS}
    for path, answer in answers.items():
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), path
        if answer.mimetype != "text/html":
            continue
        page = read(answer)
        assert SECRET not in page.text
        assert not page.find("script") and not page.find("style")
        for element in page.find():
            assert not [name for name in element.attributes if name == "style" or name[:2] == "on"]
        levels = [int(e.tag[1]) for e in page.find() if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
        assert page.one("html").attributes["lang"] == "en" and page.one("title").text


def test_browsers_cache_static_files_but_no_pages(client):
    parts = {part for part in links(read(client.get("/")), "/") if part.startswith("/static/")}
    assert len(parts) == 4
    for part in parts:
        answer = client.get(part)
        assert "max-age=600" in answer.headers["Cache-Control"] and answer.headers["ETag"]
    assert "max-age" not in client.get("/").headers.get("Cache-Control", "")
    about = read(client.get("/")).one("meta", name="description").attributes["content"]
    assert "reviews with the highest weight" in about


def test_pictures_are_off_by_default(app, client, monkeypatch):
    def sources():
        page = read(client.get(address("items", "kite")))
        return [picture.find("img")[0].attributes for picture in page.find("div", class_="picture")
                if picture.find("img")]

    assert sources() == []
    assert "https:" not in client.get("/").headers["Content-Security-Policy"]
    monkeypatch.setitem(app.config, "PICTURES", True)
    assert "img-src 'self' https:;" in client.get("/").headers["Content-Security-Policy"]
    picture, = sources()
    assert picture["src"] == "https://ecx.images-amazon.com/images/I/x.jpg"
    assert picture["referrerpolicy"] == "no-referrer" and picture["loading"] == "lazy"


def test_the_footer_names_the_version_of_the_model(client):
    # A page waits for a quarter of a second at most, which may pass on a busy machine.
    until(lambda: "deeprecsys, version 3" in read(client.get("/")).one("footer").text)


def test_health(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("query, expected", [
    ("CAFÉ", ["café"]), ("cafe\u0301", ["café"]), ("ЗВУК", ["café"]), ("große", ["café"]), ("GROSSE", ["café"]),
    ("がき", []), ("nobody", [])])
def test_search_disregards_case_and_accents_in_every_script(server, tmp_path, query, expected):
    path = write_catalogue(tmp_path / "catalogue.sqlite", [
        (0, 0, 5, "Große Trommel", "Хороший звук и かき.", "train")], ["café"], ["drum"], ["Drum"])
    client = create_app(server_url=server.rest_url, catalogue_path=path, timeout=60).test_client()
    page = read(client.get("/", query_string={"q": query}))
    found = [link.text for item in page.find("ul", class_="result-list") for link in item.find("a")]
    assert found == expected


def test_a_review_without_a_readable_word_is_shown_below_the_others(server, tmp_path):
    extra = (4, 1, 4, "Unread", ":-) !!!", "train")  # the planted model has no slot for it
    path = write_catalogue(tmp_path / "catalogue.sqlite", REVIEWS + [extra])
    client = create_app(server_url=server.rest_url, catalogue_path=path, timeout=60).test_client()
    page = read(client.get(address("items", "kite", **{"for": "ann"})))
    assert "1 review has no word that the model reads" in page.text and ":-) !!!" in page.text
    assert "no word that the model reads" not in read(client.get(address("items", "drum", **{"for": "ann"}))).text


@pytest.mark.parametrize("query, expected", [
    ("drum", ["Tin drum"]), ("sturdy", ["Item kite", "Tin drum"]), ("Item kite", ["Item kite"]),
    ("kite", ["Item kite"]),
    ("noisy cat", ["Tin drum"]), ("noisy plastic", []),  # two words that are not in one review
    (SECRET, []), ("%%%", []), ("'; DROP TABLE items; --", []), ("   ", []), ("x" * 5000, [])])
def test_items_are_found_by_title_and_by_words_of_one_review(client, query, expected):
    page = read(client.get("/search", query_string={"q": query}))
    assert sorted(link.text for link in page.one("ul", class_="found-items").find("a")) == expected
