"""Raw reviews -> artefact: which parts depend on training text only; a folder is complete or absent."""
import os
import sqlite3

import numpy as np
import pytest

from preprocessing import artefact as contract
from preprocessing import catalogue, pipeline, vocabulary
from preprocessing.reading.records import Item
from preprocessing.split import PROTOCOLS
from runtime import files
from runtime.cli import UserError
from tests.preprocessing import writing
from tests.preprocessing.writing import SMALL, build, reviews


@pytest.fixture(scope="module")
def small():
    return build(reviews())


def test_rows_are_the_reviews_in_the_order_of_the_file(small):
    rows = reviews()
    assert small.meta["sizes"] == dict(U=5, I=7, N=33, L=small.review_tokens.shape[1],
                                       V=len(small.vocabulary), E=5,
                                       D=3, R_user=small.user_reviews.shape[1],
                                       R_item=small.item_reviews.shape[1])
    for row, review in enumerate(rows, 1):
        words = [small.vocabulary[token]
                 for token in small.review_tokens[row, :small.review_length[row]]]
        kept = review.text.split()[:small.meta["sizes"]["L"]]
        assert [word if word in small.vocabulary else "<unknown>" for word in kept] == words
        assert (small.review_rating[row], small.review_time[row], small.review_helpful[row]) == (
            review.rating, review.time, review.helpful_up)
        assert f"u{small.review_user[row]}" == review.user_id
        assert f"i{small.review_item[row]}" == review.item_id
    for split in contract.SPLITS:
        part = getattr(small, split)
        np.testing.assert_array_equal(part.rating, small.review_rating[part.review])


def test_caps_are_percentiles_of_the_training_reviews(small):
    train = small.train
    for cap, counts in (("R_user", np.bincount(train.user)), ("R_item", np.bincount(train.item)),
                        ("L", [len(reviews()[row - 1].text.split()) for row in train.review])):
        assert small.meta["sizes"][cap] == int(np.percentile(counts, 90))


def test_slots_hold_training_reviews_only(small):
    in_slots = set(small.user_reviews.ravel()) | set(small.item_reviews.ravel())
    assert in_slots - {0} <= set(small.train.review)
    assert not in_slots & (set(small.validation.review) | set(small.test.review))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_held_out_reviews_do_not_change_what_is_learned(protocol, tmp_path):
    """Only held-out reviews differ, in text, stars and votes: all else that is written is the same byte for byte."""
    rows, options = reviews(187, 11, 17), SMALL._replace(split=protocol)
    first = build(rows, options)
    held_out = set(first.validation.review) | set(first.test.review)
    changed = [review._replace(text="quite other words, many of them: loud " * 9, rating=6 - review.rating,
                               helpful_up=77) if row in held_out else review for row, review in enumerate(rows, 1)]
    for name, corpus in (("first", rows), ("other", changed)):
        writing.write(corpus, tmp_path / name, options)
    of_held_out = {"meta.json", "report.html", "catalogue.sqlite"} | {
        f"{split}_rating.npy" for split in ("validation", "test")}
    per_review = {f"{name}.npy" for name in contract.ARRAYS if name.startswith("review_")}
    compared = 0
    for folder, _, names in os.walk(str(tmp_path / "first")):
        for path in (os.path.join(folder, name) for name in names if name not in of_held_out):
            other = path.replace("first", "other", 1)
            if os.path.basename(path) in per_review:
                assert np.array_equal(np.load(path)[first.train.review], np.load(other)[first.train.review]), path
            else:
                with open(path, "rb") as one, open(other, "rb") as two:
                    assert one.read() == two.read(), path
            compared += 1
    assert compared > 20
    metas = [contract.load_meta(str(tmp_path / name)) for name in ("first", "other")]
    for key in ("sizes", "splits", "training_reviews", "cut"):
        assert metas[0][key] == metas[1][key]
    assert metas[0]["distributions"] != metas[1]["distributions"]


def test_a_review_without_text_is_a_rating_in_no_slot():
    first, *others = reviews()
    artefact = build([first._replace(text="")] + others)
    assert (artefact.meta["sizes"]["N"], artefact.meta["empty_texts"]) == (33, 1)
    assert artefact.review_length[1] == 0
    assert 1 in np.concatenate([getattr(artefact, split).review for split in contract.SPLITS])
    assert 1 not in artefact.user_reviews and 1 not in artefact.item_reviews


def test_the_split_follows_time_or_the_seed():
    by_time = build(reviews(), SMALL._replace(split="time"))
    time = by_time.review_time
    assert time[by_time.train.review].max() <= time[by_time.test.review].min()
    assert not np.array_equal(build(reviews(), SMALL._replace(seed=5)).test.review,
                              build(reviews()).test.review)


@pytest.mark.parametrize("text, message", [
    ("!? *", "hold no letter, digit or emoji"), (None, "no word is in 2 or more")])
def test_a_corpus_without_frequent_words_is_refused(text, message):
    rows = reviews(text=lambda row: text if text is not None else "x" * (row + 1))
    with pytest.raises(UserError, match=message):
        build(rows, SMALL._replace(min_reviews=2))


def test_a_corpus_of_few_reviews_is_refused():
    with pytest.raises(UserError, match="4 reviews are too few"):
        build(reviews(4))


