"""Plots are PNG files of a fixed width, whatever the numbers."""
import struct

import numpy as np
import pytest

from runtime.report import charts

GAP = {"difference": .1, "low": -.1, "high": .3}


@pytest.mark.parametrize("figure", [
    charts.leads("leads", {"one": GAP, "other": dict(GAP, low=.05)}),
    charts.bars("bars", {"a": .9, "b": .91, "c": .92}, "RMSE", {"a": (.89, .91)}, ("a",)),
    charts.bars("one bar", {"a": 0.}, "nDCG"),
    charts.leads("", {"one": GAP}, charts.NARROW),
    charts.lines("lines", {"a": [1, 2, 3], "b": [1]}, "epoch", "RMSE"),
    charts.histogram("histogram", {"a": [.1, .5, np.nan], "b": [np.nan]}, "share", (0, 1)),
    charts.counted([-.5, .5, 1.5, 99.5], [3, 0, 7], "words", 3), charts.counted([.5, 1.5], [1], "stars"),
    charts.by_stars("stars", np.array([3., 4, 2]), np.array([5., 5, 1]))], ids=lambda f: "")
def test_a_png_of_fixed_width(figure):
    head = charts.png(figure)[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert width == charts.PIXELS and 100 < height < 900
