"""What a page shows of an item for the one who looks at it: reasons, praise, a caveat, and the reviews behind."""
from typing import NamedTuple, Optional

from flask_app.recommending import quotes
from flask_app.recommending.reasons import POPULARITY, PURCHASES, ahead, told
from flask_app.recommending.recommendation import Explanation
from flask_app.storage.aspects import Tally
from flask_app.web.render import stars

WORDS = 3  # words of the reviews that a reason names
OTHERS = {PURCHASES, POPULARITY}  # kinds of reasons that are not told by what the reviews say
TOLD = 2  # parts of the score that are told in words, beside the wishes
LABELS = 3  # aspects that are named beside a review
AGAINST = -.05  # points of a wish from which down the page says that the item does less well on it than others


class Spoken(NamedTuple):
    """An aspect that the evidence of an item rests on."""
    tally: Tally  # over all reviews of the item
    interest: object  # of the one who looks: weight, mentions, reviews


class Wish(NamedTuple):
    """An aspect that a visitor wants or avoids, and what the reviews of an item say of it."""
    tally: Tally  # over all reviews of the item; its numbers may be 0
    is_avoided: bool
    is_against: bool  # whether the item does less well on it than a typical item


class Label(NamedTuple):
    """An aspect that a review speaks of."""
    code: str
    name: str
    polarity: str  # of `storage.aspects.POLARITIES`
    is_mine: bool  # whether the one who looks cares about it


class Card(NamedTuple):
    """An item as a page shows it."""
    item: object  # the catalogue's row
    explanation: Explanation
    rating: str  # predicted stars
    told: tuple  # of reasons.Reason: the parts that are told in words, the largest first
    largest: str  # kind of the largest part; '' where nothing speaks for the item
    wishes: tuple  # of Wish: all of the one who looks; they are told first, in place of what the reviews say
    spoken: Optional[Spoken]  # of the evidence of reviews, where it is told
    words: tuple  # likewise, without aspects: words of the reviews that make them similar to the shopper's
    praise: Optional[quotes.Quote]
    caveat: Optional[quotes.Quote]
    shown: tuple  # WeighedReviews that are shown in full
    labels: dict  # {review row: (Label)} of the shown reviews
    highlights: dict  # {review row: Highlights} of the shown reviews
    ahead: Optional[dict] = None  # `reasons.ahead` of the next item of the page; None for the last


class ShownItems(NamedTuple):
    """A page of ranked items as cards."""
    ranked: object  # `ranked_page.RankedPage`
    cards: tuple  # of Card, best first
    names: tuple  # of all aspects, by number
    popularity: dict  # {row of an item: share of all items, 0..1, that have fewer ratings}

    @property
    def has_points(self):
        """Whether the items are ordered by a score whose parts are known."""
        return any(card.explanation.reasons for card in self.cards)


def shown_items(store, ranked, aspects, interests, highlighter):
    """The ShownItems of a page.

    Args:
      store: the catalogue, a `storage.store.Store`.
      ranked: `ranked_page.RankedPage`.
      aspects: `storage.aspects.Aspects`, or None.
      interests: {aspect: interest of the one who looks}; an interest has `weight` 0..1, `mentions` and `reviews`.
      highlighter: `review_highlights.Highlighter` of the one who looks.
    """
    shown = [quotes.shown_reviews(explanation, item, aspects, interests) for item, explanation in ranked.entries]
    highlights = highlighter.highlights(shown)
    left_out = (PURCHASES, POPULARITY) if ranked.evidence_alone else ()
    cards = tuple(_card(item, explanation, aspects, interests, reviews, highlights, left_out)
                  for (item, explanation), reviews in zip(ranked.entries, shown))
    scores = [explanation.reasons for explanation in ranked.explanations]
    cards = tuple(card._replace(ahead=ahead(*pair)) for card, pair in zip(cards, zip(scores, scores[1:] + [None])))
    return ShownItems(ranked, cards, tuple(aspect.name for aspect in aspects.all) if aspects else (),
                      store.share_with_fewer_ratings([entry.item for entry in ranked.entries]))