def write(folder, rows=None):
    writing.write(rows or reviews(), folder,
                  items={"i3": Item("i3", "Drum", 2.5, None, "Toys", None, "")})


def test_catalogue_and_artefact_agree(small, tmp_path):
    write(tmp_path / "small")
    connection = catalogue.connect(str(tmp_path / "small" / catalogue.NAME))
    items = connection.execute("SELECT item, title, price FROM items WHERE item_id = 'i3'")
    assert [tuple(row) for row in items] == [(3, "Drum", 2.5)]
    for row in connection.execute("SELECT * FROM reviews"):
        part = getattr(small, row["split"])
        assert row["review"] in part.review
        assert (row["user"], row["item"], row["rating"]) == (
            small.review_user[row["review"]], small.review_item[row["review"]],
            small.review_rating[row["review"]])
        assert row["text"] == reviews()[row["review"] - 1].text
    for row in connection.execute("SELECT * FROM users"):
        ratings = small.train.rating[small.train.user == row["user"]]
        assert row["rating_count"] == len(ratings) and abs(row["rating_mean"] - ratings.mean()) < 1e-6
    assert connection.execute("SELECT count(*) FROM items").fetchone()[0] == 7
    connection.close()


def test_an_older_folder_is_replaced_completely(tmp_path):
    write(tmp_path / "small")
    (tmp_path / "small" / "left over").write_text("old")
    write(tmp_path / "small", [review._replace(rating=3.) for review in reviews()])
    assert contract.load(str(tmp_path / "small")).meta["mean_rating"] == 3
    assert os.listdir(str(tmp_path)) == ["small"]
    assert not (tmp_path / "small" / "left over").exists()


def test_a_failed_write_leaves_the_older_folder(tmp_path, monkeypatch):
    def fails(*_):
        raise sqlite3.OperationalError("database or disk is full")

    write(tmp_path / "small")
    monkeypatch.setattr(catalogue, "write", fails)
    for name in ("small", "other"):
        with pytest.raises(UserError, match="cannot be written .database or disk is full"):
            write(tmp_path / name, [review._replace(rating=3.) for review in reviews()])
    assert os.listdir(str(tmp_path)) == ["small"]
    assert contract.load(str(tmp_path / "small")).meta["mean_rating"] != 3


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write(tmp_path / "file" / "small")


def test_a_source_is_named_with_its_checksum(tmp_path):
    (tmp_path / "a.json").write_bytes(b"abc")
    assert pipeline.source(str(tmp_path / "a.json")) == {
        "file": "a.json",
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}


def test_the_vocabulary_begins_with_the_special_words(small):
    assert small.vocabulary[:2] == vocabulary.SPECIAL
    assert not small.word_vectors[contract.PADDING].any()


def test_a_file_of_the_same_name_is_not_replaced(tmp_path):
    (tmp_path / "small").write_text("mine")
    with pytest.raises(UserError, match="small: cannot be written"):
        write(tmp_path / "small")
    assert os.listdir(str(tmp_path)) == ["small"] and (tmp_path / "small").read_text() == "mine"


def test_the_older_folder_is_restored_when_the_new_one_cannot_be_renamed(tmp_path, monkeypatch):
    write(tmp_path / "small")
    rename = os.rename

    def refuse(source, target):
        if target == str(tmp_path / "small") and files.OLDER not in source:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(files, "_exchanged", lambda draft, folder: False)  # as where the system cannot
    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(UserError, match="Input/output error"):
        write(tmp_path / "small", [review._replace(rating=3.) for review in reviews()])
    assert os.listdir(str(tmp_path)) == ["small"]
    assert contract.load(str(tmp_path / "small")).meta["mean_rating"] != 3


@pytest.mark.parametrize("most, method", [(10 ** 6, "word2vec"), (20, "counts")])
def test_word_vectors_of_a_large_corpus_are_counted(monkeypatch, most, method, caplog):
    monkeypatch.setattr(pipeline, "MOST_TRAINED", most)
    caplog.set_level("INFO", "recsys")
    auto, same = (build(reviews(), SMALL._replace(word_method=name)) for name in ("auto", method))
    assert f"training word vectors by {method}" in caplog.text
    np.testing.assert_array_equal(auto.word_vectors, same.word_vectors)
    assert not auto.word_vectors[contract.PADDING].any() and auto.word_vectors[1:].any(axis=1).all()


def test_counts_and_topics_of_a_sample(monkeypatch, caplog):
    monkeypatch.setattr(pipeline, "MOST_COUNTED", 40)
    monkeypatch.setattr(pipeline, "TOPIC_REVIEWS", 11)
    caplog.set_level("INFO", "recsys")
    whole = build(reviews())
    options = SMALL._replace(word_method="counts")
    first, same, other = (build(reviews(), options._replace(seed=seed)) for seed in (2017, 2017, 5))
    for part in ("the topics are those of 11 of 26 training reviews", "the word vectors are those of"):
        assert part in caplog.text
    for name in ("word_vectors", "word_topics"):
        np.testing.assert_array_equal(getattr(first, name), getattr(same, name))
        assert not np.array_equal(getattr(first, name), getattr(other, name))
    np.testing.assert_array_equal(first.mean_bag, whole.mean_bag)
