"""What pages say about why an item is ranked where it is."""
import pytest
from flask import render_template_string

from flask_app.recommending.ranked_page import Filters, RankedPage
from flask_app.recommending.reasons import EVIDENCE, POPULARITY, PURCHASES, Reason, Reasons
from flask_app.recommending.recommendation import Explanation, WeighedReview

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


def test_the_address_holds_the_order_by_reviews_alone(client):
    assert Filters(evidence_alone=True).query["order"] == "reviews" and Filters().query["order"] is None
    page = RankedPage((), 1, 1, False, None, {})
    assert not page.has_reasons
    assert "Order by reviews alone" not in client.get("/shoppers/ann").get_data(as_text=True)
