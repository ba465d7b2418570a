"""The page "Your tastes", and pages that need a whole run, with the real commands and model server."""
import json
import os
import re
import shutil

import pytest

from flask_app.application import create_app
from flask_app.recommending import ranked_page
from flask_app.web.rate_limit import RateLimit
from preprocessing import catalogue
from tests.flask_app.reading import read

TEXT = "The battery died after two days. I want cells that last, and a quiet speaker."


@pytest.fixture
def client(chain_app):
    chain_app.extensions["rate_limit"] = RateLimit(100, 100)
    return chain_app.test_client()


def titles(page):
    return [article.one("h2").one("a").text for article in page.find("article")]


def test_a_text_gives_a_ranking_with_explanations(client):
    answer = client.post("/yourself", data={"text": [TEXT, "", ""]})
    page = read(answer)
    assert answer.status_code == 200 and len(titles(page)) == ranked_page.PAGE
    assert page.find("mark") and "You wrote" in page.text and not page.find("script")
    assert page.find("textarea")[0].text == TEXT
    assert "Set-Cookie" not in answer.headers
    quotes = {sentence.one("q").text for sentence in page.find("p", class_="own-sentence")}
    assert quotes and all(quote in TEXT for quote in quotes)


def test_different_texts_give_different_reviews(client):
    first = [[li.text for li in read(client.post("/yourself", data={"text": text})).find(
        "li", class_="review")] for text in (TEXT, "Too expensive, not worth the price or money.")]
    assert first[0] != first[1]


def test_rated_items_are_left_out_of_the_ranking_and_stay_in_the_form(client):
    toy = read(client.get("/yourself")).one("ul", class_="rated-items").find("li")[0]
    name = toy.one("select").attributes["name"]
    page = read(client.post("/yourself", data={name: "5"}, follow_redirects=True))
    rated = [option for option in page.one("select", id=name).find("option")
             if "selected" in option.attributes]
    assert [option.attributes["value"] for option in rated] == ["5"]
    assert toy.one("label").text not in titles(page)
    assert toy.one("label").text in page.one("ul", class_="chosen").text


def offered_item(client):
    """(row, title) of the first item that the form offers."""
    option = read(client.get("/yourself")).one("select", id="about2").find("option")[1]
    return option.attributes["value"], option.text


def predicted(page):
    """{title: stars} of the page's items."""
    return {article.one("h2").one("a").text:
            float(article.one("span", class_="predicted").one("b").text)
            for article in page.find("article")}


def test_the_stars_of_a_review_change_the_predicted_ratings(client):
    low, high = (predicted(read(client.post("/yourself", data={"text": TEXT, "given": stars})))
                 for stars in "15")
    both = set(low) & set(high)
    assert both and all(low[title] < high[title] for title in both)


def test_a_review_about_an_item_is_a_rating_of_it(client, chain_app):
    row, title = offered_item(client)
    about = {"text": ["", TEXT], "given": ["", "2"], "about": ["", row]}
    page, seen, number = read(client.post("/yourself", data=about)), [], 1
    assert "1 review and 1 rating" in page.text
    for name, value in (("given2", "2"), ("about2", row)):
        chosen, = [option for option in page.one("select", id=name).find("option")
                   if "selected" in option.attributes]
        assert chosen.attributes["value"] == value
    assert f"about {title}" in " ".join(part.text for part in page.find("p", class_="own-sentence"))
    while titles(page) and number < 9:
        seen += titles(page)
        number += 1
        page = read(client.post("/yourself", data=dict(about, page=number)))
    assert len(set(seen)) == 14 and title not in seen
    # an item with a review and stars in the list is one rating; the list's stars count where the review has none
    listed = {"text": ["", TEXT], "about": ["", row], f"stars-{row}": "2"}
    assert predicted(read(client.post("/yourself", data=listed))) == predicted(
        read(client.post("/yourself", data=about)))


def test_an_item_and_stars_without_words_are_a_rating(client):
    row, title = offered_item(client)
    box, listed = (read(client.post("/yourself", data=data, follow_redirects=True)) for data in (
        {"given": "4", "about": row}, {f"stars-{row}": "4"}))
    assert titles(box) == titles(listed) and predicted(box) == predicted(listed)


