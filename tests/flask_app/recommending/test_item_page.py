"""The reviews of an item: filters, orders and pages."""
import itertools

import pytest

from flask_app.recommending import item_page
from flask_app.recommending.item_page import ReviewFilters, by_votes, filters_of, passes, sorted_reviews
from flask_app.storage.aspects import POLARITIES, Aspects
from tests.flask_app.aspect_tables import planted

SENTENCES = [[(0, 1, 0, .9), (1, 2, 1, .1)], [(0, 1, 0, .5)], [(0, 1, 0, .2)], [], [(0, 1, 2, .7)], [(0, 1, 1, .9)]]
STARS = [5, 4, 2, 3.5, 1, 4.5]
REVIEWS = {row: {"review": row, "rating": stars, "text": "x", "time": time, "helpful_up": up, "helpful_total": total}
           for row, (stars, time, (up, total)) in enumerate(zip(STARS, [3, None, 9, 1, 3, 2], [
               (None, None), (1, 9), (9, 9), (0, 0), (1, 1), (0, 5)]), 1)}


@pytest.fixture(scope="module")
def aspects():
    return Aspects(planted(SENTENCES))


def rows(filters, aspects):
    return [row for row, review in REVIEWS.items() if passes(review, filters, aspects)]


def test_polarities_partition_the_reviews_of_an_aspect_and_stars_partition_all(aspects):
    for number in range(3):
        tally = aspects.tally(REVIEWS)[number]
        parts = {polarity: rows(ReviewFilters(number, polarity), aspects) for polarity in POLARITIES}
        assert sorted(itertools.chain(*parts.values())) == rows(ReviewFilters(number), aspects)
        assert (len(parts["positive"]), len(parts["negative"])) == (tally.positive, tally.negative)
        assert len(rows(ReviewFilters(number), aspects)) == tally.reviews
    by_stars = [rows(ReviewFilters(stars=stars), aspects) for stars in item_page.STARS]
    assert sorted(itertools.chain(*by_stars)) == list(REVIEWS)
    assert rows(ReviewFilters(), aspects) == list(REVIEWS)
    speaking = itertools.chain(*(rows(ReviewFilters(polarity=polarity), aspects) for polarity in POLARITIES))
    assert sorted(speaking) == [1, 2, 3, 5, 6]
    assert rows(ReviewFilters(polarity="positive"), None) == []


def test_orders_keep_every_review_and_break_ties_by_relevance():
    explanation = by_votes({"rating_mean": 3.}, REVIEWS)
    weighed = {one.review["review"]: one for one in explanation.reviews}
    by_relevance = [review["review"] for review in sorted_reviews(REVIEWS, weighed, item_page.RELEVANCE)]
    assert by_relevance == [one.review["review"] for one in explanation.reviews]
    assert by_relevance[:2] == [3, 5] and sorted(by_relevance) == list(REVIEWS)
    newest = [review["review"] for review in sorted_reviews(REVIEWS, weighed, item_page.NEWEST)]
    assert newest == [3, 5, 1, 6, 4, 2]
    helpful = [review["review"] for review in sorted_reviews(REVIEWS, {}, item_page.HELPFUL)]
    assert helpful[:3] == [3, 5, 2] and helpful[3:] == [1, 4, 6]


def test_weights_by_votes_sum_to_one_and_claim_nothing():
    explanation = by_votes({"rating_mean": None}, REVIEWS)
    assert sum(one.weight for one in explanation.reviews) == pytest.approx(1)
    assert explanation.reasons is None and not explanation.has_votes
    assert by_votes({"rating_mean": 3.}, {}).reviews == ()


def test_filters_of_an_address_are_those_that_it_is_given_and_nonsense_is_left_out(aspects):
    filters = ReviewFilters(1, "mixed", 3, item_page.NEWEST)
    query = {name: str(value) for name, value in filters.query(aspects).items()}
    assert filters_of(query, aspects) == filters and filters.narrows
    for nonsense in ({"aspect": "a9", "polarity": "x", "stars": "6", "sort": "?"}, {"stars": "²"}, {}):
        assert filters_of(nonsense, aspects) == ReviewFilters()
    assert filters_of({"aspect": "a1", "polarity": "mixed"}, None) == ReviewFilters()
    assert set(ReviewFilters().query(None).values()) == {None} and not ReviewFilters(sort="newest").narrows
