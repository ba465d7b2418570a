"""Parts that are read apart and joined in the order of the rows are the corpus that one reader reads. No Spark here."""
import gzip
import json
import pickle
import random
import re

import numpy as np
import pytest

from preprocessing import readers
from preprocessing.corpus.collector import COLUMNS
from preprocessing.reading.tally import Tally
from preprocessing.spark import pieces
from preprocessing.tokenise import Published, Unicode
from runtime.cli import UserError
from tests.preprocessing.reading.samples import LAYOUTS
from tests.preprocessing.spark.corpora import mixed, rows
from tests.preprocessing.writing import record, write_lines


def joined(paths, how, tokeniser, counts):
    """The corpus of files, read by pieces as Spark does: chunks and parts are sent as bytes, chunks in any order."""
    reviews = readers.Reviews(how, counts, tokeniser)
    files = pieces.sources(paths, reviews)
    of_piece = [[] for _ in range(files[-1].first + files[-1].pieces)]
    for file in files:
        for piece, chunk in pieces.chunks(file):
            of_piece[piece].append(pickle.dumps(chunk))
    for some in of_piece:
        random.Random(5).shuffle(some)
        outcome = pickle.loads(pickle.dumps(pieces.outcome(list(map(pickle.loads, some)), files, how, tokeniser)))
        if outcome.error:
            raise UserError(outcome.error)
        reviews.extend(outcome.part)
    return reviews.corpus(paths[0]), sum(map(bool, of_piece))


def everything(corpus, counts):
    """All that later stages may ask of a corpus, and the counts of reading."""
    numbers, lengths = corpus.numbers(np.arange(len(corpus)))
    return (corpus.user_ids, corpus.item_ids, corpus.words, numbers.tolist(), lengths.tolist(), list(corpus),
            {name: getattr(corpus, name).tolist() for name in COLUMNS}, counts.summary(), counts.dropped)


def assert_same(paths, how=readers.Reading(), tokeniser=Unicode):
    """Compares both ways of reading; returns the number of pieces that hold something."""
    apart, together = Tally(), Tally()
    corpus, filled = joined(paths, how, tokeniser, apart)
    other, dropped = readers.read_reviews(paths, how, together, tokeniser)
    assert everything(corpus, apart) == everything(other, together)
    return filled


def long_rows(count):
    """Lines of `count` reviews that are hard to compress, 2 kB each."""
    draw = random.Random(7)
    return [json.dumps(record(reviewerID=f"u{row % 907}", asin=f"i{row % 101}", reviewText="%x" % draw.getrandbits(
        8000))) for row in range(count)]


def assert_same_mistake(path, message, how=readers.Reading()):
    """Compares the errors of both ways of reading a file."""
    for read in (lambda: joined([path], how, Unicode, Tally()), lambda: readers.read_reviews([path], how)):
        with pytest.raises(UserError, match=message) as error:
            read()
        message = "\\A" + re.escape(str(error.value)) + "\\Z"  # of the next one


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_every_layout(layout, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 101)
    monkeypatch.setattr(pieces, "CHUNK", 2)
    (tmp_path / "reviews").write_bytes(LAYOUTS[layout])
    assert_same([str(tmp_path / "reviews")])


@pytest.mark.parametrize("how, tokeniser", [
    (readers.Reading(), Unicode), (readers.Reading(repeated="first"), Published),
    (readers.Reading({"text": "summary"}, (0., 10.)), Unicode)], ids=["last", "first", "stars"])
def test_several_files_with_rows_that_are_dropped(how, tokeniser, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 997)
    monkeypatch.setattr(pieces, "CHUNK", 7)
    paths = mixed(tmp_path)[:2 if how.columns else 3]
    assert assert_same(paths, how, tokeniser) > 20


def test_a_compressed_file_of_several_pieces_and_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 2 ** 16)
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "r.gz", long_rows(2003), zipped=True)
    assert assert_same(["r.gz"]) >= 3


def test_a_scale_that_the_ratings_show(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 499)
    assert_same([write_lines(tmp_path / "r", (dict(row, overall=row["overall"] * 2) for row in rows(99, 3)
                                              if isinstance(row, dict)))])


def test_a_given_column_that_only_the_last_record_has(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 997)
    path = write_lines(tmp_path / "r", [record(asin=f"B{row}") for row in range(301)] + [record(late="Fine")])
    assert_same([path], readers.Reading({"summary": "late"}))
    assert_same_mistake(path, "--columns names 'never'", readers.Reading({"summary": "never"}))


@pytest.mark.parametrize("lines", [
    [record(), "{"], [record()] * 150 + ["[1]"] + ["{"] * 99, [record()] * 99 + [b'{"asin": "\xe9"}'],
    [record()] * 70 + [record(overall="loud")], [record(), record(overall=77, asin="B2")], [record(asin="")] * 3, []])
def test_a_mistake_is_the_same_line(lines, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 997)
    path = write_lines(tmp_path / "reviews.json", lines)
    assert_same_mistake(path, "reviews.json:?")


@pytest.mark.parametrize("bad, message", [([], "cut short or damaged after line"), (["{"], "r.gz:701: not JSON")])
def test_the_first_of_two_mistakes_is_reported(bad, message, tmp_path):
    lines = long_rows(700) + bad + long_rows(700)
    (tmp_path / "r.gz").write_bytes(gzip.compress(b"".join(b"%s\n" % line.encode() for line in lines))[:-9])
    assert_same_mistake(str(tmp_path / "r.gz"), message)
