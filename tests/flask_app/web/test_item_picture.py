"""The patchwork of an item: nine patches, each within its square, always the same for an id."""
import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.web.item_picture import SIDE, patchwork, tone

FEW = settings(deadline=None, max_examples=60)
OUTLINE = re.compile(r"M[^M]*Z")
POINT = re.compile(r"(?:[ML]|A40 40 0 0 1 )(-?\d+) (-?\d+)")


@FEW
@given(st.text(min_size=1))
def test_an_item_always_has_the_same_nine_patches(item_id):
    drawn = patchwork(item_id)
    assert drawn == patchwork(item_id) and 0 <= tone(item_id) < 6
    colours = [colour for colour, _ in drawn]
    assert colours == sorted(set(colours)) and set(colours) <= set(range(4))
    patches = [outline for _, path in drawn for outline in OUTLINE.findall(path)]
    assert "".join(patches) == "".join(path for _, path in drawn)
    squares = set()
    for patch in patches:
        points = np.array(POINT.findall(patch), int)
        corner = points.min(0) // SIDE * SIDE
        assert len(points) >= 3 and (points >= corner).all() and (points <= corner + SIDE).all()
        squares.add(tuple(corner))
    assert len(patches) == 9 and squares == {(x, y) for x in (0, 40, 80) for y in (0, 40, 80)}


def test_different_ids_have_different_patchworks():
    assert len({patchwork(f"B{number:03}") for number in range(50)}) == 50
