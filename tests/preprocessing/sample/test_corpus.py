"""The sample corpus: its rules hold for any shape, its truth is planted, its files are complete."""
import collections
import gzip
import json
import os
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.sample import corpus as sample
from preprocessing.sample.aspect_files import aspects as all_aspects
from runtime import cli

FILES = (sample.REVIEWS, sample.META, sample.TRUTH)
SHAPES = [  # users, items, reviews, aspects, cares
    (61, 23, 907, 8, 2), (7, 13, 71, 3, 1), (5, 7, 35, 2, 2), (13, 11, 65, 1, 1),
    (41, 29, 811, 12, 3), (17, 19, 323, 8, 2)]


@pytest.fixture(scope="module")
def corpus():
    return sample.generate(3, users=211, items=67, reviews=3001)


def pair(review):
    return f"{review['reviewerID']} {review['asin']}"


def words(text):
    return set(re.findall("[a-z]+", text.lower()))


def check(corpus, shape, taste=sample.TASTE):
    users, items, reviews, aspects, cares = shape
    truth = corpus.truth
    names = [aspect.name for aspect in all_aspects()[:aspects]]
    assert truth["aspects"] == names
    assert truth["arguments"] == dict(zip(("users", "items", "reviews", "aspects", "cares"), shape), taste=taste)
    assert len(corpus.reviews) == reviews == len(set(map(pair, corpus.reviews)))
    assert set(truth["reviews"]) == set(map(pair, corpus.reviews))
    for key, count, table in (("reviewerID", users, "users"), ("asin", items, "items")):
        degrees = collections.Counter(review[key] for review in corpus.reviews)
        assert set(degrees) == set(truth[table]) and len(degrees) == count
        assert min(degrees.values()) >= 5
    assert [record["asin"] for record in corpus.metadata] == list(truth["items"])
    assert len({record["title"] for record in corpus.metadata}) == items
    assert all(list(quality) == names for quality in truth["items"].values())
    assert list(truth["log_popularity"]) == list(truth["items"])
    assert np.isfinite(list(truth["log_popularity"].values())).all()
    assert all(len(set(cared)) == cares and set(cared) <= set(names)
               for cared in truth["users"].values())
    for review in corpus.reviews:
        assert review["overall"] in (1.0, 2.0, 3.0, 4.0, 5.0)
        assert 20 <= len(review["reviewText"].split()) <= 60
        main = truth["reviews"][pair(review)]
        assert main and set(main) <= set(truth["users"][review["reviewerID"]])
        for aspect in all_aspects()[:aspects]:
            assert aspect.name not in main or words(review["reviewText"]) & aspect.words


@pytest.mark.parametrize("shape", SHAPES)
def test_the_rules_hold_for_chosen_shapes(shape):
    check(sample.generate(1, *shape), shape)


@settings(deadline=None, max_examples=12)
@given(users=st.integers(5, 20), items=st.integers(5, 20), density=st.integers(0, 3),
       aspects=st.integers(1, 8), cares=st.integers(1, 8), seed=st.integers(0, 255), taste=st.floats(0, 3))
def test_the_rules_hold_for_random_shapes(users, items, density, aspects, cares, seed, taste):
    fewest = 5 * max(users, items)
    reviews = fewest + (users * items - fewest) * density // 3
    shape = users, items, reviews, aspects, min(cares, aspects)
    check(sample.generate(seed, *shape, taste=taste), shape, taste)


def test_same_arguments_give_the_same_bytes(tmp_path):
    np.random.seed(0)
    before = np.random.get_state()[1].tolist()
    for name, seed, taste in (("first", 4, 1), ("same", 4, 1.0), ("other seed", 5, 1), ("other taste", 4, 0.5)):
        sample.main(["--out", str(tmp_path / name), "--seed", str(seed), "--users", "17", "--taste", str(taste),
                     "--items", "11", "--reviews", "97", "--aspects", "5", "--cares", "2"])
    assert np.random.get_state()[1].tolist() == before
    for name in FILES:
        first, same, seed, taste = ((tmp_path / folder / name).read_bytes()
                                    for folder in ("first", "same", "other seed", "other taste"))
        assert first == same != seed
        assert (first == taste) == (name == sample.META)  # taste changes who buys which toy, not the toys


