"""What pages say about why an item is ranked where it is."""
import pytest
from flask import render_template_string

from flask_app.recommending import ranked_page
from flask_app.recommending.ranked_page import Filters, RankedPage
from flask_app.recommending.reasons import EVIDENCE, POPULARITY, PURCHASES, Reason, Reasons
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.web.rate_limit import RateLimit

WHY = Reasons(.7, (Reason(EVIDENCE, .6, .6), Reason(PURCHASES, .4, .4), Reason(POPULARITY, -.3, 0.)), {4: .25},
              {1: .75, 2: .25})
BOUGHT = {4: {"item": 4, "item_id": "drum", "title": "Tin <b>drum</b>"}}


@pytest.fixture
def shown(app):
    def render(macro, **values):
        with app.test_request_context():
            return " ".join(render_template_string(
                "{% import 'parts.html' as parts with context %}{{ " + macro + " }}", bought=BOUGHT, **values).split())

    return render


def test_one_line_says_the_parts_above_zero_with_their_shares(shown):
    line = shown("parts.why(why, bought)", why=WHY)
    assert "<b>60 %</b> what its reviews say to this shopper" in line
    assert "<b>40 %</b> because this shopper bought <bdi>Tin drum</bdi>" in line.replace("&lt;b&gt;", "").replace(
        "&lt;/b&gt;", "") and "<b>drum" not in line
    assert "popular" not in line
    assert "because you rated" in shown("parts.why(why, bought, 'you')", why=WHY)


def test_without_a_part_above_zero_the_line_says_so(shown):
    nothing = Reasons(-.1, (Reason(EVIDENCE, -.1, 0.),), {}, {})
    assert "Nothing speaks for this item" in shown("parts.why(why, bought)", why=nothing)
    assert shown("parts.why(none, bought)") == ""


def test_the_sum_shows_every_part_with_its_sign(shown):
    reviews = tuple(WeighedReview({"review": row}, row, .5, 0., None, False) for row in (1, 2))
    table = shown("parts.why_sum(explanation, bought)", explanation=Explanation(4., reviews, False, WHY))
    for value in ("+0.60", "+0.40", "−0.30", "+0.70"):
        assert f"<td>{value}</td>" in table
    assert "review 1 <b>75 %</b>, review 2 <b>25 %</b>" in table and "+0.25</small>" in table
    even = WHY._replace(review_shares={1: .5, 2: .5})
    assert "All 2 reviews count equally" in shown(
        "parts.why_sum(explanation, bought)", explanation=Explanation(4., reviews, False, even))


def test_where_reviews_have_no_part_nothing_is_said_of_their_shares(shown):
    reviews = tuple(WeighedReview({"review": row}, row, .5, 0., None, False) for row in (1, 2))
    without = WHY._replace(parts=(Reason(EVIDENCE, 0., 0.),) + WHY.parts[1:])
    table = shown("parts.why_sum(explanation, bought)", explanation=Explanation(4., reviews, False, without))
    assert not without.use_reviews and WHY.use_reviews
    assert "Shares of the reviews" not in table and "count equally" not in table


def test_a_model_ordered_by_stars_refuses_the_order_by_reviews_alone(client):
    for path in ("/shoppers/ann?order=reviews", "/api/shoppers/ann/ranking?order=reviews"):
        answer = client.get(path)
        assert answer.status_code == 404 and "by their reviews alone" in answer.get_data(as_text=True)
    assert client.get("/shoppers/ann").status_code == 200


def test_the_address_holds_the_order_by_reviews_alone(client):
    assert Filters(evidence_alone=True).query["order"] == "reviews" and Filters().query["order"] is None
    page = RankedPage((), 1, 1, False, None, {})
    assert not page.uses_reviews
    assert "Order by reviews alone" not in client.get("/shoppers/ann").get_data(as_text=True)


@pytest.fixture
def real(chain_app):
    chain_app.extensions["rate_limit"] = RateLimit(100, 100)
    return chain_app.test_client()


@pytest.mark.parametrize("query", ["", "?order=reviews"])
def test_the_parts_of_a_real_run_add_up_in_the_interface(real, shopper, query):
    ranking = real.get(f"/api/shoppers/{shopper}/ranking{query}").get_json()["items"]
    assert ranking
    for item in ranking:
        why = item["why"]
        assert why["score"] == pytest.approx(sum(part["part"] for part in why["parts"]), abs=1e-4)
        assert sum(why["review_shares"].values()) == pytest.approx(1, abs=1e-4)


def test_items_of_a_real_run_stand_by_the_score_that_is_shown(real, shopper):
    shown = {order: [{part["kind"]: part["part"] for part in item["why"]["parts"]}
                     for item in real.get(f"/api/shoppers/{shopper}/ranking{order}").get_json()["items"]]
             for order in ("", "?order=reviews")}
    score = [sum(parts.values()) for parts in shown[""]]
    assert score == pytest.approx(sorted(score, reverse=True), abs=1e-4)
    evidence = [parts["reviews"] for parts in shown["?order=reviews"]]
    assert evidence == pytest.approx(sorted(evidence, reverse=True), abs=1e-4)


def test_pages_of_a_real_run_say_why(real, shopper):
    ranked = real.get(f"/shoppers/{shopper}").get_data(as_text=True)
    assert ranked.count('class="why"') == ranked.count("<article") > 0 and "Order by reviews alone" in ranked
    item = real.get(f"/api/shoppers/{shopper}/ranking").get_json()["items"][0]["id"]
    assert "Why it is ranked where it is" in real.get(f"/items/{item}?for={shopper}").get_data(as_text=True)


@pytest.mark.parametrize("order", ["", "reviews"])
def test_a_newcomer_is_told_why(real, order):
    answer = real.post("/yourself", data={"text": "The battery died after two days.", "order": order})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and page.count('class="why"') == ranked_page.PAGE
    assert ("The order follows the reviews alone" in page) == bool(order)
