"""What is covered: items without metadata, letters that are not read, texts that many users share."""
import json
import logging

import pytest

from preprocessing import __main__ as preprocess
from preprocessing import artefact as contract
from preprocessing import word_tables
from preprocessing.reading.records import Item
from preprocessing.reading.tally import Tally
from preprocessing.summary import coverage
from preprocessing.tokenise import Unicode
from runtime.cli import UserError
from tests.preprocessing.writing import SMALL, build, corpus, record, reviews, write, write_lines

PUBLISHED = SMALL._replace(tokens="a-z")


def items(*ids):
    return {item_id: Item(item_id, *[None] * 6) for item_id in ids}


@pytest.mark.parametrize("ids, message", [
    (["x9"], "none of the 7 items: .* ids such as 'i0', the metadata such as 'x9'"),
    (["x9", "00i3"], "reviews have 'i3' where the metadata has '00i3': leading zeros are lost")])
def test_metadata_of_other_items_is_an_error_with_ids_of_both(ids, message):
    with pytest.raises(UserError, match=message):
        coverage.reading(corpus(reviews()), items(*ids), Tally(), Tally(), ["meta.json"])


def test_the_share_of_items_with_metadata_is_counted():
    result = coverage.reading(corpus(reviews()), items("i0", "i3", "x"), Tally(), Tally(), ["meta.json"])
    assert (result["items"], result["items_with_metadata"]) == (7, 2)
    assert "items" not in coverage.reading(corpus(reviews()), {}, Tally(), Tally(), [])


def test_a_text_of_many_users_is_counted():
    long_text = "This drum is as loud as the one that my neighbour has in his garden."
    rows = [review._replace(text=long_text) if row in (0, 1, 2, 5) else review for row, review in enumerate(reviews())]
    assert coverage.shared_texts(corpus(rows)) == 4 and coverage.shared_texts(corpus(reviews())) == 0
    one_user = [review._replace(text=long_text, user_id="u") for review in reviews()]
    assert coverage.shared_texts(corpus(one_user)) == 0


@pytest.mark.parametrize("text, share", [("loud drum", 1.), ("", 1.), ("5 * 3", 1.), ("ab \u0437\u0432", .5)])
def test_the_share_of_letters_read(text, share):
    assert coverage.letters(corpus(reviews(text=lambda row: text), PUBLISHED)) == share
    assert coverage.letters(corpus(reviews(text=lambda row: text))) == 1


def test_the_unicode_rule_reads_all_letters(tmp_path):
    words = {"\u0437\u0432\u0443\u043a", "\u0445\u043e\u0440\u043e\u0448\u0438\u0439", "loud"}
    rows = reviews(text=lambda row: " ".join(sorted(words)[row % 2:]))
    artefact = build(rows)
    assert set(artefact.vocabulary[2:]) == words
    assert (artefact.meta["letters_read"], artefact.meta["texts_without_words"]) == (1., 0)
    assert artefact.meta["tokeniser"] == Unicode.rule
    write(rows, tmp_path / "small")
    assert word_tables.load(str(tmp_path / "small")).tokeniser is Unicode


def test_texts_without_words_are_not_called_empty():
    rows = [review._replace(text=["", "\u0437\u0432\u0443\u043a", review.text][min(row, 2)])
            for row, review in enumerate(reviews())]
    meta = build(rows, PUBLISHED).meta
    assert (meta["empty_texts"], meta["texts_without_words"]) == (1, 1) and 0 < meta["letters_read"] < 1


@pytest.mark.parametrize("text, message", [("", "the reviews have no text .26 of 26"),
                                           ("\u0437\u0432\u0443\u043a", "almost no Latin letters: 0.0 %")])
def test_a_corpus_without_words_names_the_cause(text, message):
    with pytest.raises(UserError, match=message):
        build(reviews(text=lambda row: text), PUBLISHED)


def test_texts_of_signs_alone_are_named():
    with pytest.raises(UserError, match="no letter, digit or emoji: none of 26 training texts"):
        build(reviews(text=lambda row: "..." if row % 2 else ""))


def test_the_summary_is_logged_and_in_the_artefact(tmp_path, caplog):
    rows = [record(reviewerID=review.user_id, asin=review.item_id, unixReviewTime="soon" if row == 3 else None)
            for row, review in enumerate(reviews())]
    path = write_lines(tmp_path / "reviews.json", rows + [{"asin": "B1"}])
    meta = write_lines(tmp_path / "meta.json", [{"asin": "i1", "title": "Drum", "price": "free"}, {"asin": ""}])
    with caplog.at_level(logging.INFO, "recsys"):
        preprocess.main(["--reviews", path, "--meta", meta, "--name", "small", "--data_dir", str(tmp_path / "data"),
                         "--word_dim", "5", "--topics", "3"])
    for part in ("JSON lines, 34 rows", f"dropped 1 rows: no user, item or rating (first: {path}:34)",
                 "time: 1 of 34 values unreadable", "metadata of 1 of 7 items",
                 "metadata: price: 1 of 2 values unreadable", f"metadata: dropped 1 rows: no item (first: {meta}:2)"):
        assert part in caplog.text
    reading = contract.load_meta(str(tmp_path / "data" / "small"))["reading"]
    assert json.dumps(reading) and reading["unreadable"] == {"time": 1} and reading["absent"]["time"] == 32
    assert (reading["rows"], reading["items_with_metadata"]) == (34, 1)
    assert reading["metadata"]["dropped"] == {"no item": 1}
    assert reading["metadata"]["unreadable_examples"] == {"price": f"{meta}:1: 'free'"}


@pytest.mark.parametrize("args, message", [
    (["--columns", "who=x"], "is not FIELD=COLUMN"), (["--columns", "user"], "is not FIELD=COLUMN"),
    (["--stars", "5"], "two numbers"), (["--stars", "5..1"], "two numbers"), (["--stars", "nan..5"], "two numbers")])
def test_a_wrong_flag_of_reading_is_one_line(args, message, capsys):
    with pytest.raises(SystemExit):
        preprocess.parse_args(["--reviews", "r.json", "--name", "x"] + args)
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
