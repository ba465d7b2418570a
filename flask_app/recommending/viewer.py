"""The one who looks at a page: a shopper of the data, a visitor with tastes, or nobody in particular.

A page asks its Viewer for everything that depends on who looks at it, and so needs no case of its own for each kind.
"""
from typing import NamedTuple

from flask_app.recommending.newcomer import Newcomer, OwnReview
from flask_app.recommending.recommendation import Shopper
from flask_app.recommending.wishes import Wishes
from flask_app.storage.aspects import Interest

SHOPPER, VISITOR, NOBODY = "shopper", "visitor", "nobody"
WHO = {SHOPPER: "this shopper", VISITOR: "you", NOBODY: "shoppers in general"}


class Tastes(NamedTuple):
    """What a visitor has chosen, as an address holds it."""
    wanted: tuple = ()  # numbers of aspects
    avoided: tuple = ()
    rated: tuple = ()  # of (catalogue's row of an item, stars 1..5)

    def __bool__(self):
        return bool(self.wanted or self.avoided or self.rated)

    def query(self, aspects):
        """The tastes as parameters of an address. `aspects`: `storage.aspects.Aspects`, or None."""
        codes = [[aspects.all[number].code for number in numbers] for numbers in (self.wanted, self.avoided)]
        rated = [f"{item['item_id']}:{stars}" for item, stars in self.rated]
        return {name: values for name, values in zip(("want", "avoid", "rated"), codes + [rated]) if values}


class Viewer(NamedTuple):
    """Who looks at a page. `rank` and `explain` are those of `recommendation.Shopper` and `newcomer.Newcomer`."""
    kind: str  # SHOPPER, VISITOR or NOBODY
    ranker: object
    query: dict  # parameters that each link of the page to an item must keep: url_for(..., **viewer.query)
    interests: dict  # {number of an aspect: Interest}
    shopper: object = None  # the catalogue's row of a SHOPPER
    tastes: Tastes = Tastes()  # of a VISITOR
    own: tuple = ()  # own texts of a VISITOR, as `review_highlights.Highlighter` takes them

    @property
    def who(self):
        """The viewer in a sentence: "this shopper", "you"."""
        return WHO[self.kind]

    @property
    def user(self):
        """The row of a SHOPPER; None."""
        return self.shopper["user"] if self.shopper else None

    def wants(self, aspect):
        """Whether the number of an aspect is one that a VISITOR wants, or that a SHOPPER speaks of most."""
        interest = self.interests.get(aspect)
        return bool(interest and interest.weight > 0 and not interest.is_avoided)

    def avoids(self, aspect):
        interest = self.interests.get(aspect)
        return bool(interest and interest.is_avoided)

    def rank(self, count, with_owned=False, evidence_alone=False):
        return self.ranker.rank(count, with_owned, evidence_alone)

    def explain(self, items, reviews):
        return self.ranker.explain(items, reviews)


def shopper(model, row, aspects):
    """The Viewer of a shopper of the data.

    Args:
      model: a `serving.client.ModelClient`.
      row: the catalogue's row of the shopper.
      aspects: `storage.aspects.Aspects`, or None.
    """
    interests = interests_of(row["user"], aspects)
    return Viewer(SHOPPER, Shopper(model, row["user"]), {"for": row["user_id"]}, interests, row)


def interests_of(user, aspects):
    """{number of an aspect: interest} of a shopper of the data by row; {} without aspects (None)."""
    return {interest.aspect: interest for interest in aspects.interests(user)} if aspects else {}


def visitor(model, words, aspects, tastes, reviews=(), own=()):
    """The Viewer of a visitor; NOBODY where nothing is chosen and nothing is written.

    Args:
      words: `word_contributions.WordScorer`; None: no text is read.
      tastes: Tastes.
      reviews: [OwnReview] of the visitor's form; those of `tastes.rated` are added.
      own: the texts of the form for the Highlighter.
    """
    given = {review.item for review in reviews}
    reviews = list(reviews) + [OwnReview("", item["item"], float(stars)) for item, stars in tastes.rated
                               if item["item"] not in given]
    wishes = Wishes(aspects, tastes.wanted, tastes.avoided) if aspects else None
    if aspects and words:
        reviews += [OwnReview(text_of(aspects, number), -1, 0.) for number in tastes.wanted]
    interests = {number: Interest(number, is_wish=True) for number in tastes.wanted}
    interests.update({number: Interest(number, is_wish=True, is_avoided=True) for number in tastes.avoided})
    return Viewer(VISITOR if tastes or reviews else NOBODY, Newcomer(model, words, reviews, wishes),
                  tastes.query(aspects), interests, None, tastes, tuple(own))


def text_of(aspects, number):
    """The text by which the model reads a wanted aspect: its most telling words."""
    return " ".join(aspects.all[number].words)
