"""What a card says of an item: ratings, quotes, labels, the aspect of a reason; and which reviews are shown."""
import pytest

from flask_app.recommending import quotes
from flask_app.recommending.cards import labels_of, spoken_of, wishes_of, words_of
from flask_app.recommending.reasons import Reasons
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.recommending.review_highlights import Highlights
from flask_app.storage.aspects import Aspects, Interest
from tests.flask_app.aspect_tables import planted

TEXTS = ["Lasts for weeks. Quiet enough.", "The battery died at once. Looks fine.", "Loud but fun all day.",
         "Too dear by far."]
SENTENCES = [[(0, 16, 0, .95), (17, 30, 1, .8)], [(0, 25, 0, .05), (26, 37, -1, .7)], [(0, 21, 1, .3)],
             [(0, 16, 2, .1)]]
CARES = {0: Interest(0, 1., 8, 4., 50), 2: Interest(2, .2, 1, 0., 50)}
WEIGHTS = {0: 1., 2: .2}


def explained(stars, weights=None, shares=None, own=()):
    """An Explanation of the TEXTS, by falling weight."""
    weights = weights or [1 / max(len(stars), 1)] * len(stars)
    reviews = [WeighedReview({"review": row, "rating": rating, "summary": "", "text": TEXTS[(row - 1) % 4]}, row,
                             weight, 0., None, row in own)
               for row, (rating, weight) in enumerate(zip(stars, weights), 1)]
    return Explanation(4., tuple(reviews), False, shares and Reasons(0., (), {}, shares))


@pytest.fixture(scope="module")
def aspects():
    return Aspects(planted(SENTENCES))


def test_praise_is_of_the_aspect_that_the_shopper_cares_about_and_the_caveat_of_a_critical_review(aspects):
    reviews = explained([5, 2, 5, 3]).reviews
    praise, caveat = (choose(reviews, aspects, WEIGHTS) for choose in (quotes.praise, quotes.caveat))
    assert (praise.review["review"], praise.sentence, praise.opinion.label) == (1, "Lasts for weeks.", "positive")
    assert (caveat.review["review"], caveat.sentence, caveat.opinion.aspect) == (2, "The battery died at once.", 0)
    assert quotes.caveat(reviews, aspects, {2: 1.}).review["review"] == 4
    assert quotes.caveat(explained([5, 4]).reviews, aspects, WEIGHTS) is None


def test_a_shopper_is_not_quoted_to_the_shopper(aspects):
    assert quotes.praise(explained([5, 2], own=[1]).reviews, aspects, WEIGHTS) is None


def test_without_aspects_the_summary_or_else_the_first_sentence_is_quoted_without_an_opinion():
    reviews = explained([5, 2]).reviews
    assert quotes.praise(reviews, None, {}) == (reviews[0].review, "Lasts for weeks.", None)
    reviews[0].review["summary"] = "Good  battery life"
    assert quotes.praise(reviews, None, {})[1:] == ("Good battery life", None)


@pytest.mark.parametrize("polarity, sentence", [(.05, "The battery died at once."), (.29, "The battery died at once."),
                                                (.39, None), (.6, None)])
def test_only_a_sentence_that_surely_criticises_is_quoted_as_a_caveat(polarity, sentence):
    aspects = Aspects(planted([SENTENCES[0], [(0, 25, 0, polarity), (26, 37, -1, .9)]]))
    reviews = explained([5, 2]).reviews
    reviews[1].review["summary"] = "Not impressed"
    caveat = quotes.caveat(reviews, aspects, WEIGHTS)
    assert (caveat and caveat.sentence) == sentence


def test_a_sentence_that_speaks_of_no_aspect_is_not_quoted():
    """Such as "Overall, we can live with it." """
    aspects = Aspects(planted([[(0, 16, -1, .99), (17, 30, 1, .8)], [(0, 25, -1, .01)]]))
    reviews = explained([5, 2]).reviews
    assert quotes.praise(reviews, aspects, {}).sentence == "Quiet enough."
    assert quotes.caveat(reviews, aspects, {}) is None


