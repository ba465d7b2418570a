"""The patchwork that is drawn where an item has no picture: nine patches, always the same for an id."""
import functools
import hashlib

SIDE = 40  # of a patch; the patchwork has three by three
KEPT = 1024  # patchworks: many shoppers are shown the same items
# Outlines around the patch's middle: (command of an SVG path, x, y)
SHAPES = (
    (("M", -20, -20), ("L", 20, -20), ("A40 40 0 0 1 ", -20, 20)),  # a quarter of a disc
    (("M", -20, -20), ("L", 20, -20), ("L", -20, 20)),  # a triangle
    (("M", -20, -20), ("A40 40 0 0 1 ", 20, 20), ("A40 40 0 0 1 ", -20, -20)),  # a leaf
    (("M", -20, -20), ("L", 0, -20), ("L", 0, 20), ("L", -20, 20)),  # a half
)


@functools.lru_cache(KEPT)
def patchwork(item_id):
    """The patchwork of an item: ((colour, data of an SVG path)), a path for each of its colours 0..3."""
    paths = {}
    for position, byte in enumerate(_digest(item_id)[:9]):
        turns, shape, colour = byte % 4, byte // 4 % 4, byte // 16 % 4
        paths.setdefault(colour, []).append(_outline(SHAPES[shape], turns, position % 3, position // 3))
    return tuple((colour, "".join(paths[colour])) for colour in sorted(paths))


def tone(item_id):
    """Which of the six palettes an item's patchwork is drawn in: 0..5."""
    return _digest(item_id)[-1] % 6


def _digest(item_id):
    return hashlib.sha256(item_id.encode("utf-8", "replace")).digest()


def _outline(shape, turns, column, row):
    """A shape as path data: turned by right angles, then moved to its column and row."""
    data = []
    for command, x, y in shape:
        for _ in range(turns):
            x, y = -y, x
        data.append(f"{command}{x + SIDE * column + SIDE // 2} {y + SIDE * row + SIDE // 2}")
    return "".join(data) + "Z"
