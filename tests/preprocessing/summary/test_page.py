"""The page of a corpus: one file that loads nothing, holds the numbers of meta.json, and escapes what it shows."""
import os
import re

import pytest

from preprocessing import __main__ as preprocess
from preprocessing import artefact as contract
from preprocessing.summary import page
from tests.preprocessing.writing import SMALL, build, record, reviews, write_lines


@pytest.fixture(scope="module")
def meta():
    return build(reviews(), SMALL._replace(split="last")).meta


def test_the_page_loads_nothing_and_holds_the_numbers(meta):
    html = page.of(meta)
    assert not re.search(r"<script|<link|src=.(?!data:)|url\(|https?:", html)
    assert html.count("<img") == 4
    for text in ("33 reviews of 5 users on 7 items", "the last two reviews of each user",
                 f"<td>{meta['cut']['words of a review']['left_out']} of"):
        assert text in html


def test_a_name_is_escaped(meta):
    html = page.of(dict(meta, name="<b>&", sources=[{"file": "<i>.json", "sha256": "0" * 64}]))
    assert "<b>" not in html.replace('<b style', "") and "&lt;b&gt;&amp;" in html and "&lt;i&gt;.json" in html


def test_warnings_name_what_is_lost(meta):
    assert page.warnings(dict(meta, reading={"rows": 33})) == []
    reading = {"items": 7, "items_with_metadata": 2, "shared_texts": 5, "unreadable": {"time": 6},
               "metadata": {"unreadable": {"price": 8}, "dropped": {"item again": 9}}}
    lost = dict(meta, dropped={"user and item again": 3, "no user, item or rating": 0}, letters_read=.5, empty_texts=2,
                texts_without_words=4, reading=reading)
    for text in ("3 rows are dropped: 3 user and item again", "50.0 % of the letters", "2 reviews have no text",
                 "4 reviews have a text without a word", "5 of 7 items have no metadata",
                 "5 reviews have the same text",
                 "6 values of time are unreadable", "metadata: 8 values of price are unreadable",
                 "metadata: 9 rows are dropped: 9 item again"):
        assert any(sentence.startswith(text) for sentence in page.warnings(lost)), text


def test_a_page_is_written_with_every_artefact(tmp_path):
    path = write_lines(tmp_path / "reviews.json", [
        record(reviewerID=f"U{row % 5}", asin=f"B{row % 7}", overall=1 + row % 10, helpful="many")
        for row in range(33)])
    preprocess.main(["--reviews", path, "--name", "x", "--data_dir", str(tmp_path), "--word_dim", "3", "--topics", "2",
                     "--min_reviews", "1"])
    with open(os.path.join(str(tmp_path), "x", contract.REPORT), encoding="utf-8") as text:
        html = text.read()
    assert "on the scale 1..10" in html and "33 values of helpful are unreadable" in html and "reviews.json:1" in html
