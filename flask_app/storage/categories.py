"""The categories a shopper can filter by: paths such as `Toys > Vehicles`, of as many levels as stay within a limit."""
import collections
import functools

from flask_app.storage.store import BELOW, Store

MOST = 60  # categories offered


@functools.lru_cache(maxsize=4)
def options(path, stamp):
    """The categories to offer, ordered by path.

    Levels are added from the top while the number of categories stays within MOST. A category that holds all items
    is left out.

    Args:
      path: of the catalogue.
      stamp: any value that changes when the file does; the result is cached for each.

    Returns:
      ((path, shown name, number of items)); the shown name lacks the first names that all paths share.
    """
    store = Store(path)
    try:
        counted, total = store.categories(), store.item_count()
    finally:
        store.close()
    levels = collections.defaultdict(collections.Counter)
    for category, count in counted.items():
        names = category.split(BELOW)
        for depth in range(1, len(names) + 1):
            levels[depth][BELOW.join(names[:depth])] += count
    chosen = collections.Counter()
    for depth in sorted(levels):
        level = {category: count for category, count in levels[depth].items() if count < total}
        if len(chosen) + len(level) > MOST:
            break
        chosen.update(level)
    shared = _shared_names([category.split(BELOW) for category in counted])
    return tuple((category, BELOW.join(category.split(BELOW)[shared:]), count)
                 for category, count in sorted(chosen.items()))


def _shared_names(paths):
    """The number of first names that all paths share; the last name of a path does not count."""
    shared = 0
    while paths and len({tuple(path[:shared + 1]) for path in paths}) == 1 and all(
            len(path) > shared + 1 for path in paths):
        shared += 1
    return shared
