"""The measurement of preprocessing runs on a small corpus; its raw files are the same each time, and like real ones."""
import gzip
import json

import pytest

from benchmarks.corpora import preprocess, raw_reviews
from preprocessing import readers
from preprocessing.tokenise import tokenise


def test_it_prints_time_and_memory_of_each_size(tmp_path, capsys):
    out = tmp_path / "figures.json"
    preprocess.main(["--sizes", "300", "500", "--words", "given", "--folder", str(tmp_path / "raw"), "--out", str(out)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and lines[1].startswith("300 ") and lines[2].startswith("500 ")
    figures = json.loads(out.read_text())
    assert set(figures) == {"300", "500"} and all(value > 0 for found in figures.values() for value in found.values())
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == [
        "reviews_300.json.gz", "reviews_500.json.gz", "vectors.txt"]


def test_a_size_that_cannot_be_split_is_refused(capsys):
    with pytest.raises(SystemExit):
        preprocess.parse_args(["--sizes", "20000", "7"])
    assert "--sizes 7: give 100 or more" in capsys.readouterr().err


def test_raw_files_are_the_same_each_time_and_have_texts_of_all_lengths(tmp_path):
    for name in ("one", "two"):
        raw_reviews.write(str(tmp_path / name), 2003)
    one, two = (gzip.open(str(tmp_path / name)).read() for name in ("one", "two"))
    assert one == two and one.count(b"\n") == 2003
    reviews, dropped = readers.read_reviews(str(tmp_path / "one"))
    assert dropped["user and item again"] >= 2 and not reviews.has_text.all()
    lengths = sorted(len(tokenise(review.text)) for review in reviews)
    assert lengths[0] == 0 and 170 < lengths[int(.9 * len(lengths))] < 280 and lengths[-1] > 500


def test_words_of_numbers_are_different_words():
    words = [raw_reviews.word_of(number) for number in range(2000)]
    assert len(set(words)) == 2000 and all(tokenise(word) == [word] for word in words)
