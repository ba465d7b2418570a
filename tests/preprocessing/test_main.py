"""The command `preprocess`: its result; a mistake is one line and leaves no file."""
import json
import logging
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from preprocessing import __main__ as preprocess
from preprocessing import artefact as contract
from runtime.cli import UserError
from runtime.project import ROOT
from tests.preprocessing.writing import record, reviews, write_lines

SMALL = ["--word_dim", "5", "--topics", "3", "--min_reviews", "1"]


@pytest.fixture
def raw(tmp_path):
    """A raw file of 33 reviews."""
    return write_lines(tmp_path / "reviews.json", [
        record(reviewerID=review.user_id, asin=review.item_id, overall=review.rating,
               reviewText=review.text,
               unixReviewTime=review.time) for review in reviews()])


def call(tmp_path, *args):
    preprocess.main(list(args) + ["--name", "small", "--data_dir", str(tmp_path / "data")] + SMALL)


def test_the_artefact_of_the_sample_corpus(tiny_data):
    meta = contract.load_meta(tiny_data.data_folder)
    sizes = meta["sizes"]
    assert (sizes["U"], sizes["I"], sizes["N"], sizes["E"], sizes["D"]) == (40, 15, 300, 16, 8)
    files = [source["file"] for source in meta["sources"]]
    assert files == ["reviews.json.gz", "meta.json.gz"]
    assert set(os.listdir(tiny_data.data_folder)) == {  # published names: older artefacts have them
        "meta.json", "arrays", "vocabulary.txt", "word_vectors.npy", "word_topics.npy", "mean_bag.npy",
        "catalogue.sqlite", "truth.json", "report.html"}


def test_dropped_rows_stages_and_the_next_command_are_logged(tmp_path, raw, caplog):
    with open(raw, "a") as out:
        out.write(json.dumps({"asin": "B1"}) + "\n")
    with caplog.at_level(logging.INFO, "recsys"):
        call(tmp_path, "--reviews", raw)
    meta = contract.load(str(tmp_path / "data" / "small")).meta
    assert meta["dropped"] == {"no user, item or rating": 1, "user and item again": 0}
    for part in ("33 reviews (1 dropped)", "5 users", "7 items", "mean rating 2.9", "preprocessing: ", "peak memory",
                 f"./run train --data {tmp_path / 'data' / 'small'}"):
        assert part in caplog.text
    stages = ["read and tokenise: ", "count words: ", "train word vectors: ", "compute topics: ", "write: ", "Wrote "]
    assert stages == sorted(stages, key=caplog.text.index)


def test_the_same_command_gives_the_same_artefact(tmp_path, raw):
    for name in ("first", "second"):
        call(tmp_path / name, "--reviews", raw)
    first, second = ((tmp_path / name / "data" / "small") for name in ("first", "second"))
    for path in list(first.rglob("*.npy")) + [first / contract.META]:
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


def test_a_vocabulary_beyond_its_limit_is_cut_and_the_log_says_so(tmp_path, raw, caplog):
    with caplog.at_level(logging.INFO, "recsys"):
        call(tmp_path / "all", "--reviews", raw)
        assert "vocabulary: the" not in caplog.text
        call(tmp_path / "cut", "--reviews", raw, "--most_words", "2")
    every, cut = (contract.load(str(tmp_path / name / "data" / "small")) for name in ("all", "cut"))
    assert cut.vocabulary == every.vocabulary[:4] and cut.word_vectors.shape == (4, 5)
    assert f"the 2 most frequent of {len(every.vocabulary) - 2} words in 1 or more" in caplog.text
    assert np.array_equal(cut.review_tokens[:], np.where(every.review_tokens[:] < 4, every.review_tokens[:], 1))


def test_the_last_reviews_of_users_are_held_out_and_counted(tmp_path, raw, caplog):
    with open(raw, "a") as out:
        out.write(json.dumps(record(reviewerID="once", unixReviewTime=1)) + "\n")
    with caplog.at_level(logging.INFO, "recsys"):
        call(tmp_path, "--reviews", raw, "--split", "last")
    a = contract.load(str(tmp_path / "data" / "small"))
    assert a.meta["splits"] == {"train": 24, "validation": 5, "test": 5} and a.meta["options"]["split"] == "last"
    for user in range(5):
        latest = [a.review_time[part.review[part.user == user]] for part in (a.train, a.validation, a.test)]
        assert latest[0].max() <= latest[1] <= latest[2]
    assert "of 5 users are held out; 1 users with fewer than 3" in caplog.text


