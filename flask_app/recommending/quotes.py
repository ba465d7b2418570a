"""Which sentences and which reviews of an item are shown first: praise, a caveat, and three reviews.

A review counts as praise from PRAISE stars, else as critical. A sentence is chosen by the weight of its review for the
shopper, by how much the shopper cares about its aspect, and by how surely it praises or criticises. Without tables of
aspects a review is quoted by its first sentence, so that praise is never quoted as a caveat from the middle of a text.
"""
import re
from typing import NamedTuple, Optional

from flask_app.recommending.own_sentences import SENTENCE
from flask_app.recommending.recommendation import TOP
from flask_app.storage.aspects import NEGATIVE, POSITIVE, Opinion, label_of
from metrics import aspect_coverage

PRAISE = 4  # stars
CARELESS = .15  # what a sentence without an aspect that the shopper cares about counts, beside 1 for the most cared for
READ = 40  # reviews of largest weight that are searched for a sentence
RELEVANT = .5  # share of the even weight from which a critical review is relevant to the shopper
SHORTEST = 12  # characters of a quoted sentence
_BLANKS = re.compile(r"\s+")


class Quote(NamedTuple):
    """A sentence of a review."""
    review: object  # the catalogue's row
    sentence: str
    opinion: Optional[Opinion]  # what the sentence says of which aspect; None where it speaks of none


def is_critical(review):
    """Whether a review has few stars."""
    return review["rating"] < PRAISE


def shown_reviews(explanation, item, aspects, interests):
    """The WeighedReviews of an Explanation that are shown, TOP or fewer.

    With aspects they are those that best join weight and coverage of what the one who looks speaks of
    (`metrics.aspect_coverage`), else those of largest weight. Where all of them praise and a critical review is relevant
    to the one who looks, the critical review with the largest weight takes the last place.

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
    least = RELEVANT / max(len(reviews), 1)
    if len(shown) == TOP and not any(is_critical(weighed.review) for weighed in shown):
        for weighed in reviews:
            if is_critical(weighed.review) and weighed.weight >= least:
                return (*shown[:-1], weighed)
    return shown


def praise(reviews, aspects, weights):
    """The Quote that praises best for a shopper, or None. Arguments: see `caveat`."""
    return _best([w for w in reviews if not is_critical(w.review)], aspects, weights, POSITIVE)


def caveat(reviews, aspects, weights):
    """The Quote of a critical review that the shopper should know, or None.

    Args:
      reviews: WeighedReviews of an item, by falling weight.
      aspects: `storage.aspects.Aspects`, or None.
      weights: {aspect: how much the shopper cares about it, 0..1}.
    """
    return _best([w for w in reviews if is_critical(w.review)], aspects, weights, NEGATIVE)


def _best(reviews, aspects, weights, label):
    """The best Quote with a polarity of this label; else the first sentence of the first review."""
    reviews = [weighed for weighed in reviews if weighed.review["text"] and not weighed.is_own]
    if aspects is None:
        return _first(reviews)
    best, highest = None, 0.
    for weighed in reviews[:READ]:
        for sentence in aspects.sentences(weighed.review["review"]):
            if label_of(sentence.polarity) != label or sentence.end - sentence.start < SHORTEST:
                continue
            sure = sentence.polarity if label == POSITIVE else 1 - sentence.polarity
            score = weighed.weight * sure * (CARELESS + weights.get(sentence.aspect, 0.))
            if score > highest:
                best, highest = Quote(weighed.review, _text(weighed.review, sentence), Opinion(
                    sentence.aspect, sentence.polarity) if sentence.aspect >= 0 else None), score
    return best or _first(reviews)


def _first(reviews):
    """The first sentence of the first review, without an opinion; None without reviews."""
    for weighed in reviews:
        sentences = SENTENCE.findall(weighed.review["text"])
        text = sentences[0] if sentences else weighed.review["text"]
        return Quote(weighed.review, _BLANKS.sub(" ", text).strip(), None)
    return None


def _text(review, sentence):
    return _BLANKS.sub(" ", review["text"][sentence.start:sentence.end]).strip()
