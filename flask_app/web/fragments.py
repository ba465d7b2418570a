"""Pieces of a page that are the same for every shopper: rendered once, then kept."""
import functools

KEPT = 4096  # pieces, a few KB each with the row they are of


def once():
    """A template filter with a memory of its own: (row, macro, further arguments) to what the macro makes of them.

    The answer is kept. So nothing of it is what somebody typed, but rows of the catalogue; and the macro is of a
    template imported without context, or it would be another one for each page.
    """
    return functools.lru_cache(KEPT)(lambda row, macro, *arguments: macro(row, *arguments))
