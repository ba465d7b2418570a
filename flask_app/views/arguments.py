"""Reads the parameters of an address. A value that makes no sense ends the request with status 400."""
from flask import abort, request

from flask_app.recommending.ranked_page import EVIDENCE_ALONE, Filters
from flask_app.storage.store import WORD_LIMIT
from preprocessing.folding import fold

QUERY_LIMIT = 100  # characters searched for
HIGHEST = 1e9  # a price


def argument(name, limit=300):
    """A parameter of the address, '' where it is absent."""
    return request.args.get(name, "")[:limit]


def unsearched(query):
    """A sentence where a query has words that are not searched for; else ''."""
    return f"Only the first {WORD_LIMIT} words are searched for." if len(fold(query).split()) > WORD_LIMIT else ""


def filters_of(args):
    """The Filters of a request's parameters. Aborts with 400 where a price is not a number."""
    return Filters(args.get("category", "")[:300], _price(args.get("least", "")),
                   _price(args.get("most", "")), args.get("title", "").strip()[:QUERY_LIMIT],
                   args.get("owned") == "1", args.get("order") == EVIDENCE_ALONE)


def page_of(args):
    """The parameter `page`, from 1; a lower number is 1. Aborts with 400 where it is not a number."""
    try:
        return max(1, int(args.get("page", "1")[:9]))
    except ValueError:
        return abort(400, "The page in the address is not a number.")


def _price(text):
    if not text.strip():
        return None
    try:
        price = float(text[:20])
    except ValueError:
        price = -1.
    if not 0 <= price <= HIGHEST:  # false for NaN too
        abort(400, "A price in the address is not a number of 0 or more.")
    return price
