"""What pages say about why an item is ranked where it is."""
import re

import pytest
from flask import render_template_string
from markupsafe import Markup

from flask_app.recommending import ranked_page
from flask_app.recommending.cards import Card, Spoken, Wish
from flask_app.recommending.ranked_page import Filters, RankedPage
from flask_app.recommending.reasons import EVIDENCE, POPULARITY, PURCHASES, Reason, Reasons
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.storage.aspects import Interest, Tally
from flask_app.web.rate_limit import RateLimit

WHY = Reasons(.7, (Reason(EVIDENCE, .6, .6), Reason(PURCHASES, .4, .4), Reason(POPULARITY, -.3, 0.)), {4: .25},
              {1: .75, 2: .25})
BOUGHT = {4: {"item": 4, "item_id": "drum", "title": "Tin <b>drum</b>"}}


ITEM = {"item": 4, "item_id": "kite", "title": "Kite", "rating_count": 7}
REVIEW = WeighedReview({"review": 1, "text": "Loud and loud", "rating": 5}, 1, .5, 0., None, False)


@pytest.fixture
def shown(app):
    def render(call, **values):
        with app.test_request_context():
            return " ".join(render_template_string(
                "{% import 'cards.html' as cards with context %}{{ " + call + " }}", bought=BOUGHT, **values).split())

    return render


def card(why, *kinds, **values):
    """A Card of an item with reasons of some kinds, the largest first."""
    told = tuple(Reason(kind, 1., 1.) for kind in kinds)
    return Card(ITEM, Explanation(4., (), False, why), "4.0", told, kinds[0] if kinds else "", (), None, (), None, None,
                (), {}, {})._replace(**values)


def reason(shown, of, who="this shopper", names=(), fewer=.25):
    return shown("cards.reason(card, names, bought, ranks, who)", card=of, names=names, ranks={4: fewer}, who=who)


def test_each_reason_is_a_sentence(shown):
    popular, bought, reviews = (card(WHY, kind) for kind in (POPULARITY, PURCHASES, EVIDENCE))
    assert reason(shown, popular) == "Because it is popular: 7 ratings, more than 25 % of the items have."
    assert reason(shown, popular, fewer=.9999).endswith("more than 99 % of the items have.")
    assert reason(shown, popular, fewer=.001) == "Because it is popular: 7 ratings."
    assert reason(shown, popular, fewer=None) == "Because it is popular: no item has more than its 7 ratings."
    assert reason(shown, bought) == "Because this shopper bought <bdi>Tin &lt;b&gt;drum&lt;/b&gt;</bdi>."
    assert "Because you rated" in reason(shown, bought, "you")
    assert "speak for it more than those of other items do" in reason(shown, reviews, "you")
    assert "more like what this shopper writes than" in reason(shown, reviews)
    assert "words that this shopper uses: <i dir=\"auto\">loud</i>." in reason(shown, reviews._replace(words=("loud",)))


def test_the_largest_part_is_told_as_such(shown):
    assert reason(shown, card(WHY, POPULARITY, PURCHASES)) == (
        "Above all because it is popular: 7 ratings, more than 25 % of the items have. "
        "Also because this shopper bought <bdi>Tin &lt;b&gt;drum&lt;/b&gt;</bdi>.")


def wished(*wishes):
    """Wishes of the aspects 0, 1 ...: of (reviews, positive, negative, is_avoided, is_against)."""
    return tuple(Wish(Tally(number, *wish[:3]), *wish[3:]) for number, wish in enumerate(wishes))


def with_reviews(count, of):
    return of._replace(explanation=of.explanation._replace(reviews=tuple(range(count))))


def test_every_wish_is_told_with_its_counts_before_popularity(shown):
    of = with_reviews(50, card(WHY, EVIDENCE))._replace(told=(Reason(POPULARITY, .1, .1),), wishes=wished(
        (48, 42, 3, False, False), (25, 22, 1, False, False), (18, 0, 9, False, True), (5, 3, 1, True, False)))
    told = Markup(reason(shown, of, "you", ["battery life", "fun", "plastic", "noise"])).striptags()
    assert told == (
        "Battery life: 42 of 48 reviews that speak of it praise it; fun: 22 of 25; plastic: none of 18; "
        "noise, which you avoid: 1 of 50 reviews criticises it. It does less well than a typical item on "
        "plastic, and is here all the same for other reasons. Also because it is popular: 7 ratings, more than 25 % of "
        "the items have.")
    most = of._replace(largest=POPULARITY)
    assert "Above all because it is popular" in reason(shown, most, "you", ["battery life", "fun", "plastic", "noise"])


@pytest.mark.parametrize("wish, words", [
    ((0, 0, 0, False, False), "Noise &amp; co</b>: no review speaks of it."),
    ((1, 1, 0, False, False), "1 of 1 review that speaks of it praises it."),
    ((2, 0, 1, False, False), "none of 2 reviews that speak of it praises it."),
    ((0, 0, 0, True, False), "Noise &amp; co</b>, which you avoid: no review speaks of it."),
    ((1, 1, 0, True, False), "none of 2 reviews criticises it."),
    ((2, 0, 2, True, False), "2 of 2 reviews criticise it.")])