def test_files_read_back_as_amazon_json_lines(tmp_path, corpus):
    out = tmp_path / "new" / "folder"
    sample.write(sample.generate(1, *SHAPES[1]), str(out))  # another corpus, to be replaced
    sample.write(corpus, str(out))
    assert sorted(os.listdir(str(out))) == sorted(FILES)
    reviews, metadata = ([json.loads(line) for line in gzip.open(str(out / name), "rt")]
                         for name in FILES[:2])
    assert reviews == corpus.reviews and metadata == corpus.metadata
    assert json.loads((out / sample.TRUTH).read_text()) == corpus.truth
    for review in reviews:
        assert re.match("^A[0-9A-Z]{13}$", review["reviewerID"])
        assert re.match("^B00[0-9A-Z]{7}$", review["asin"])
        month, day, year = re.match(r"^(\d\d) ([1-9]\d?), (\d{4})$", review["reviewTime"]).groups()
        date = np.datetime64(f"{year}-{month}-{day:0>2}")
        assert date.astype("datetime64[s]").astype(int) == review["unixReviewTime"]
        assert 0 <= review["helpful"][0] <= review["helpful"][1]
        assert review["summary"] and set(review) == {
            "reviewerID", "asin", "helpful", "reviewText", "overall", "summary", "unixReviewTime",
            "reviewTime"}
    assert sum(review["helpful"] == [0, 0] for review in reviews) > len(reviews) / 2
    assert 0 < sum("price" not in record for record in metadata) < len(metadata) / 4


def test_ratings_follow_the_aspects_their_authors_care_about(corpus):
    truth, rating, cared, uncared = corpus.truth, [], [], []
    for review in corpus.reviews:
        quality, cares = truth["items"][review["asin"]], truth["users"][review["reviewerID"]]
        rating.append(review["overall"])
        cared.append(np.mean([quality[name] for name in cares]))
        uncared.append(np.mean([quality[name] for name in quality if name not in cares]))
    assert np.corrcoef(rating, cared)[0, 1] > 0.45
    assert abs(np.corrcoef(rating, uncared)[0, 1]) < 0.2


def test_popularity_is_moderately_skewed(corpus):
    degrees = sorted(collections.Counter(review["asin"] for review in corpus.reviews).values())
    assert 1.3 < degrees[-1] / np.mean(degrees) < 5


@pytest.mark.parametrize("flags, message", [
    ("--reviews 400", "--reviews 400 is out of range; choose from 3000 to 120000"),
    ("--reviews 120001", "--reviews 120001 "), ("--reviews -1", "--reviews -1 "),
    ("--users 4", "--users 4 "), ("--items 0", "--items 0 "), ("--items 50000", "--items 50000 "),
    ("--users 200000", "--users 200000 "), ("--aspects 13", "choose from 1 to 12"),
    ("--aspects 0", "--aspects 0 "), ("--cares 9", "choose from 1 to 8 with 8 aspects"),
    ("--cares 0", "--cares 0 "), ("--seed -1", "--seed -1 "), ("--seed 4294967296", "--seed "),
    ("--taste 3.5", "--taste 3.5 is out of range; choose from 0 to 3"), ("--taste -0.1", "--taste -0.1 "),
    ("--taste nan", "--taste nan ")])
def test_an_impossible_number_is_one_line_that_names_its_flag(tmp_path, flags, message):
    with pytest.raises(cli.UserError) as error:
        sample.main(["--out", str(tmp_path / "out")] + flags.split())
    assert message in str(error.value) and "\n" not in str(error.value)
    assert not os.listdir(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_one_line_that_names_it(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SystemExit) as ended:
            cli.run(sample.main, ["--out", str(out), "--users", "5", "--items", "5",
                                  "--reviews", "25"])
        assert ended.value.code == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and f"--out {out}:" in error
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failed_write_leaves_no_file(tmp_path):
    (tmp_path / sample.REVIEWS).mkdir()  # cannot be replaced by a file
    with pytest.raises(cli.UserError):
        sample.write(sample.generate(1, *SHAPES[1]), str(tmp_path))
    assert os.listdir(str(tmp_path)) == [sample.REVIEWS]
