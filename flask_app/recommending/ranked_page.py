"""A page of ranked items: filters, paging, and the items' explanations. For pages and API alike."""
from typing import NamedTuple, Optional

from flask import abort

from flask_app.recommending.recommendation import MisfitError

PAGE = 6  # items a page
QUERY_LIMIT = 100  # characters searched for
HIGHEST = 1e9  # a price


class Filters(NamedTuple):
    """What a shopper wants to see. Empty: everything but what they own."""
    category: str = ""
    least: Optional[float] = None  # price
    most: Optional[float] = None
    words: str = ""  # of the title
    with_owned: bool = False

    @property
    def query(self):
        """As the parameters of an address; what is not set is None."""
        return {"category": self.category or None, "least": _short(self.least),
                "most": _short(self.most), "title": self.words or None,
                "owned": 1 if self.with_owned else None}

    @property
    def narrows(self):
        return bool(self.category or self.words) or (self.least, self.most) != (None, None)


class Shelf(NamedTuple):
    """One page."""
    entries: tuple  # of (item, Explanation), best first
    page: int
    first: int  # place of the first entry, from 1
    has_more: bool
    matching: Optional[int]  # items that fit the filters; None without filters


def filters_of(args):
    """The Filters of a request's parameters. Aborts with 400 where a price is none."""
    return Filters(args.get("category", "")[:300], _price(args.get("least", "")),
                   _price(args.get("most", "")), args.get("title", "").strip()[:QUERY_LIMIT],
                   args.get("owned") == "1")


def page_of(args):
    """`page`: from 1; a number below is 1. Aborts with 400 when it is no number."""
    try:
        return max(1, int(args.get("page", "1")[:9]))
    except ValueError:
        return abort(400, "The page in the address is not a number.")


def fill(store, asker, filters, page):
    """The shelf that somebody sees.

    Args:
      store: the catalogue.
      asker: `recommendation.Shopper`, or anybody else who can `rank` and `explain`.
      filters: Filters.
      page: from 1; beyond the last page is the last one possible.

    Raises:
      MisfitError, ModelServerError
    """
    count = store.item_count()
    page = min(page, max(1, -(-count // PAGE)))
    wanted = store.matching(filters) if filters.narrows else None
    ranked = asker.rank(count if filters.narrows else min(page * PAGE + 1, count),
                        filters.with_owned)
    order = [entry.item for entry in ranked if wanted is None or entry.item in wanted]
    shown = order[(page - 1) * PAGE:page * PAGE]
    items = store.items(shown)
    if len(items) < len(set(shown)):
        raise MisfitError(f"ranked items that the catalogue lacks: {set(shown) - set(items)}")
    explained = asker.explain(shown, store.reviews_of_items(shown))
    return Shelf(tuple((items[item], explanation) for item, explanation in zip(shown, explained)),
                 page, (page - 1) * PAGE + 1, len(order) > page * PAGE,
                 len(order) if filters.narrows else None)


def _price(text):
    if not text.strip():
        return None
    try:
        price = float(text[:20])
    except ValueError:
        price = -1.
    if not 0 <= price <= HIGHEST:  # NaN too
        abort(400, "A price in the address is not a number of 0 or more.")
    return price


def _short(price):
    return None if price is None else f"{price:g}"
