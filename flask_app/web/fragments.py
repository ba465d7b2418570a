"""Caches pieces of a page that are the same for every shopper: each is rendered once."""
import functools

KEPT = 4096  # pieces, a few KB each with their row


def once():
    """A template filter with a cache of its own: `row|once(macro, ...)` is what `macro(row, ...)` renders.

    Only rows of the catalogue may be filtered, because the result is kept: never what a visitor typed. The macro must
    belong to a template that is imported without context, else every page has another macro and nothing is reused.
    """
    return functools.lru_cache(KEPT)(lambda row, macro, *arguments: macro(row, *arguments))
