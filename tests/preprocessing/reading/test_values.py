"""Values in the forms in which published files write them."""
import datetime

import pytest

from preprocessing.reading import values


@pytest.mark.parametrize("raw, seconds", [
    (1400000000, 1400000000), (1400000000.7, 1400000000), (1400000000123, 1400000000), (1400000000123456, 1400000000),
    (1400000000123456789, 1400000000), ("1400000000", 1400000000), (" 1400000000000 ", 1400000000), (0, 0),
    ("2014-05-13", 1399939200), ("2014-05-13 16:53:20", 1400000000), ("2014-05-13T16:53:20Z", 1400000000),
    ("2014-05-13T18:53:20.25+02:00", 1400000000), ("05 13, 2014", 1399939200), ("5 3, 2014", 1399075200),
    ("May 13, 2014", 1399939200), ("13 May 2014", 1399939200), ("20140513", 1399939200),
    ("Tue May 13 09:53:20 -0700 2014", 1400000000), (datetime.datetime(2014, 5, 13, 16, 53, 20), 1400000000),
    (datetime.date(2014, 5, 13), 1399939200), ("1900-01-01", None), (-5, None), ("2014-02-30", None), ("soon", None),
    (True, None), (float("nan"), None), (float("inf"), None), (10 ** 400, None), ("9" * 400, None), ([], None),
    ("0001-01-01T00:00:00+23:00", None), (datetime.datetime(1900, 1, 1), None),
    ("Reviewed in the United States on May 13, 2014", 1399939200), ("Reviewed in India on 13 May 2014", 1399939200),
    ("13.05.2014", 1399939200), ("05/13/2014", None), ("on", None)])
def test_times(raw, seconds):
    assert values.time(raw) == seconds


@pytest.mark.parametrize("helpful, total, expected", [
    ([2, 4], None, (2, 4)), ("[2, 4]", None, (2, 4)), ("(2, 4)", None, (2, 4)), ("1,234", None, (1234, None)),
    (" 9 ", None, (9, None)), (7., None, (7, None)), (3, "5", (3, 5)), ("[2, 4", None, (None, None)),
    (-1, None, (None, None)), (float("nan"), None, (None, None)), (2 ** 40, None, (None, None)),
    ("[9.9.9, 3]", None, (None, 3)), (None, None, (None, None))])
def test_votes(helpful, total, expected):
    assert values.votes(helpful, total) == expected


@pytest.mark.parametrize("raw, text", [
    ("A1", "A1"), (" A1 ", "A1"), ("000123", "000123"), (17, "17"), (17., "17"), (1.5, "1.5"), (float("nan"), None),
    ("nan", None), ("NaN", None), ("null", None), ("None", None), ("", None), (" ", None), (None, None), (True, None),
    ([1], None), ({}, None), ("\udc00b", "?b"), ("Nancy", "Nancy"), ("a\tb\n", "a b"), ("\x00", None)])
def test_ids(raw, text):
    assert values.identifier(raw) == text


@pytest.mark.parametrize("raw, scale, stars", [
    (4, (1, 5), 4), ("5.0", (1, 5), 5), ("4 stars", (1, 5), 4), ("3,5", (1, 5), 3.5), ("4,0 stars", (1, 5), 4),
    ("4.0 out of 5 stars", (1, 5), 4), (10, (1, 10), 5),
    (1, (1, 10), 1), (.5, (.5, 5), 1), (50, (0, 100), 3)])
def test_stars(raw, scale, stars):
    assert values.stars(values.rating(raw), scale) == stars


@pytest.mark.parametrize("raw", [0, 6, "six", True, [], None, float("inf"), 10 ** 400])
def test_a_rating_outside_the_scale_is_an_error(raw):
    with pytest.raises(ValueError):
        values.stars(values.rating(raw), (1, 5))


@pytest.mark.parametrize("ratings, scale", [
    ([1, 2, 3, 4, 5] * 5, (1, 5)), ([5] * 90 + [9] * 9, (1, 5)), ([3, 4, 9], (1, 5)),  # mistakes, or too few to tell
    ([1, 10, 8, 9, 6] * 3, (1, 10)), ([0, 10, 8, 9, 6] * 3, (0, 10)), ([20, 80, 55, 100] * 4, (0, 100)),
    ([0, 1, 1] * 10, (0, 1)), ([.5, 1.5, 5] * 10, (.5, 5)), ([.5, 1.5, 5] + [5] * 99, (1, 5)),
    ([0, 4, 5, 5] * 10, (1, 5)), ([-1, 4, 9, 5] * 10, (1, 5)), ([4, 999] * 20, (1, 5))])
def test_a_scale_is_found_where_ratings_clearly_lie_on_it(ratings, scale):
    assert values.scale(ratings) == scale


@pytest.mark.parametrize("raw, price", [("$1,025.50", 1025.5), (9, 9), ("nan", None), (-3, None), ("-3", None),
                                        (float("nan"), None), ("free", None), ("", None)])
def test_prices(raw, price):
    assert values.price(raw) == price
