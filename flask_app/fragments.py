"""Pieces of a page that are the same for every shopper: rendered once, then kept."""
import functools

KEPT = 4096  # pieces, a few KB each with the row they are of


@functools.lru_cache(KEPT)
def once(row, macro, *arguments):
    """What a macro makes of a row of the catalogue and of further arguments. A template filter.

    It is kept: so nothing of it is what somebody typed, and the macro is of a template imported without
    context, or it would be another one for each page.
    """
    return macro(row, *arguments)
