"""The reviews of one item for the one who looks at it: aspects, the most relevant praise and criticism, all reviews.

The reviews are filtered by aspect, polarity and stars, and ordered by relevance, date or helpful votes.
"""
from typing import NamedTuple, Optional

from flask_app.recommending.cards import Card, card_of, labels_of, weight_of
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.storage.aspects import POLARITIES, Tally, label_of
from metrics.helpfulness import wilson

PAGE = 10  # reviews a page
RELEVANCE, NEWEST, HELPFUL = SORTS = "relevance", "newest", "helpful"
STARS = 5, 4, 3, 2, 1


class ReviewFilters(NamedTuple):
    """Which reviews are shown, and in which order."""
    aspect: Optional[int] = None  # reviews that speak of it
    polarity: str = ""  # of POLARITIES: towards the aspect, or of all that the review says; '' for all
    stars: int = 0  # rounded; 0 for all
    sort: str = RELEVANCE

    def query(self, aspects):
        """The filters as parameters of an address; None for those that are not set. `aspects`: Aspects or None."""
        return {"aspect": aspects.all[self.aspect].code if self.aspect is not None else None,
                "polarity": self.polarity or None, "stars": self.stars or None,
                "sort": self.sort if self.sort != RELEVANCE else None}

    @property
    def narrows(self):
        return self[:3] != (None, "", 0)


class AspectBar(NamedTuple):
    """How the reviews of the item speak of an aspect."""
    code: str
    name: str
    tally: Tally
    interest: object  # of the one who looks; None where there is none


class ShownReview(NamedTuple):
    """One review of the list."""
    review: object  # the catalogue's row
    weighed: Optional[WeighedReview]  # None where the model reads no word of it
    labels: tuple  # of cards.Label
    has_votes: bool = False  # whether somebody voted on it


class ItemPage(NamedTuple):
    """What the page of an item shows."""
    card: Card
    explanation: Explanation
    bars: tuple  # of AspectBar, those of the one who looks first
    praise: Optional[ShownReview]
    criticism: Optional[ShownReview]
    reviews: tuple  # of ShownReview, those of this page
    matching: int  # reviews that pass the filters
    total: int  # reviews
    page: int  # from 1
    has_more: bool

    @property
    def pages(self):
        """The number of pages of the reviews that pass the filters."""
        return _pages(self.matching)


def _pages(count):
    """The number of pages of so many reviews."""
    return max(1, -(-count // PAGE))


def item_page(item, reviews, explanation, highlighter, aspects, interests, filters, page):
    """The ItemPage.

    Args:
      item: the catalogue's row.
      reviews: {review row: review} of all training reviews of the item.
      explanation: the item's Explanation for the one who looks.
      highlighter, aspects, interests: as for `cards.shown_items`.
      filters: ReviewFilters.
      page: from 1; a number beyond the last page gives the last one.
    """
    card = card_of(item, explanation, highlighter, aspects, interests)
    weighed = {one.review["review"]: one for one in explanation.reviews}
    ordered = sorted_reviews(reviews, weighed, filters.sort)
    matching = [review for review in ordered if passes(review, filters, aspects)]
    page = min(page, _pages(len(matching)))

    def shown(review):
        row = review["review"]
        return ShownReview(review, weighed.get(row), labels_of(row, aspects, interests), bool(review["helpful_total"]))

    praise, criticism = (quote and shown(quote.review) for quote in (card.praise, card.caveat))
    return ItemPage(card, explanation, aspect_bars(reviews, aspects, interests), praise, criticism,
                    tuple(map(shown, matching[(page - 1) * PAGE:page * PAGE])), len(matching), len(reviews), page,
                    len(matching) > page * PAGE)


def by_votes(item, reviews):
    """An Explanation of an item for nobody: weights by helpful votes, no votes of the model and no reasons.

    Args:
      item: the catalogue's row.
      reviews: {review row: review} of its training reviews.
    """
    reviews = [review for review in reviews.values() if review["text"]]
    weights = [.1 + helpfulness(review) for review in reviews]
    order = sorted(range(len(reviews)), key=lambda place: -weights[place])
    return Explanation(item["rating_mean"] or 0., tuple(
        WeighedReview(reviews[place], position, weights[place] / sum(weights), 0., None, False)
        for position, place in enumerate(order, 1)), False)


def helpfulness(review):
    """The lower bound of the share of helpful votes of a review, 0..1; see `metrics.helpfulness.wilson`."""
    return float(wilson(review["helpful_up"] or 0, review["helpful_total"] or 0))


def sorted_reviews(reviews, weighed, sort):
    """The reviews in an order of SORTS; those without a weight come last by relevance.

    Equally helpful ones, and those of one day, stay in the order of relevance.
    """
    def relevance(review):
        one = weighed.get(review["review"])
        return one.position if one else len(reviews) + 1

    ordered = sorted(reviews.values(), key=relevance)
    if sort == NEWEST:
        ordered.sort(key=lambda review: -(review["time"] or 0))
    if sort == HELPFUL:
        ordered.sort(key=lambda review: -helpfulness(review))
    return ordered


def passes(review, filters, aspects):
    """Whether a review passes the filters. Without tables of aspects, those for aspect and polarity pass nothing."""
    if filters.stars and round(review["rating"]) != filters.stars:
        return False
    if filters.aspect is None and not filters.polarity:
        return True
    opinions = aspects.opinions(review["review"]) if aspects else ()
    if filters.aspect is not None:
        opinions = [opinion for opinion in opinions if opinion.aspect == filters.aspect]
    if not opinions:
        return False
    mean = sum(opinion.polarity for opinion in opinions) / len(opinions)
    return filters.polarity in ("", label_of(mean))


def aspect_bars(reviews, aspects, interests):
    """The AspectBars of an item: first those that are cared about, by weight; then by number of reviews."""
    tallies = aspects.tally(reviews).values() if aspects else ()
    ordered = sorted(tallies, key=lambda tally: (-weight_of(interests, tally.aspect), -tally.reviews, tally.aspect))
    return tuple(AspectBar(aspects.all[tally.aspect].code, aspects.name(tally.aspect), tally, interests.get(
        tally.aspect) if weight_of(interests, tally.aspect) > 0 else None) for tally in ordered)


def filters_of(args, aspects):
    """The ReviewFilters of the parameters of an address; values that are none of the offered ones are left out."""
    stars = args.get("stars", "")
    return ReviewFilters(aspects.number_of.get(args.get("aspect", "")) if aspects else None,
                         args.get("polarity", "") if args.get("polarity") in POLARITIES and aspects else "",
                         int(stars) if stars in [str(number) for number in STARS] else 0,
                         args.get("sort") if args.get("sort") in SORTS else RELEVANCE)
