"""What pages say about reviews: order, weights, votes, reasons, and the sum of the votes."""
import re

import numpy as np
import pytest
from flask import render_template_string

from flask_app.recommending.recommendation import Explanation, WeighedReview, reasons_of
from flask_app.web.render import percent, signed
from tests.flask_app.conftest import SHOPPERS
from tests.flask_app.reading import address, read, weights_of


@pytest.mark.parametrize("user", range(len(SHOPPERS)))
def test_reviews_are_ordered_by_weight_and_the_first_three_are_open(client, planted, user):
    page = read(client.get(address("shoppers", SHOPPERS[user], owned=1)))
    for article, item in zip(page.find("article"), planted.ranking(user, True)):
        weights = [percent(weight) for weight in planted.weights(user, item).values()]
        assert weights_of(article) == weights[:3]
        folded = [row.find("b")[0].text for part in article.find("ol", class_="folded")
                  for row in part.find("li")]
        assert folded == weights[3:]
        votes = list(planted.votes(user, item).values())
        shown = [f"{signed(vote)} stars" for vote in votes[:3]] if len(votes) > 1 else []
        assert [span.text for span in article.find("span", class_="vote")] == shown


def test_each_review_says_whether_it_is_personal_or_generally_useful(client, planted):
    seen = set()
    for user, shopper in enumerate(SHOPPERS):
        page = read(client.get(address("items", "drum", **{"for": shopper, "beside": shopper})))
        rows = list(planted.weights(user, 0))
        reasons, = reasons_of(planted.personal[[user]][:, rows], planted.useful[np.newaxis, rows],
                              np.ones((1, len(rows)), bool))
        section = page.one("div", class_="sides").find("section")[0]
        for review, reason in zip(section.find("li", class_="review"), reasons):
            chips = [chip.text for chip in review.find("span", class_="chip")]
            assert chips == (["similar to what this shopper cares about"] * (reason in ("personal", "both"))
                             + ["useful to all shoppers"] * (reason in ("useful", "both")))
            seen.add(reason)
    assert {"personal", "useful", None} <= seen


def test_the_page_says_where_weights_are_nearly_equal(app):
    def line(weights):
        reviews = [WeighedReview({}, position, weight, 0., None, False)
                   for position, weight in enumerate(weights, 1)]
        with app.test_request_context():
            return " ".join(render_template_string(
                "{% import 'parts.html' as parts with context %}{{ parts.share(explanation) }}",
                explanation=Explanation(3., tuple(reviews), False)).split())

    flat, clear = line([.21, .2, .2, .2, .19]), line([.5, .2, .1, .1, .1])
    assert "3 of 5 reviews have 61 %" in flat and "nearly equal" in flat
    assert "no review stands out for this shopper" in line([.2] * 5)
    assert "3 of 5 reviews have <b>80 %</b>" in clear and "nearly equal" not in clear


def test_the_share_of_the_top_reviews_is_correct(client, planted):
    page = read(client.get(address("items", "drum", **{"for": "ann", "beside": "bob"})))
    for section, user in zip(page.one("div", class_="sides").find("section"), (0, 1)):
        top = sum(list(planted.weights(user, 0).values())[:3])
        assert f"3 of 5 reviews have {percent(top)} of the weight" in section.text
        assert "an even share would be 60 %" in section.text


def test_shown_numbers_add_up_to_the_shown_rating(client):
    sums = 0
    for shopper in SHOPPERS:
        page = read(client.get(address("shoppers", shopper, owned=1)))
        for line in page.find("p", class_="sum"):
            *parts, total = [int(re.sub(r"\D", "", part.text.split()[part.text[0] == "="]))
                             * (-1 if part.text[0] == "−" else 1) for part in line.find("span")]
            assert sum(parts) == total
            sums += 1
    assert sums > 10
