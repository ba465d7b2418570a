"""One page of ranked items with their explanations: filters and paging. Pages and API use it alike."""
from typing import NamedTuple, Optional

from flask_app.recommending.recommendation import Explanation, MismatchError

PAGE = 6  # items a page
EVIDENCE_ALONE = "reviews"  # the value of the parameter `order`


class Filters(NamedTuple):
    """Which items a shopper wants to see. Without values: all but the owned ones."""
    category: str = ""
    least: Optional[float] = None  # price
    most: Optional[float] = None
    words: str = ""  # of the title
    with_owned: bool = False
    evidence_alone: bool = False  # whether items are ordered by their reviews alone

    @property
    def query(self):
        """The filters as parameters of an address; None for those that are not set."""
        return {"category": self.category or None, "least": _shortest(self.least),
                "most": _shortest(self.most), "title": self.words or None,
                "owned": 1 if self.with_owned else None,
                "order": EVIDENCE_ALONE if self.evidence_alone else None}

    @property
    def cleared(self):
        """The Filters with which all items match; the order stays."""
        return Filters(with_owned=self.with_owned, evidence_alone=self.evidence_alone)

    @property
    def narrows(self):
        return bool(self.category or self.words) or (self.least, self.most) != (None, None)


class Entry(NamedTuple):
    """One ranked item."""
    item: object  # the catalogue's row
    explanation: Explanation


class RankedPage(NamedTuple):
    """One page."""
    entries: tuple  # of Entry, best first
    page: int
    first: int  # position of the first entry, from 1
    has_more: bool
    matching: Optional[int]  # number of items that match the filters; None without filters
    bought: dict  # {row: item} of the purchases that the reasons name
    evidence_alone: bool = False  # whether the order follows the reviews alone

    @property
    def uses_reviews(self):
        """Whether reviews have a part in the order of the items, so that it may follow them alone."""
        return any(explanation.reasons and explanation.reasons.use_reviews for explanation in self.explanations)

    @property
    def explanations(self):
        return [entry.explanation for entry in self.entries]


def ranked_page(store, shopper, filters, page):
    """The RankedPage of a shopper.

    Args:
      store: the catalogue, a `storage.store.Store`.
      shopper: `recommendation.Shopper` or `newcomer.Newcomer`; anything that can `rank` and `explain`.
      filters: Filters.
      page: from 1; a number beyond the last page gives the last possible page.

    Raises:
      MismatchError, ModelServerError
    """
    count = store.item_count()
    page = min(page, max(1, -(-count // PAGE)))
    ranked = shopper.rank(count if filters.narrows else min(page * PAGE + 1, count), filters.with_owned,
                          filters.evidence_alone)
    matching = store.matching(filters) if filters.narrows else None  # only where there is a ranking to filter
    order = [entry.item for entry in ranked if matching is None or entry.item in matching]
    shown = order[(page - 1) * PAGE:page * PAGE]
    items = store.items(shown)
    if len(items) < len(set(shown)):
        raise MismatchError(f"ranked items that the catalogue lacks: {set(shown) - set(items)}")
    explanations = shopper.explain(shown, store.reviews_of_items(shown))
    return RankedPage(tuple(Entry(items[item], explanation) for item, explanation in zip(shown, explanations)),
                      page, (page - 1) * PAGE + 1, len(order) > page * PAGE,
                      len(order) if filters.narrows else None, bought_items(store, explanations),
                      filters.evidence_alone)


def bought_items(store, explanations):
    """{row: item} of the purchases that the reasons of some explanations name. Raises MismatchError."""
    rows = {row for explanation in explanations if explanation.reasons for row in explanation.reasons.bought}
    items = store.items(rows)
    if len(items) < len(rows):
        raise MismatchError(f"purchases that the catalogue lacks: {rows - set(items)}")
    return items


def _shortest(price):
    return None if price is None else f"{price:g}"