def test_a_wish_of_few_or_no_reviews_is_told(shown, wish, words):
    of = with_reviews(2, card(WHY, wishes=wished(wish)))
    assert reason(shown, of, "you", ["noise & co"]).endswith(words)


@pytest.mark.parametrize("positive, words", [
    (3, '3 of the 4 reviews that speak of <b dir="auto">noise &amp; co</b> praise it'), (4, "all 4 reviews that speak"),
    (1, '4 reviews speak of <b dir="auto">noise &amp; co</b>, 1 with praise'), (0, "none with praise")])
def test_a_reason_from_reviews_counts_them(shown, positive, words):
    spoken = Spoken(Tally(0, 4, positive, 0), Interest(0, 1., 8, 4., 50))
    of = card(WHY, EVIDENCE, spoken=spoken)
    sentence = reason(shown, of, names=["noise & co"])
    assert words in sentence and "which this shopper mentions in 8 of 50 reviews." in sentence
    assert "which you mention in 8 of 50" in reason(shown, of, "you", ["noise & co"])
    unmentioned = of._replace(spoken=spoken._replace(interest=Interest(0, 1., 0, 0., 0)))
    assert "which you want." in reason(shown, unmentioned, "you", ["noise & co"])


def test_without_a_part_above_zero_the_sentence_says_so(shown):
    nothing = Reasons(-.1, (Reason(EVIDENCE, -.1, 0.),), {}, {})
    assert "Nothing speaks for this item" in reason(shown, card(nothing))
    assert reason(shown, card(None)) == ""


def waterfall(shown, why):
    return shown("cards.waterfall(explanation, bought, 'this shopper')", explanation=Explanation(4., (), False, why))


def test_the_waterfall_shows_every_part_with_its_sign_and_they_add_up(shown):
    table = waterfall(shown, WHY)
    assert re.findall(r"<td>(.*?)</td>", table) == ["+0.60", "+0.25", "+0.15", "−0.30", "+0.70"]
    assert "±" not in waterfall(shown, WHY._replace(bought={}, parts=WHY.parts + (Reason("wanted", 0., 0.),)))
    assert waterfall(shown, None) == ""


def test_purchases_below_zero_are_explained(shown):
    against = WHY._replace(parts=WHY.parts[:1] + (Reason(PURCHASES, -.4, 0.),) + WHY.parts[2:])
    assert "Purchases count against it: shoppers of the same items" in waterfall(shown, against)
    assert "count against it" not in waterfall(shown, WHY)


def test_bars_of_the_waterfall_begin_where_the_one_before_ends(shown):
    bars = re.findall(r'class="why-\w+( less)?" x="([\d.]+)" width="([\d.]+)"', waterfall(shown, WHY))
    assert len(bars) == 4
    place = 0.
    for less, x, width in bars:
        place -= float(width) if less else 0
        assert float(x) == pytest.approx(place, abs=.3)
        place += 0 if less else float(width)
    assert place == pytest.approx(70, abs=.3)  # the score, of a highest sum of 1


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
    assert ranked.count('class="waterfall"') == ranked.count("<article") > 0 and "Order by reviews alone" in ranked
    item = real.get(f"/api/shoppers/{shopper}/ranking").get_json()["items"][0]["id"]
    assert "How its score adds up" in real.get(f"/items/{item}?for={shopper}").get_data(as_text=True)


@pytest.mark.parametrize("order", ["", "reviews"])
def test_a_newcomer_is_told_why(real, order):
    answer = real.post("/yourself", data={"text": "The battery died after two days.", "order": order})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and page.count('class="waterfall"') == ranked_page.PAGE
    assert ("The order follows the reviews alone" in page) == bool(order)


def test_why_an_item_stands_before_the_next_one_is_said(shown):
    call = "cards.waterfall(explanation, bought, 'this shopper', ahead, 2, alone)"
    values = dict(explanation=Explanation(4., (), False, WHY), alone=False)
    before = shown(call, ahead={POPULARITY: 1.21, EVIDENCE: -.5}, **values)
    assert "<b>0.71 points</b> before number 3: +1.21 for popularity, −0.50 for what" in before
    assert "the same points as number 3" in shown(call, ahead={}, **values)
    assert "number 3" not in shown(call, ahead=None, **values)
    alone = shown(call, ahead={POPULARITY: 1.21}, **dict(values, alone=True))
    assert "number 3" not in alone and "shopper” alone." in alone


def test_the_page_of_an_item_tells_what_the_list_tells_of_it(real, shopper):
    told = re.compile(r'<p class="reason">(.*?)</p>', re.S)

    def plain(html):
        return " ".join(Markup(html).striptags().split())

    ranking = real.get(f"/api/shoppers/{shopper}/ranking").get_json()["items"]
    assert any(item["reason"] for item in ranking)
    for item in ranking:
        page = real.get(f"/items/{item['id']}?for={shopper}").get_data(as_text=True)
        assert plain(item["reason"]) == plain(told.search(page).group(1))
