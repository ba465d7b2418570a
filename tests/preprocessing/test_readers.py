"""Raw files: every layout is read, and every mistake is an error that names file and line."""
import gzip
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preprocessing import readers
from preprocessing.reading.records import Item, Review
from preprocessing.reading.tally import Tally
from runtime.cli import UserError
from tests.preprocessing.writing import record, write_lines


def refused(function, path):
    """The message of one line with which a file is refused, without the path."""
    with pytest.raises(UserError) as error:
        function(path)
    assert "\n" not in str(error.value) and path in str(error.value)
    return str(error.value)[len(path):]


@pytest.mark.parametrize("name, zipped", [("a.json", False), ("a.json.gz", True), ("a.json", True)])
def test_reviews_are_read_from_plain_and_gzip_files(tmp_path, name, zipped):
    path = write_lines(tmp_path / name, [record(), "", record(asin="B2", reviewText=" So-so \n")],
                       zipped)
    reviews, dropped = readers.read_reviews(path)
    assert reviews[0] == Review("A1", "B1", 4., "Sounds fine.", "Fine", 1400000000, 2, 3)
    assert (reviews[1].item_id, reviews[1].text) == ("B2", "So-so")
    assert set(dropped.values()) == {0}


@pytest.mark.parametrize("missing, field, value", [
    ("reviewText", "text", ""), ("summary", "summary", None), ("unixReviewTime", "time", None),
    ("helpful", "helpful_up", None), ("helpful", "helpful_total", None)])
def test_a_missing_field_has_a_fixed_value(tmp_path, missing, field, value):
    path = write_lines(tmp_path / "a.json", [record(**{missing: None})])
    assert getattr(readers.read_reviews(path)[0][0], field) == value


@pytest.mark.parametrize("raw, field, value", [
    ({"reviewText": 5}, "text", ""), ({"reviewText": "  "}, "text", ""),
    ({"summary": [1]}, "summary", None),
    ({"unixReviewTime": -1}, "time", None), ({"unixReviewTime": 10 ** 400}, "time", None),
    ({"unixReviewTime": 10 ** 22}, "time", None), ({"unixReviewTime": True}, "time", None),
    ({"helpful": [1, 2, 3]}, "helpful_up", None), ({"helpful": 3}, "helpful_total", None),
    ({"helpful": [2 ** 40, 3]}, "helpful_up", None), ({"reviewText": "a\ud83d"}, "text", "a?"),
    ({"reviewerID": "\udc00b"}, "user_id", "?b"), ({"asin": 17}, "item_id", "17"),
    ({"overall": "3"}, "rating", 3.)])
def test_an_impossible_value_counts_as_missing(tmp_path, raw, field, value):
    path = write_lines(tmp_path / "a.json", [record(**raw)])
    assert getattr(readers.read_reviews(path)[0][0], field) == value


def test_dropped_rows_are_counted(tmp_path):
    path = write_lines(tmp_path / "a.json", [
        record(), record(reviewerID=None), record(asin=""), record(overall=float("nan")), record(overall=1),
        record(reviewerID="A2")])
    reviews, dropped = readers.read_reviews(path)
    assert [review.user_id for review in reviews] == ["A1", "A2"]
    assert reviews[0].rating == 1  # of the same pair and time, the later review in the file is kept
    assert dropped == {"no user, item or rating": 3, "user and item again": 1}


@pytest.mark.parametrize("line", ["{", "[1]", "3", "null", '{"a": }', '{"a": 1} x', "\x00",
                                  pytest.param("[" * 100000, id="deep")])
def test_a_line_that_is_no_json_object_is_refused(tmp_path, line):
    path = write_lines(tmp_path / "a.json", [record(), "", line])
    assert refused(readers.read_reviews, path).startswith(":3: not")


@pytest.mark.parametrize("rating",
                         ["five", 0, 5.5, -1, True, [4], {}, float("inf"),
                          pytest.param(10 ** 400, id="huge")])
def test_an_impossible_rating_is_refused(tmp_path, rating):
    path = write_lines(tmp_path / "a.json", [record(), record(overall=rating)])
    assert refused(readers.read_reviews, path).startswith(":2: rating ")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    assert "cannot be read" in refused(readers.read_reviews, str(tmp_path / "none.json"))
    assert "cannot be read" in refused(readers.read_reviews, str(tmp_path))
    for lines in ([], [""], [record(asin=None)]):
        assert "no review in it" in refused(readers.read_reviews,
                                            write_lines(tmp_path / "a.json", lines))
    assert "no review in it" in refused(readers.read_reviews,
                                        write_lines(tmp_path / "e.gz", [], zipped=True))
    assert "not a gzip file" in refused(readers.read_reviews,
                                        write_lines(tmp_path / "p.json.gz", [record()]))
    assert "not a gzip file" in refused(readers.read_reviews,
                                        write_lines(tmp_path / "empty.gz", []))
    assert "not UTF-8" in refused(readers.read_reviews,
                                  write_lines(tmp_path / "l.json", [b'{"asin": "\xe9"}']))


