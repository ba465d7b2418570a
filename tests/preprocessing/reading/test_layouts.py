"""Every layout gives the same reviews; a file that is something else is refused by what it is."""
import json

import pytest

from preprocessing import readers
from preprocessing.reading import tally
from preprocessing.reading.records import Item
from runtime.cli import UserError
from tests.preprocessing.reading.samples import COUNT, LAYOUTS, RECORDS, json_lines
from tests.preprocessing.test_readers import refused


def written(tmp_path, content, name="reviews"):
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_every_layout_gives_the_same_reviews(tmp_path, layout, bom):
    reviews, dropped = readers.read_reviews(written(tmp_path, bom + LAYOUTS[layout]))
    assert len(reviews) == COUNT and not any(dropped.values())
    for review, record in zip(reviews, RECORDS):
        assert (review.user_id, review.item_id, review.rating, review.text) == (
            record["reviewerID"], record["asin"], record["overall"], record["reviewText"])
        assert review.helpful_up == record["helpful"][0] and review.time // 86400 == 1400000000 // 86400


@pytest.mark.parametrize("layout, gives", [("2014", "summary"), ("2023", "summary"), ("csv", "helpful_total")])
def test_a_layout_gives_its_further_fields(tmp_path, layout, gives):
    review = readers.read_reviews(written(tmp_path, LAYOUTS[layout]))[0][4]
    assert getattr(review, gives) == {"summary": "Fine 4", "helpful_total": 3}[gives]


@pytest.mark.parametrize("between", [b"", b" ", b"\r", b", ", b",\n"], ids=ascii)
def test_objects_that_no_line_end_separates_are_read(tmp_path, between):
    joined = between.join(LAYOUTS["2014"].splitlines())
    assert len(readers.read_reviews(written(tmp_path, joined))[0]) == COUNT
    with pytest.raises(UserError, match="not JSON .*the record begins in line"):
        readers.read_reviews(written(tmp_path, joined + b"{broken}"))


def test_a_byte_order_mark_of_a_joined_file_is_no_text(tmp_path):
    joined = b"\xef\xbb\xbf" + json_lines(RECORDS[:5]) + b"\xef\xbb\xbf" + json_lines(RECORDS[5:])
    assert len(readers.read_reviews(written(tmp_path, joined))[0]) == COUNT


def test_several_files_are_one_corpus(tmp_path):
    paths = [written(tmp_path, json_lines(RECORDS[:5]), "a"), written(tmp_path, LAYOUTS["csv"], "b")]
    reviews, dropped = readers.read_reviews(paths)
    assert len(reviews) == COUNT and dropped["user and item again"] == 5


def test_a_table_of_tabs_may_hold_single_quotation_marks(tmp_path):
    rows = ["customer_id\tproduct_id\tstar_rating\treview_body\treview_date", '7\t0012\t5\tA 12" drum\t2015-08-31']
    review = readers.read_reviews(written(tmp_path, "\n".join(rows).encode()))[0][0]
    assert (review.user_id, review.item_id, review.text, review.time) == ("7", "0012", 'A 12" drum', 1440979200)


def test_a_book_without_a_rating_is_dropped(tmp_path):
    rows = [{"user_id": "a", "book_id": number, "rating": number, "review_text": "Fine"} for number in range(3)]
    reviews, dropped = readers.read_reviews(written(tmp_path, json_lines(rows)))
    assert [review.item_id for review in reviews] == ["1", "2"] and dropped["no user, item or rating"] == 1