@pytest.mark.parametrize("args, message", [
    (["--name", "a/b"], "plain folder name"), (["--name", ""], "plain folder name"),
    (["--name", ".."], "plain"),
    (["--percentile", "0"], "above 0"), (["--percentile", "nan"], "above 0"),
    (["--word_dim", "0"], "1 or more"),
    (["--topics", "-1"], "1 or more"), (["--most_words", "0"], "1 or more"), (["--seed", "-1"], "from 0"),
    (["--split", "half"], "invalid choice"),
    (["--reviews"], "expected at least one argument")])
def test_a_wrong_argument_is_one_line(args, message, capsys):
    with pytest.raises(SystemExit) as stop:
        preprocess.parse_args(["--reviews", "r.json", "--name", "x"] + args)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1


def test_a_mistake_leaves_no_file(tmp_path, raw):
    bad = write_lines(tmp_path / "bad.json", [record(), "{"])
    (tmp_path / "vectors").write_text("2 3\nloud 1 2 3\nquiet 1 2 3\n")
    no_time = write_lines(tmp_path / "no time.json", [
        record(asin=str(number), unixReviewTime=None) for number in range(12)])
    odd_time = write_lines(tmp_path / "odd time.json", [
        record(asin=str(number), unixReviewTime="05/13/2014") for number in range(12)])
    for args, message in ((["--reviews", bad], "bad.json:2: not JSON"),
                          (["--reviews", raw, "--meta", bad], "bad.json:2: not JSON"),
                          (["--reviews", raw, "--vectors", str(tmp_path / "vectors")],
                           "dimension 3, not 5"),
                          (["--reviews", no_time, "--split", "time"], "without a readable time"),
                          (["--reviews", no_time, "--split", "last"], "12 of 12 reviews without a readable .*; name"),
                          (["--reviews", odd_time, "--split", "last"], "first: .*time.json:1: '05/13/2014'.; write"),
                          (["--reviews", str(tmp_path / "none")], "cannot be read")):
        with pytest.raises(UserError, match=message):
            call(tmp_path, *args)
        assert not (tmp_path / "data").exists()


def test_names_that_are_no_utf8_are_written_as_text(tmp_path, raw):
    odd = os.path.join(os.fsencode(str(tmp_path)), b"odd\xff.json")
    with open(raw, "rb") as content, open(odd, "wb") as out:
        out.write(content.read() + b'{"asin": "B1"}\n')
    call(tmp_path, "--reviews", os.fsdecode(odd))
    meta = contract.load_meta(str(tmp_path / "data" / "small"))
    assert meta["sources"][0]["file"] == "odd\ufffd.json"
    assert meta["reading"]["dropped_examples"] == {"no user, item or rating": f"{tmp_path}/odd\ufffd.json:34"}
    page = tmp_path / "data" / "small" / contract.REPORT
    assert "odd\ufffd.json:34" in page.read_text(encoding="utf-8")


def test_the_command_ends_with_code_2_and_one_line(tmp_path):
    ended = subprocess.run([sys.executable, "-m", "preprocessing", "--reviews",
                            str(tmp_path / "none"), "--name", "x"],
                           cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           universal_newlines=True,
                           timeout=120)
    assert ended.returncode == 2 and ended.stdout == ""
    assert ended.stderr.startswith("error: ") and ended.stderr.count("\n") == 1
    assert not os.path.exists(os.path.join(ROOT, "data", "x"))


def test_a_folder_that_holds_the_input_or_something_else_is_kept(tmp_path, raw):
    (tmp_path / "data" / "small").mkdir(parents=True)
    (tmp_path / "data" / "small" / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match="exists and is no artefact"):
        call(tmp_path, "--reviews", raw)
    (tmp_path / "data" / "small" / "notes.txt").unlink()
    inside = shutil.copy(raw, str(tmp_path / "data" / "small"))
    with pytest.raises(UserError, match="holds the input"):
        call(tmp_path, "--reviews", inside)
    assert os.listdir(str(tmp_path / "data" / "small")) == [os.path.basename(inside)]
