"""What a page shows of an item for the one who looks at it: one reason, praise, a caveat, and the reviews behind."""
from typing import NamedTuple, Optional

from flask_app.recommending import quotes
from flask_app.recommending.reasons import POPULARITY, PURCHASES, ahead, leads, means
from flask_app.recommending.recommendation import Explanation
from flask_app.recommending.viewer import is_avoided
from flask_app.recommending.wishes import AVOIDED
from flask_app.storage.aspects import Tally
from flask_app.web.render import stars

WORDS = 3  # words of the reviews that a reason names
OTHERS = {PURCHASES, POPULARITY, AVOIDED}  # kinds of reasons that are not told by what the reviews say
LABELS = 3  # aspects that are named beside a review


class Spoken(NamedTuple):
    """An aspect that the evidence of an item rests on."""
    tally: Tally  # over all reviews of the item
    interest: object  # of the one who looks: weight, mentions, reviews


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
    leads: tuple  # of reasons.Lead: the reasons that are told, the strongest first; () where nothing speaks for it
    beside: dict  # {kind: mean of the part over the items shown}
    spoken: Optional[Spoken]  # of the evidence of reviews, where it is told
    words: tuple  # likewise, without aspects: words of the reviews that make them similar to the shopper's
    praise: Optional[quotes.Quote]
    caveat: Optional[quotes.Quote]
    shown: tuple  # WeighedReviews that are shown in full
    labels: dict  # {review row: (Label)} of the shown reviews
    highlights: dict  # {review row: Highlights} of the shown reviews
    avoided: tuple = ()  # Tallies of the aspects that are avoided, where they are told
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
    explanations = ranked.explanations
    shown = [quotes.shown_reviews(explanation, item, aspects, interests) for item, explanation in ranked.entries]
    highlights = highlighter.highlights(shown)
    beside = means(explanation.reasons for explanation in explanations)
    left_out = (PURCHASES, POPULARITY) if ranked.evidence_alone else ()
    cards = tuple(_card(item, explanation, beside, aspects, interests, reviews, highlights,
                        _leads(explanation, beside, left_out)[:1])
                  for (item, explanation), reviews in zip(ranked.entries, shown))
    scores = [explanation.reasons for explanation in explanations]
    cards = tuple(card._replace(ahead=ahead(*pair)) for card, pair in zip(cards, zip(scores, scores[1:] + [None])))
    return ShownItems(ranked, cards, tuple(aspect.name for aspect in aspects.all) if aspects else (),
                      store.share_with_fewer_ratings([entry.item for entry in ranked.entries]))


def card_of(item, explanation, highlighter, aspects, interests):
    """The Card of an item alone, with all parts that speak for it. Arguments: see `shown_items`."""
    shown, told = quotes.shown_reviews(explanation, item, aspects, interests), _leads(explanation, {})
    by_reviews = [lead for lead in told if lead.kind not in OTHERS]  # told by one and the same sentence
    told = tuple(lead for lead in told if lead not in by_reviews[1:])
    return _card(item, explanation, {}, aspects, interests, shown, highlighter.highlights([shown]), told)


def _leads(explanation, beside, left_out=()):
    return leads(explanation.reasons, beside, left_out) if explanation.reasons else ()


def _card(item, explanation, beside, aspects, interests, shown, highlights, told):
    kinds, spoken, words = {lead.kind for lead in told}, None, ()
    if kinds - OTHERS:
        spoken = spoken_of(explanation, aspects, interests)
        words = () if spoken else words_of(shown, highlights)
    weights = {aspect: interest.weight for aspect, interest in interests.items()}
    return Card(item, explanation, stars(explanation.rating), told, beside, spoken, words,
                quotes.praise(explanation.reviews, aspects, weights),
                quotes.caveat(explanation.reviews, aspects, weights), shown,
                {row: labels_of(row, aspects, interests) for row in (w.review["review"] for w in shown)},
                highlights, avoided_of(explanation, aspects, interests) if AVOIDED in kinds else ())


def avoided_of(explanation, aspects, interests):
    """The Tally of each aspect that the one who looks avoids, over all reviews of the item; its numbers may be 0."""
    tally = aspects.tally([weighed.review["review"] for weighed in explanation.reviews])
    return tuple(tally.get(aspect, Tally(aspect, 0, 0, 0)) for aspect, interest in interests.items()
                 if is_avoided(interest))


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
            if interest and interest.weight > 0 and not is_avoided(interest):
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