def test_all_pages_hold_every_item_once(client, chain_app):
    seen, page = [], 1
    while page:
        answer = read(client.post("/yourself", data={"text": TEXT, "page": page}))
        seen += titles(answer)
        more = [button for button in answer.find("button", form="me") if button.text == "More items"]
        page = more and more[0].attributes["value"]
    assert len(seen) == len(set(seen)) == 15


def test_searching_items_keeps_what_was_typed(client):
    toy = read(client.get("/yourself")).one("ul", class_="rated-items").find("li")[0].one("label").text
    page = read(client.post("/yourself", data={"text": TEXT, "do": "find", "toys": toy.split()[0]}))
    shown = [label.text for label in page.one("ul", class_="rated-items").find("label")]
    assert shown and all(toy.split()[0] in label for label in shown)
    assert page.find("textarea")[0].text == TEXT and not page.find("article")


@pytest.mark.parametrize("data, status", [
    ({}, 400), ({"text": "  \x00 "}, 400), ({"stars-0": "6"}, 400), ({"stars-x": "5"}, 400),
    ({"stars-999999": "5"}, 400), ({"text": TEXT, "page": "x"}, 400),
    ({"given": "5"}, 400), ({"about": "0"}, 400), ({"given": "5", "about": "999999"}, 400),
    ({"given": "\u00b2", "about": "\u00b2", "stars-\u00b2": "5"}, 400),
    ({"text": TEXT, "given": "9" * 99, "about": "-1"}, 200), ({"text": TEXT, "about": "x"}, 200),
    ({"text": TEXT, "given": ["5"] * 99, "about": ["0"] * 99}, 200),
    ({f"stars-{n}": "5" for n in range(15)}, 400), ({"text": "\u0436 " * 99}, 200),
    ({"text": "x" * 8001}, 413), ({"text": "x" * 2 ** 19}, 413), ({"text": ["a"] * 99}, 200),
    ({"text": ["\u8bc4" * 8000] * 3}, 200), ({"text": "\r\n".join("x" * 4000)}, 200),
    ({"text": "\U0001f600" * 8001}, 413)])
def test_invalid_forms_are_refused_with_a_page(client, data, status):
    answer = client.post("/yourself", data=data)
    assert answer.status_code == status and read(answer).one("h1").text