@pytest.mark.parametrize("damage",
                         [lambda raw: raw[:len(raw) // 2], lambda raw: raw[:-8] + b"12345678",
                          lambda raw: raw[:40] + b"\xff" * 40 + raw[80:],
                          lambda raw: raw[:5]])
def test_a_damaged_gzip_file_is_refused(tmp_path, damage):
    path = write_lines(tmp_path / "a.json.gz", [record(asin=f"B{n ** 3}") for n in range(99)],
                       zipped=True)
    with open(path, "rb") as file:
        raw = file.read()
    with open(path, "wb") as file:
        file.write(damage(raw))
    assert "cut short or damaged after line" in refused(readers.read_reviews, path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (st.lists(inner, max_size=3)
                   | st.dictionaries(st.text(max_size=3), inner, max_size=3)), max_leaves=5)
records = st.dictionaries(st.sampled_from(sorted(record())),
                          json_values | st.sampled_from(["A1", "B1", 4.0, [1, 2]]), max_size=7)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(line=(records | json_values).map(json.dumps) | st.text(max_size=30))
def test_any_line_is_read_dropped_or_refused(line, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any", numbered=True)
    path = write_lines(folder / "a.json", [line.encode("utf-8", "surrogatepass")])
    for function in (readers.read_reviews, readers.read_items):
        try:
            result = function(path)
        except UserError as error:
            assert "\n" not in str(error)
        else:
            assert result
    os.remove(path)


def test_metadata_is_read_from_json_and_python_literals(tmp_path):
    path = write_lines(tmp_path / "m.json.gz", [
        {"asin": "B1", "title": "A drum ", "price": 9, "categories": [["Toys", "Drums"], ["Other"]],
         "imUrl": "x.jpg"},
        "{'asin': 'B2', 'title': \"It's loud\", 'brand': '', 'price': None, 'description': 'Very'}",
        {"title": "no item"}], zipped=True)
    assert readers.read_items(path) == {
        "B1": Item("B1", "A drum", 9., "x.jpg", "Toys > Drums", None, None),
        "B2": Item("B2", "It's loud", None, None, None, None, "Very")}


@pytest.mark.parametrize("line",
                         ["__import__('os')", "{'asin': open('x')}", "{[]: 1}", "{'a': ", "[1]"])
def test_metadata_is_never_executed(tmp_path, line):
    assert refused(readers.read_items,
                   write_lines(tmp_path / "m.json", [{"asin": "B"}, line])).startswith(":2: not")


def test_rows_of_metadata_that_are_not_used_are_counted(tmp_path):
    path, counts = write_lines(tmp_path / "m.json", [
        {"asin": "B1", "title": "old"}, {"title": "nobody's"}, {"asin": None}, {"asin": "B1", "title": "new"}]), Tally()
    assert [item.title for item in readers.read_items(path, counts=counts).values()] == ["new"]
    assert counts.lost() == {"no item": 2, "item again": 1}
    assert counts.examples == {"no item": f"{path}:2", "item again": f"{path}:1"}


def test_metadata_without_items_is_refused(tmp_path):
    assert "no item in it" in refused(readers.read_items, write_lines(tmp_path / "m.json", []))


def test_impossible_metadata_counts_as_missing(tmp_path):
    path = write_lines(tmp_path / "m.json", [
        {"asin": "B1", "price": "$five", "categories": 7, "title": 4},
        {"asin": "B2", "price": float("nan"), "categories": [], "title": "\ud800"},
        {"asin": "B3", "price": 10 ** 400, "categories": [[]]}])
    items = readers.read_items(path)
    assert [item.price for item in items.values()] == [None] * 3
    assert [item.title for item in items.values()] == [None, "?", None]
    assert [item.category for item in items.values()] == [None] * 3


def test_the_first_bytes_decide_whether_a_file_is_gzip(tmp_path):
    path = str(tmp_path / "reviews.txt")
    with gzip.open(path, "wt") as out:
        out.write(json.dumps(record()))
    assert len(readers.read_reviews(path)[0]) == 1


@pytest.mark.parametrize("vote, up", [("3", 3), ("1,024", 1024), (7, 7), ("many", None), ("-2", None),
                                      ("9" * 400, None), (None, None)])
def test_votes_of_the_layout_of_2018(tmp_path, vote, up):
    path = write_lines(tmp_path / "a.json", [record(helpful=None, vote=vote)])
    review = readers.read_reviews(path)[0][0]
    assert (review.helpful_up, review.helpful_total) == (up, None)


def test_metadata_of_the_layout_of_2018(tmp_path):
    path = write_lines(tmp_path / "m.json", [
        {"asin": "B1", "title": " Card ", "price": "$1,025.50", "category": ["Gift Cards", "Cards"],
         "imageURL": ["https://a/small.jpg"], "imageURLHighRes": ["https://a/big.jpg", "https://a/b.jpg"],
         "description": ["One.", "Two."], "brand": ""},
        {"asin": "B2", "price": "", "category": [], "imageURL": [], "imageURLHighRes": [],
         "description": []},
        {"asin": "B3", "price": "from $3 to $4", "category": "Cards", "imageURL": ["https://a/s.jpg"]}])
    items = readers.read_items(path)
    assert items["B1"] == Item("B1", "Card", 1025.5, "https://a/big.jpg", "Gift Cards > Cards", None,
                                       "One.\nTwo.")
    assert items["B2"] == Item("B2", None, None, None, None, None, None)
    assert items["B3"] == Item("B3", None, None, "https://a/s.jpg", "Cards", None, None)
