"""What pages say about reviews: order, weights, votes, reasons, and the sum of the votes."""
import re

import pytest
from flask import render_template_string

from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.web import render
from flask_app.web.render import vote
from tests.flask_app.reading import address, read, weights_of
from tests.flask_app.tiny_catalogue import REVIEWS, SHOPPERS


def percent(share):
    """A share as `reading.py` reads it: with a plain blank."""
    return render.percent(share).replace(render.NO_BREAK, " ")


@pytest.mark.parametrize("user", range(len(SHOPPERS)))
def test_reviews_are_ordered_by_weight_and_bars_show_the_share_that_they_name(client, planted, user):
    page = read(client.get(address("shoppers", SHOPPERS[user], owned=1)))
    for article, item in zip(page.find("article"), planted.ranking(user, True)):
        weights = list(planted.weights(user, item).items())
        shown = shown_rows([row for row, _ in weights])
        assert weights_of(article) == [percent(dict(weights)[row]) for row in shown]
        votes = planted.votes(user, item)
        expected = [vote(votes[row]) for row in shown] if len(votes) > 1 else []
        assert [span.text for span in article.find("span", class_="vote")] == expected
        bars = [float(bar.attributes["width"]) for bar in article.find("rect", class_="fill")]
        assert bars == pytest.approx([100 * dict(weights)[row] for row in shown], abs=.06)


def shown_rows(rows):
    """The review rows that a card shows: the first three, with critical ones in their proportion."""
    shown, critical = rows[:3], [row for row in rows if REVIEWS[row - 1][2] < 4]
    lacking = round(len(shown) * len(critical) / max(len(rows), 1)) - len(set(shown) & set(critical))
    for row in [row for row in critical if row not in shown][:max(lacking, 0)]:
        shown.remove([one for one in shown if one not in critical][-1])
        shown.append(row)
    return shown


def test_pages_without_aspects_have_no_labels(client):
    for path in (address("shoppers", "ann", owned=1), address("items", "drum", **{"for": "ann"}),
                 address("items", "drum")):
        page = read(client.get(path))
        assert {chip.text for chip in page.find("span", class_="chip")} <= {"owned"}
        assert not page.find("select", id="aspect") and not page.find("ul", class_="aspect-bars")


def test_the_page_says_where_weights_are_nearly_equal(app):
    def line(weights):
        explanation = Explanation(3., tuple(WeighedReview({}, position, weight, 0., None, False)
                                            for position, weight in enumerate(weights, 1)), False)
        with app.test_request_context():
            return " ".join(render_template_string(
                "{% import 'parts.html' as parts with context %}{{ parts.share(explanation, explanation.top) }}",
                explanation=explanation).split())

    flat, clear = line([.21, .2, .2, .2, .19]), line([.5, .2, .1, .1, .1])
    assert "3 of 5 reviews have <b>61 %</b>" in flat and "nearly equal" in flat
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