def card_of(item, explanation, highlighter, aspects, interests):
    """The Card of an item alone. It tells what a list tells. Arguments: see `shown_items`."""
    shown = quotes.shown_reviews(explanation, item, aspects, interests)
    return _card(item, explanation, aspects, interests, shown, highlighter.highlights([shown]), ())


def _card(item, explanation, aspects, interests, shown, highlights, left_out):
    parts, wishes = told(explanation.reasons, left_out), wishes_of(explanation, aspects, interests)
    largest, spoken, words = parts[0].kind if parts else "", None, ()
    if wishes:
        parts = tuple(part for part in parts if part.kind in OTHERS)
    elif {part.kind for part in parts[:TOLD]} - OTHERS:
        spoken = spoken_of(explanation, aspects, interests)
        words = () if spoken else words_of(shown, highlights)
    weights = {aspect: interest.weight for aspect, interest in interests.items()}
    return Card(item, explanation, stars(explanation.rating), parts[:TOLD], largest, wishes, spoken, words,
                quotes.praise(explanation.reviews, aspects, weights),
                quotes.caveat(explanation.reviews, aspects, weights), shown,
                {row: labels_of(row, aspects, interests) for row in (w.review["review"] for w in shown)}, highlights)


def wishes_of(explanation, aspects, interests):
    """The Wish of each aspect that a visitor wants or avoids; () for a shopper of the data."""
    wished = [interest for interest in interests.values() if interest.is_wish]
    if not wished:
        return ()
    tally = aspects.tally([weighed.review["review"] for weighed in explanation.reviews])
    points = dict(explanation.reasons.wished) if explanation.reasons else {}
    return tuple(Wish(tally.get(one.aspect, Tally(one.aspect, 0, 0, 0)), one.is_avoided,
                      points.get(one.aspect, 0.) <= AGAINST) for one in wished)


def spoken_of(explanation, aspects, interests):
    """The Spoken of an item: the aspect that has most of the evidence, by the shares of the reviews that speak of it.

    Each review counts with its share of the evidence, times how much the one who looks cares about the aspect.

    Returns:
      None without aspects, or where no review speaks of an aspect that is cared about.
    """
    if aspects is None:
        return None
    amounts = {}
    for review, share in explanation.reasons.review_shares.items():
        for opinion in aspects.opinions(review):
            interest = interests.get(opinion.aspect)
            if interest and interest.weight > 0 and not interest.is_avoided:
                amounts[opinion.aspect] = amounts.get(opinion.aspect, 0.) + share * interest.weight
    if not amounts:
        return None
    aspect = max(amounts, key=amounts.get)
    tally = aspects.tally([weighed.review["review"] for weighed in explanation.reviews])
    return Spoken(tally[aspect], interests[aspect])


def labels_of(review, aspects, interests):
    """The Labels of a review by its row: the aspects that it speaks of, those that are cared about first."""
    if aspects is None:
        return ()
    opinions = sorted(aspects.opinions(review), key=lambda one: (-weight_of(interests, one.aspect), one.aspect))
    return tuple(Label(aspects.all[opinion.aspect].code, aspects.name(opinion.aspect), opinion.label,
                       weight_of(interests, opinion.aspect) > 0) for opinion in opinions[:LABELS])


def weight_of(interests, aspect):
    """How much the one who looks cares about an aspect, 0..1."""
    return interests[aspect].weight if aspect in interests else 0.


def words_of(shown, highlights):
    """At most WORDS different words, in small letters, that are highlighted most in some WeighedReviews."""
    found = {}
    for weighed in shown:
        marks = highlights[weighed.review["review"]].marks if weighed.review["review"] in highlights else ()
        for start, end, level in marks:
            word = weighed.review["text"][start:end].lower()
            found[word] = found.get(word, 0.) + level * weighed.weight
    return tuple(sorted(found, key=lambda word: (-found[word], word))[:WORDS])