def test_too_many_texts_from_one_address_are_refused(client, chain_app):
    chain_app.extensions["rate_limit"] = RateLimit(2, 60)
    answers = [client.post("/yourself", data={"text": TEXT}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] and client.get("/yourself").status_code == 200


def test_what_a_visitor_types_is_not_logged(client, caplog):
    caplog.set_level("INFO", "recsys")
    client.post("/yourself", data={"text": "a secret word xyzzy that lasts"})
    client.get("/?q=xyzzy")
    client.get("/nowhere/xyzzy")
    assert re.search(r"POST /yourself 200 \d+ ms [0-9a-f]{16}\n", caplog.text)
    assert re.search(r"GET / 200 \d+ ms [0-9a-f]{16}\n", caplog.text)
    assert "xyzzy" not in caplog.text


def test_reviews_for_a_known_shopper_have_highlights_and_own_sentences(client, shopper):
    page = read(client.get(f"/shoppers/{shopper}"))
    assert page.find("mark") and "This shopper wrote" in page.text


def test_filters_keep_the_order_of_the_model(client, shopper, chain):
    whole = []
    for number in (1, 2, 3):
        whole += titles(read(client.get(f"/shoppers/{shopper}?owned=1&page={number}")))
    connection = catalogue.of(chain.data_folder)
    prices = dict(connection.execute("SELECT title, price FROM items"))
    connection.close()
    some = sorted(price for price in prices.values() if price is not None)
    least, most = some[len(some) // 4], some[len(some) // 2]
    page = read(client.get(f"/shoppers/{shopper}?owned=1&least={least}&most={most}"))
    assert titles(page) == [title for title in whole
                            if prices[title] is not None and least <= prices[title] <= most
                            ][:ranked_page.PAGE]
    word = whole[-1].split()[-1]
    page = read(client.get(f"/shoppers/{shopper}?owned=1&title={word.upper()}"))
    assert titles(page) == [title for title in whole if word.lower() in title.lower()][:ranked_page.PAGE]
    for option in page.one("select", id="category").find("option")[1:]:
        answer = read(client.get(f"/shoppers/{shopper}", query_string={
            "owned": 1, "category": option.attributes["value"]}))
        assert f"{re.search('[(]([0-9]+)[)]', option.text).group(1)} item" in answer.one(
            "p", class_="toggles").text
    assert not titles(read(client.get(f"/shoppers/{shopper}?title=%25")))


def test_filters_narrow_a_ranking_of_ones_own_and_every_link_keeps_them(client, chain):
    connection = catalogue.of(chain.data_folder)
    prices = dict(connection.execute("SELECT title, price FROM items"))
    rated, = connection.execute("SELECT item_id FROM items").fetchone()
    connection.close()
    most = sorted(price for price in prices.values() if price is not None)[7]
    by_text = read(client.post("/yourself", data={"text": TEXT, "most": most}))
    by_stars = read(client.get("/yourself", query_string={"rated": f"{rated}:5", "most": most}))
    for page in (by_text, by_stars):
        assert titles(page) and all(prices[title] <= most for title in titles(page))
        assert re.match(r"[78] items match", page.one("p", class_="toggles").text)
        assert float(page.one("input", id="most").attributes["value"]) == most
    assert by_text.one("input", id="most").attributes["form"] == "me"
    assert f"most={most:g}" in by_stars.one("a", rel="next").attributes["href"]
    hidden = by_stars.one("form", class_="filters").one("input", name="rated")
    assert hidden.attributes["value"] == f"{rated}:5"
    cleared = [link for link in by_stars.find("a") if link.text == "Clear the filters"]
    assert len(cleared) == 1 and "most" not in cleared[0].attributes["href"]
    assert "No item matches" in read(client.get(f"/yourself?rated={rated}:5&title=zzzz")).text


def test_the_profile_says_how_much_the_model_knows(client, shopper, chain):
    page = read(client.get(f"/profiles/{shopper}"))
    assert "not measured" in page.text and "./run" not in page.text
    connection = catalogue.of(chain.data_folder)
    few, = connection.execute("SELECT user_id FROM users ORDER BY rating_count").fetchone()
    connection.close()
    assert "very little" in read(client.get(f"/profiles/{few}")).text


def test_the_about_page_shows_the_numbers_of_the_report_and_no_others(chain, chain_app, tmp_path):
    run = str(tmp_path / "run")
    shutil.copytree(chain.run_folder, run)
    app = create_app(run, data_folder=os.path.dirname(chain.data_folder))
    assert "There is no evaluation of this run yet" in read(app.test_client().get("/about")).text
    os.makedirs(os.path.join(run, "evaluation"))
    report = {"test_pairs": 31, "ratings": {"deeprecsys": {"rmse": .7712, "mae": .6123}},
              "explanation": {"planted_auc": .8765}, "explanation_rules": {"lsi": {
                  "planted_auc": .5432, "difference": {"planted_auc": {"low": .1, "high": .2}}}},
              "rankings": {"k": 10, "users": 13, "items": 900, "models": {"deeprecsys": {"coverage_10": 14 / 900}}}}
    with open(os.path.join(run, "evaluation", "report.json"), "w") as out:
        json.dump(report, out)
    tables = " ".join(table.text for table in read(app.test_client().get("/about")).find("table"))
    assert re.findall(r"\d\.\d+", tables) == ["0.771", "0.612", "0.876", "0.543", "0.100", "0.200"]
    limits = read(app.test_client().get("/about")).one("ul", class_="known").text
    assert "rankings of 13 shoppers together hold 14 of all 900 items" in limits
    with open(os.path.join(run, "evaluation", "report.json"), "w") as out:
        json.dump(dict(report, rankings=[13]), out)  # a damaged part: the other parts are shown
    page = read(app.test_client().get("/about"))
    assert "It was not measured whether the order of the reviews is personal" in page.text
    assert "0.771" in page.text and "rankings of 13 shoppers" not in page.text
    assert page.one("h1").text == "About this model"


@pytest.mark.parametrize("preset, is_named", [("default", False), ("narre", True)])
def test_the_about_page_names_the_preset_only_of_a_run_of_another_model(chain, tmp_path, preset, is_named):
    run = tmp_path / "run"
    shutil.copytree(chain.run_folder, str(run))
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(dict(config, preset=preset)))
    text = read(create_app(str(run), data_folder=os.path.dirname(chain.data_folder)).test_client().get("/about")).text
    assert "raining started at" in text and (f"Preset {preset}" in text) == is_named