def test_every_wish_is_counted_over_all_reviews_of_the_item(aspects):
    interests = {number: Interest(number, is_wish=True, is_avoided=number != 1) for number in (0, 1, 2)}
    found = wishes_of(explained([5, 2, 5]), aspects, interests)
    assert [wish.tally for wish in found] == [(0, 2, 1, 1), (1, 2, 1, 1), (2, 0, 0, 0)]
    assert [wish.is_avoided for wish in found] == [True, False, True] and not any(wish.is_against for wish in found)
    scored = explained([5, 2, 5], shares={1: 1.})
    scored = scored._replace(reasons=scored.reasons._replace(wished=((0, .3), (1, -.4), (2, -.01))))
    assert [wish.is_against for wish in wishes_of(scored, aspects, interests)] == [False, True, False]
    assert wishes_of(scored, aspects, CARES) == wishes_of(scored, None, {}) == ()


@pytest.mark.parametrize("stars, weights, rows", [
    ([5, 5, 4, 2], [.4, .3, .2, .1], [1, 2, 4]),  # a quarter is critical: one of three
    ([5, 5, 4, 5, 5, 5, 5, 5, 5, 2], [.1] * 10, [1, 2, 3]),  # a tenth: none of three
    ([5, 5, 4, 2, 3, 1, 5], [.3, .2, .1, .1, .1, .1, .1], [1, 2, 4]),  # three sevenths: one
    ([5, 5, 4, 2, 3, 1], [.3, .2, .2, .1, .1, .1], [1, 4, 5]),  # a half: two
    ([5, 3, 4, 2], [.4, .3, .2, .1], [1, 2, 4]), ([1, 2, 3, 5, 5, 5, 5, 5, 5], [.12] * 9, [1, 2, 3]),  # enough already
    ([2, 2, 5, 1], [.4, .3, .2, .1], [1, 2, 3]), ([5, 5, 5], [.4, .3, .3], [1, 2, 3]), ([5, 2], [.5, .5], [1, 2]),
    ([], [], [])])
def test_critical_reviews_are_shown_in_their_proportion(stars, weights, rows):
    shown = quotes.shown_reviews(explained(stars, weights), {"item": 0}, None, {})
    assert [weighed.review["review"] for weighed in shown] == rows


def test_the_reviews_shown_cover_what_the_shopper_speaks_of(aspects):
    stars = [5, 5, 5, 5, 5, 4]  # the reviews 5 and 6 lie outside the tables and speak of nothing
    of_price = Interest(2, 1., 9, 0., 9)
    even = explained(stars, [.2, .19, .18, .17, .13, .13])
    shown = quotes.shown_reviews(even, {"item": 0}, aspects, {2: of_price})
    assert len(shown) == 3 and 4 in [weighed.review["review"] for weighed in shown]
    assert quotes.shown_reviews(even, {"item": 0}, aspects, {}) == even.top
    wish = quotes.shown_reviews(even, {"item": 99}, aspects, {2: Interest(2, 1., 0, 0., 0)})
    assert 4 in [weighed.review["review"] for weighed in wish]


def test_labels_say_what_the_sentences_say_those_of_the_shopper_first(aspects):
    assert [tuple(label) for label in labels_of(1, aspects, CARES)] == [
        ("a0", "battery life", "positive", True), ("a1", "noise", "positive", False)]
    assert labels_of(1, aspects, {})[0].is_mine is False
    assert labels_of(99, aspects, CARES) == labels_of(1, None, CARES) == ()


def test_the_aspect_of_a_reason_has_most_of_the_evidence(aspects):
    even = explained([5, 2, 5, 3], shares={1: .25, 2: .25, 3: .25, 4: .25})
    spoken = spoken_of(even, aspects, CARES)
    assert spoken.tally[:3] == (0, 2, 1) and spoken.interest.mentions == 8
    dear = explained([5, 2, 5, 3], shares={1: .05, 2: .05, 3: 0., 4: .9})
    assert spoken_of(dear, aspects, CARES).tally.aspect == 2
    assert spoken_of(even, aspects, {1: Interest(1, 0., 0, 0., 9)}) is None and spoken_of(even, None, {}) is None


def test_words_of_a_reason_are_highlighted_in_the_reviews():
    shown = explained([5, 2], [.7, .3]).reviews
    marks = {1: Highlights(((0, 5, 1), (17, 22, 2)), None, None), 2: Highlights(((4, 11, 2),), None, None)}
    assert words_of(shown, marks) == ("quiet", "lasts", "battery") and words_of(shown, {}) == ()
