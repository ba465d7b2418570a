"""Tests the content of the interactive map: its size, its columns, and that texts stay texts."""
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tSNE import planted_maps
from tSNE.page import content


def test_every_column_has_a_value_for_each_user():
    made = planted_maps.of(users=23)
    value = json.loads(content.encoded(content.of_maps(made)).decode("utf-8"))
    for name in ("ids", "reviews", "userAspects", "userWords", "userItems", "passages", "near", "cosines"):
        assert len(value[name]) == 23, name
    assert all(len(one["values"]) == 23 for one in value["colourings"])
    assert len(value["before"]) == len(value["attention"]) == 46
    stars = next(one for one in value["colourings"] if one["name"] == "stars")
    assert stars["values"][6] is None and stars["values"][1] == 2


def test_the_grid_keeps_the_shape_of_a_map():
    points = np.array([[0., 0.], [10., 0.], [10., 5.], [0., 2.5]])
    grid = np.array(content._grid(points)).reshape(-1, 2)
    assert grid.min() == 0 and grid.max() == content.GRID
    shape = (grid - grid[0]) / (grid[1, 0] - grid[0, 0]) * 10
    np.testing.assert_allclose(shape, points, atol=.01)


@given(st.text(), st.integers(3, 40))
def test_a_text_is_cut_to_its_bytes_and_not_otherwise(text, length):
    cut = content.clipped(text, length)
    size = len(content.encoded(cut)) - 2
    assert size <= length
    assert cut == text or (len(content.encoded(text)) - 2 > length and text.startswith(cut.rstrip("…").rstrip()))


@given(st.recursive(st.text(), lambda inner: st.lists(inner), max_leaves=5))
def test_encoded_values_are_equal_when_read_and_hold_no_markup(value):
    encoded = content.encoded(value)
    assert json.loads(encoded.decode("utf-8")) == value
    assert not set(encoded.decode("utf-8")) & set("<>&\u2028\u2029")


def test_a_lone_surrogate_is_written_as_its_escape():
    assert json.loads(content.encoded(["\udc80"]).decode("utf-8")) == ["\udc80"]


@pytest.mark.parametrize("users", [1, 600, 20000, 200000])
def test_passages_take_a_bounded_part_of_the_page(users):
    length = content.passage_bytes(users)
    assert content.SHORTEST <= length <= content.LONGEST
    assert users * length <= max(content.PASSAGES, content.SHORTEST * users)
