"""The categories to choose among: paths such as `Toys > Vehicles`, cut where they say much."""
import collections
import functools

from flask_app.storage.store import BELOW, Store

MOST = 60  # categories offered


@functools.lru_cache(maxsize=4)
def options(path, stamp):
    """The categories of the catalogue at `path`, by name: ((path, name, items)).

    Those of the upper levels, but none that holds all items: as many levels as stay within MOST.

    Args:
      stamp: anything that changes when the file does; the answer is kept for each.
    """
    store = Store(path)
    try:
        counted, total = store.categories(), store.item_count()
    finally:
        store.close()
    levels = collections.defaultdict(collections.Counter)
    for category, count in counted:
        names = category.split(BELOW)
        for depth in range(1, len(names) + 1):
            levels[depth][BELOW.join(names[:depth])] += count
    chosen = collections.Counter()
    for depth in sorted(levels):
        found = {name: count for name, count in levels[depth].items() if count < total}
        if len(chosen) + len(found) > MOST:
            break
        chosen.update(found)
    common = _common([category.split(BELOW) for category, _ in counted])
    return tuple((name, BELOW.join(name.split(BELOW)[common:]), count)
                 for name, count in sorted(chosen.items()))


def _common(paths):
    """How many first names all paths share, the last name of a path left alone."""
    shared = 0
    while paths and len({tuple(path[:shared + 1]) for path in paths}) == 1 and all(
            len(path) > shared + 1 for path in paths):
        shared += 1
    return shared
