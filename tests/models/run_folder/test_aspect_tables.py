"""The tables of aspects are read as they were written, or refused in one line."""
import json

import numpy as np
import pytest

from models.run_folder import aspect_profiles, aspect_tables, layout
from preprocessing import tokenise
from runtime.cli import UserError
from tests.support import reading

ASPECTS = (aspect_tables.Aspect("battery-life", "battery life", ("battery", "charge")),
           aspect_tables.Aspect("noise", "noise", ("loud",)))
VOCABULARY = ("<pad>", "<unknown>", "battery", "loud", "dies", "charge", "great")


def tables():
    """Of 3 reviews, 2 users, 3 items: the second review has no text."""
    word_aspect = np.zeros((7, 2), np.float32)
    word_aspect[[2, 5], 0] = .6, 1.2
    word_aspect[3, 1] = 1
    word_polarity = np.zeros((2, 7), np.float32)
    word_polarity[0, [3, 4, 6]] = -1, -2, 2
    word_polarity[1, [3, 6]] = 1.5, -2
    return aspect_tables.Tables(
        ASPECTS, 3, {"number": 2}, {"auc": .75}, np.array([0, 0, 2, 2, 3]), np.array([[0, 4], [5, 9], [0, 7]]),
        np.array([0, -1, 1]), np.array([.75, .5, .25]), np.array([[1, 0], [0, 1]]), np.array([[.75, 0], [0, .25]]),
        np.array([[1, 0], [0, 0], [0, 1]]), np.array([[.75, 0], [0, 0], [0, .25]]), np.array([1, 1]),
        np.array([1, 0, 1]), word_aspect, word_polarity)


@pytest.fixture
def run(tmp_path):
    (tmp_path / layout.CONFIG).write_text(json.dumps(
        {"data_folder": "../data", "artefact_sha256": "ab", "model": {"seed": 1}}))
    aspect_tables.save(str(tmp_path), tables())
    return tmp_path


def test_they_are_read_as_they_were_written(run):
    loaded, written = aspect_tables.load(str(run)), tables()
    assert loaded[:4] == written[:4]
    for name in aspect_tables.ARRAYS:
        assert np.allclose(getattr(loaded, name), getattr(written, name)), name
        assert getattr(loaded, name).dtype == aspect_tables.TYPES[name]


def test_a_run_without_tables_has_none(tmp_path):
    assert aspect_tables.load(str(tmp_path)) is None
    assert aspect_tables.load_or_none(str(tmp_path)) is None and aspect_tables.load_or_none(None) is None


def refused(run):
    with pytest.raises(UserError) as error:
        aspect_tables.load(str(run))
    assert "\n" not in str(error.value) and str(run) in str(error.value)
    assert aspect_tables.load_or_none(str(run)) is None
    return str(error.value)


def test_those_of_other_data_are_refused(run):
    path = run / layout.CONFIG
    path.write_text(path.read_text().replace('"ab"', '"cd"'))
    assert "other data" in refused(run)


@pytest.mark.parametrize("content", ["{}", "[3]", '{"format": 1, "artefact_sha256": "ab"}', "{"])
def test_a_damaged_record_is_refused(run, content):
    (run / layout.ASPECTS / aspect_tables.RECORD).write_text(content)
    assert "damaged" in refused(run)


@pytest.mark.parametrize("name", aspect_tables.ARRAYS)
def test_an_array_that_does_not_fit_is_refused(run, name):
    path = run / layout.ASPECTS / (name + ".npy")
    array = np.load(str(path))
    np.save(str(path), np.full((4, 5), 9, array.dtype))
    assert "damaged" in refused(run)
    np.save(str(path), array.astype("S3"))
    assert "damaged" in refused(run)
    path.unlink()
    assert "damaged" in refused(run)


def test_another_format_is_refused(run):
    path = run / layout.ASPECTS / aspect_tables.RECORD
    path.write_text(json.dumps(dict(json.loads(path.read_text()), format=7)))
    assert "format 7" in refused(run)


def read(text):
    """[(sentence, aspect, polarity)] of a text by the tables above."""
    found, said = reading.read(text, tables(), VOCABULARY, tokenise.Published)
    return [(text[start:end], aspect, polarity) for (start, end), aspect, polarity in zip(found.span, *said)]


def test_each_sentence_has_the_aspect_of_the_highest_sum_if_that_reaches_one():
    text = " The battery charge is great. Great! Not loud\nMy battery... Loud charge; 7."
    assert [(sentence, aspect) for sentence, aspect, _ in read(text)] == [
        ("The battery charge is great.", 0), ("Great!", -1), ("Not loud", 1), ("My battery...", -1),
        ("Loud charge; 7.", 0)]


def test_a_negated_word_has_its_own_weight_and_no_word_is_even():
    said = read("It is loud. It is not loud. Not red, but loud.")
    assert [polarity > .5 for _, _, polarity in said] == [False, True, False]
    assert [polarity for _, _, polarity in read("Battery zzz. \u3042")] == [.5]


def test_an_empty_text_has_no_sentence():
    assert read("") == read(" \n ") == read("... 7 !") == []


def test_profiles_know_more_with_more_reviews():
    average = (np.array([.2, .4]), np.array([.8, .6]))
    none, few, many = (aspect_profiles.of_counts(np.array([n, 0]), np.array([n, 0]), n, average) for n in (0, 2, 20))
    assert none.lift.tolist() == pytest.approx([1, 1]) and none.positivity.tolist() == pytest.approx([.8, .6])
    assert .5 < few.confidence[0] < many.confidence[0] < 1 and few.confidence[1] > many.confidence[1]
    assert 1 < few.lift[0] < many.lift[0] and few.positivity[0] < many.positivity[0] <= 1
    assert many.order().tolist() == [0, 1] and many.spoken() == [0] and none.spoken() == []
    assert many.share.tolist() == [1, 0] and none.share.tolist() == [0, 0]


def test_the_profile_of_a_user_and_what_a_review_says():
    one = aspect_profiles.of_user(tables(), 0)
    assert one.mentions.tolist() == [1, 0] and one.lift[0] > 1 > one.lift[1] and one.reviews == 1
    assert aspect_profiles.of_review(tables(), 1) == {0: .75} and aspect_profiles.of_review(tables(), 2) == {}


@pytest.mark.parametrize("name", ["sentence_polarity", "user_praise", "item_praise", "word_aspect", "word_polarity"])
def test_numbers_that_are_not_finite_are_refused(run, name):
    values = getattr(tables(), name).astype(float).copy()
    values.flat[0] = np.nan
    aspect_tables.save(str(run), tables()._replace(**{name: values}))
    assert f"{name} holds a number that is not finite" in refused(run)


@pytest.mark.parametrize("name", ["user_mentions", "item_mentions"])
def test_mentions_below_0_are_refused(run, name):
    aspect_tables.save(str(run), tables()._replace(**{name: getattr(tables(), name) - 2}))
    assert "below 0" in refused(run)
