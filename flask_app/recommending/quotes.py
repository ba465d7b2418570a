"""Which sentences and which reviews of an item are shown first: praise, a caveat, and three reviews.

A review counts as praise from PRAISE stars, else as critical. Only a sentence that speaks of an aspect is quoted: of
those that the shopper cares about before all others. It is chosen by the weight of its review for the shopper, by how
much the shopper cares about its aspect, and by how surely it praises or criticises. Without tables of aspects a review
is quoted by its summary, so that praise is never quoted as a caveat from the middle of a text.
"""
import itertools
from typing import NamedTuple, Optional

from flask_app.recommending.recommendation import TOP
from flask_app.storage.aspects import NEGATIVE, POSITIVE, Opinion
from metrics import aspect_coverage
from preprocessing import sentences

PRAISE = 4  # stars
CARELESS = .01  # what a sentence of an aspect that the shopper does not care about counts, beside 1 for the most cared
READ = 40  # reviews of largest weight that are searched for a sentence
SURELY = .7  # probability that a quoted sentence praises or criticises, as the kind of quote says
SHORTEST = 12  # characters of a quoted sentence


class Quote(NamedTuple):
    """A sentence of a review."""
    review: object  # the catalogue's row
    sentence: str
    opinion: Optional[Opinion]  # what the sentence says of which aspect; None without tables of aspects


def is_critical(review):
    """Whether a review has few stars."""
    return review["rating"] < PRAISE


def shown_reviews(explanation, item, aspects, interests):
    """The WeighedReviews of an Explanation that are shown, TOP or fewer.

    With aspects they are those that best join weight and coverage of what the one who looks speaks of
    (`metrics.aspect_coverage`), else those of largest weight. Critical reviews are at least as many of them as in
    proportion to all reviews of the item, rounded: those of largest weight take the last places.

    Args:
      explanation: the item's.
      item: the catalogue's row.
      aspects: `storage.aspects.Aspects`, or None.
      interests: {aspect: interest of the one who looks}.
    """
    reviews, shown = explanation.reviews, explanation.top
    if aspects and interests and len(reviews) > TOP:
        places = aspect_coverage.choose([weighed.weight for weighed in reviews],
                                        aspects.marks([weighed.review["review"] for weighed in reviews]),
                                        aspects.chances(interests, item["item"]), count=TOP)
        shown = tuple(reviews[place] for place in places)
    critical = [weighed for weighed in reviews if is_critical(weighed.review)]
    lacking = int(len(shown) * len(critical) / max(len(reviews), 1) + .5) - sum(
        is_critical(weighed.review) for weighed in shown)
    for weighed in [weighed for weighed in critical if weighed not in shown][:max(lacking, 0)]:
        last = max(place for place, one in enumerate(shown) if not is_critical(one.review))
        shown = (*shown[:last], *shown[last + 1:], weighed)
    return shown


def praise(reviews, aspects, weights):
    """The Quote that praises best for a shopper, or None. Arguments: see `caveat`."""
    return _best(_quotable(reviews, False), aspects, weights, POSITIVE)


def caveat(reviews, aspects, weights):
    """The Quote of a critical review that the shopper should know, or None.

    Args:
      reviews: WeighedReviews of an item, by falling weight.
      aspects: `storage.aspects.Aspects`, or None.
      weights: {aspect: how much the shopper cares about it, 0..1}.
    """
    return _best(_quotable(reviews, True), aspects, weights, NEGATIVE)


def _quotable(reviews, critical):
    """The reviews that are critical or not, have a text, and are not the shopper's own, one after another."""
    return (weighed for weighed in reviews
            if is_critical(weighed.review) == critical and weighed.review["text"] and not weighed.is_own)


def _best(reviews, aspects, weights, label):
    """The best Quote with a polarity of this label; None where no sentence is. Without aspects, the first summary."""
    if aspects is None:
        first = next(reviews, None)
        return first and _first(first.review)
    best, highest, most = None, 0., CARELESS + max(weights.values(), default=0.)
    for weighed in itertools.islice(reviews, READ):
        if weighed.weight * most <= highest:
            break  # no sentence of the reviews that follow can be better
        for sentence in aspects.sentences(weighed.review["review"]):
            sure = sentence.polarity if label == POSITIVE else 1 - sentence.polarity
            if sentence.aspect < 0 or sure < SURELY or sentence.end - sentence.start < SHORTEST:
                continue
            score = weighed.weight * sure * (CARELESS + weights.get(sentence.aspect, 0.))
            if score > highest:
                best, highest = (weighed.review, sentence), score
    return best and _quote(*best)


def _quote(review, sentence):
    text = " ".join(review["text"][sentence.start:sentence.end].split())
    return Quote(review, text, Opinion(sentence.aspect, sentence.polarity))


def _first(review):
    """The summary of a review, or its first sentence where it has none, without an opinion."""
    summary = " ".join((review["summary"] or "").split())
    if len(summary) >= SHORTEST:
        return Quote(review, summary, None)
    return Quote(review, " ".join("".join(sentences.of(review["text"])[:1]).split()), None)