@pytest.mark.parametrize("content, message", [
    (b"userId,movieId,rating,timestamp\n1,2,3.0,9\n", "CSV with the columns userId, .*ratings without text"),
    (b"196\t242\t3\t88\n186\t302\t3\t8\n", "TSV without a line of column names .it begins with 196, 242, 3, 88.; wr"),
    (b"A1,B1,5.0,Loud\nA2,B1,4.0,Fine\n", "CSV without a line of column names .*user,item,rating,text"),
    (b"1::1193::5::978300760\n", "MovieLens"), (b"<!DOCTYPE html><html>", "web page"), (b"<?xml version='1'?>", "XML"),
    (b"who,what,mark,words\na,b,3,c\n", "CSV with the columns who, what, mark, words; none is known as user or item"),
    (b'{"who": 1, "what": 2}\n', "JSON lines with the columns who, what; .*pass --columns user=...,item=...,rating="),
    (b"SQLite format 3\0xyz", "SQLite"), (b"\xff\xfe{\0", "UTF-16"),
    (b"\0" * 99, "neither JSON nor a table"), ('{"a": 1}\n'.encode("utf-16-le"), "UTF-16LE"),
    ('{"a": 1}\n'.encode("utf-16-be"), "UTF-16BE"), (b"%PDF-1.4", "PDF"), (b"\x80\x04\x95", "pickle"),
    (b"x" * 257 + b"ustar" + b"0" * 250, "tar archive"), (b"product/productId: B1\n", "SNAP"),
    (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"), (b"[{'asin': 'B1'}]", "Python list"),
    (b"some words\nand others\n", "neither JSON nor a table"), (b"PAR1\0\0", "Parquet"),
    (b'[{"reviewerID": "a", "asin": "b", "overall": 3}, {"rev', ":1: not JSON"),
    (b'[{"reviewerID": "a", "asin": "b", "overall": 3},\n', "cut short after line 2"),
    (b'{\n"reviewerID": "a",\n"asin": b}\n', ":3: not JSON .*begins in line 1"),
    (b'user,item,rating,text\na,b,3,"never ends\n', ":2: not a row"), (b"[1, 2]", ":1: not a JSON object")])
def test_a_refusal_names_what_the_file_is(tmp_path, content, message):
    path = written(tmp_path, content)
    refused(readers.read_reviews, path)
    with pytest.raises(UserError, match=message):
        readers.read_reviews(path)


@pytest.mark.parametrize("layout, line", [("2014", b'{"reviewText": "caf\xe9"}\n'), ("pretty", b"\n\xe9"),
                                          ("csv", b'1,2,3,0,3,4.0,9,a,"caf\xe9"\n')])
def test_bytes_that_are_not_utf8_are_named_by_their_line(tmp_path, layout, line):
    content = LAYOUTS[layout] + line
    line = content[:content.index(b"\xe9")].count(b"\n") + 1
    assert refused(readers.read_reviews, written(tmp_path, content)).startswith(f":{line}: not UTF-8 text")


def test_a_row_with_another_number_of_columns_is_dropped_and_counted(tmp_path):
    path = written(tmp_path, LAYOUTS["csv"] + b"1,2,3\n")
    assert readers.read_reviews(path)[1]["row with another number of columns"] == 1


def test_literals_hold_bare_names_for_missing_values(tmp_path):
    path = written(tmp_path, b"{'asin': 'B1', 'price': nan}\n{'asin': 'B2', 'price': null, 'title': 'nan'}\n")
    items = readers.read_items(path)
    assert [item.price for item in items.values()] == [None, None]


def test_parquet_without_its_package_is_one_line(tmp_path):
    path = written(tmp_path, b"PAR1" + b"\0" * 20)
    assert "Parquet" in refused(readers.read_reviews, path)


def test_parquet_is_read_where_pyarrow_is_installed(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
    parquet.write_table(pyarrow.table(table), str(tmp_path / "reviews"))
    reviews, _ = readers.read_reviews(str(tmp_path / "reviews"))
    assert [review.text for review in reviews] == [record["reviewText"] for record in RECORDS]
    table["reviewText"] = [text.encode() for text in table["reviewText"]]  # written without the type of strings
    parquet.write_table(pyarrow.table(table), str(tmp_path / "reviews"))
    assert readers.read_reviews(str(tmp_path / "reviews"))[0][0].text == RECORDS[0]["reviewText"]


def test_metadata_of_the_layouts_of_2023_and_of_yelp(tmp_path):
    rows = [{"main_category": "Music", "title": "Drum", "price": "9.50", "store": "S", "categories": ["A", "B"],
             "images": [{"thumb": "t", "large": "l.jpg", "hi_res": None}], "parent_asin": "B1", "description": ["d"]},
            {"main_category": "Music", "categories": [], "images": {"large": [None, "m.jpg"]}, "parent_asin": "B2"},
            {"images": {"hi_res": [None], "large": ["n.jpg"], "thumb": []}, "parent_asin": "B4"},
            {"business_id": "B3", "name": "Caf\u00e9", "categories": "Food, Coffee", "stars": 4}]
    items = readers.read_items(written(tmp_path, json_lines(rows)))
    assert items == {"B1": Item("B1", "Drum", 9.5, "l.jpg", "A > B", "S", "d"),
                     "B2": Item("B2", None, None, "m.jpg", "Music", None, None),
                     "B4": Item("B4", None, None, "n.jpg", None, None, None),
                     "B3": Item("B3", "Caf\u00e9", None, None, "Food, Coffee", None, None)}


def test_columns_that_are_not_known_are_named(tmp_path):
    rows = [dict(zip(("who", "what", "mark", "words"), ("a", "b", 9, "Fine")))]
    given = readers.Reading(dict(user="who", item="what", rating="mark", text="words"), (1., 10.))
    review = readers.read_reviews(written(tmp_path, json_lines(rows)), given)[0][0]
    assert (review.user_id, review.item_id, review.text) == ("a", "b", "Fine")
    assert abs(review.rating - (1 + 4 * 8 / 9)) < 1e-9
    with pytest.raises(UserError, match="names 'nobody', which is none of them"):
        readers.read_reviews(written(tmp_path, json_lines(rows)), readers.Reading(dict(given.columns, user="nobody")))


@pytest.mark.parametrize("read, field, known", [(readers.read_reviews, "time", "unixReviewTime"),
                                                (lambda path, how: readers.read_items(path, how.columns), "price",
                                                 "price")])
def test_a_given_column_that_no_record_has_is_an_error(tmp_path, read, field, known):
    rows = [dict(RECORDS[row], price="3", **({known + "s": 9} if row == 5 else {})) for row in range(COUNT)]
    path = written(tmp_path, json_lines(rows))
    assert len(read(path, readers.Reading({field: known + "s"}))[0 if field == "time" else "0000"])  # of one record
    with pytest.raises(UserError, match=f"--columns names 'wen' for {field}, a column that no record has"):
        read(path, readers.Reading({field: "wen"}))
    read(path, readers.Reading({"brand" if field == "time" else "text": "wen"}))  # of the other kind of file


def test_the_last_review_of_a_pair_is_kept_or_the_first(tmp_path):
    rows = [dict(RECORDS[0], unixReviewTime=time, reviewText=str(time)) for time in (5, 9, 7)]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)).encode())
    assert [readers.read_reviews(path, readers.Reading(repeated=kept))[0][0].text
            for kept in ("first", "last")] == ["5", "9"]
    assert readers.read_reviews(path)[0][0].text == "9"


def test_another_scale_of_the_ratings_is_found_and_said(tmp_path):
    rows = [dict(RECORDS[0], reviewerID=f"U{row}", overall=1 + row % 10) for row in range(30)]
    path, counts = written(tmp_path, json_lines(rows)), tally.Tally()
    found = [review.rating for review in readers.read_reviews(path, counts=counts)[0]]
    given = [review.rating for review in readers.read_reviews(path, readers.Reading(stars=(1, 10)))[0]]
    assert found == given and (min(found), max(found), counts.scale) == (1, 5, "1..10")
    assert any("scale 1..10" in line for line in counts.lines())
    with pytest.raises(UserError, match=":6: rating 6 is not a number from 1 to 5"):
        readers.read_reviews(path, readers.Reading(stars=(1, 5)))


def test_a_single_rating_outside_the_scale_is_an_error_that_names_its_line(tmp_path):
    path = written(tmp_path, json_lines(RECORDS + [dict(RECORDS[0], reviewerID="x", overall=9)] + RECORDS))
    with pytest.raises(UserError, match=":13: rating 9 is not a number from 1 to 5"):
        readers.read_reviews(path)
