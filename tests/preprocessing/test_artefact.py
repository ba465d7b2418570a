"""The artefact: it loads as it was saved, every inconsistency is found, slots are filled in order."""
import json
import os
import re
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing import artefact as contract
from runtime.cli import UserError
from tests.preprocessing.writing import build, reviews


@pytest.fixture(scope="module")
def small():
    return build(reviews())


@pytest.fixture(scope="module")
def saved(small, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("artefact") / "small")
    contract.save(small, folder)
    return folder


def flat(artefact):
    """{name: array or value} of all fields, those of the splits included."""
    fields = dict(artefact._asdict())
    for split in contract.SPLITS:
        for name, part in fields.pop(split)._asdict().items():
            fields[f"{split}_{name}"] = part
    return fields


def test_an_artefact_loads_as_it_was_saved(small, saved):
    loaded, saved_fields = flat(contract.load(saved)), flat(small)
    assert set(loaded) == set(saved_fields)
    for name, value in saved_fields.items():
        if isinstance(value, np.ndarray):
            assert loaded[name].dtype == value.dtype
        np.testing.assert_array_equal(loaded[name], value, err_msg=name)


@pytest.mark.parametrize("words", [2, 2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1])
def test_every_word_id_fits_into_the_type_of_its_vocabulary(words):
    kind = contract.word_type(words)
    assert np.array([words - 1]).astype(kind)[0] == words - 1
    assert (kind == np.uint16) == (words <= 65536)


def test_no_file_is_a_pickle(saved):
    for folder, _, names in os.walk(saved):
        for name in names:
            if name.endswith(".npy"):
                np.load(os.path.join(folder, name), allow_pickle=False)
            else:
                assert name in (contract.META, contract.VOCABULARY)


def changed(array, position, value):
    array = array.copy()
    array[position] = value
    return array


INCONSISTENT = {
    "sizes": lambda a: a._replace(meta=dict(a.meta, sizes=dict(a.meta["sizes"], U=6))),
    "review_time has shape": lambda a: a._replace(review_time=a.review_time[1:]),
    "review_rating has shape": lambda a: a._replace(review_rating=a.review_rating[:, None]),
    "word_topics has": lambda a: a._replace(word_topics=a.word_topics[1:]),
    "mean_bag has": lambda a: a._replace(mean_bag=a.mean_bag[1:]),
    "document_frequency has": lambda a: a._replace(document_frequency=a.document_frequency[1:]),
    "outside the vocabulary": lambda a: a._replace(
        review_tokens=changed(a.review_tokens, (3, 0), len(a.vocabulary))),
    "row 0 is not empty": lambda a: a._replace(review_tokens=changed(a.review_tokens, (0, 0), 2)),
    "splits do not hold every review": lambda a: a._replace(test=a.validation),
    "belong to no user": lambda a: a._replace(review_user=changed(a.review_user, 3, 5)),
    "belong to no item": lambda a: a._replace(review_item=changed(a.review_item, 3, -1)),
    "a split gives a review to another item": lambda a: a._replace(
        train=a.train._replace(item=(a.train.item + 1) % 7)),
    "item_reviews holds reviews that are not training": lambda a: a._replace(
        item_reviews=changed(a.item_reviews, (a.test.item[0], 0), a.test.review[0])),
    "user_reviews gives a user the review of another": lambda a: a._replace(
        user_reviews=a.user_reviews[::-1]),
}


@pytest.mark.parametrize("message", sorted(INCONSISTENT))
def test_every_inconsistency_is_refused_before_anything_is_written(small, message, tmp_path):
    contract.check(small)
    with pytest.raises(ValueError, match=message):
        contract.save(INCONSISTENT[message](small), str(tmp_path / "broken"))
    assert not os.path.exists(str(tmp_path / "broken"))


def refused(folder):
    """The message of one line with which a folder is refused."""
    with pytest.raises(UserError) as error:
        contract.load(folder)
    assert folder in str(error.value) and "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("content, message", [
    ('{"format": 0}', "format 0"), ("[]", "format None"), ('{"format": 9}', "newer version of this project"),
    ("{", "not JSON"),
    ('{"format": 2}', "the artefact is damaged"), (b"\xff", "not JSON")])
def test_another_format_or_no_json_is_refused(saved, tmp_path, content, message):
    folder = str(tmp_path / "copy")
    shutil.copytree(saved, folder)
    with open(os.path.join(folder, contract.META), "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())
    assert message in refused(folder)


def test_a_folder_without_an_artefact_is_refused(tmp_path):
    assert "no artefact there" in refused(str(tmp_path))


@pytest.mark.parametrize("name",
                         ["arrays/review_tokens.npy", "arrays/test_user.npy", contract.VOCABULARY,
                          "word_vectors.npy"])
@pytest.mark.parametrize("damage", [lambda raw: None, lambda raw: b"", lambda raw: raw[:-9],
                                    lambda raw: b"PK\x03\x04" + raw.replace(b"\t", b" ")],
                         ids=["missing", "empty", "short", "other content"])
def test_a_damaged_file_is_refused(saved, tmp_path, name, damage):
    folder, path = str(tmp_path / "copy"), str(tmp_path / "copy" / name)
    shutil.copytree(saved, folder)
    with open(path, "rb") as file:
        content = damage(file.read())
    os.remove(path)
    if content is not None:
        with open(path, "wb") as out:
            out.write(content)
    assert "damaged" in refused(folder)


@settings(deadline=None, max_examples=80)
@given(owners=st.lists(st.integers(0, 4), max_size=20), cap=st.none() | st.integers(1, 4),
       data=st.data())
def test_slots_hold_each_owners_first_rows_in_order(owners, cap, data):
    owner = np.array([0] + owners, np.int32)
    rows = np.array(data.draw(st.permutations(range(1, len(owner)))), np.int64)
    rows = rows[:data.draw(st.integers(0, len(rows)))]
    table = contract.slots(owner, rows, 5, cap)
    rows_of = [[row for row in rows if owner[row] == number] for number in range(5)]
    assert table.shape == (5, cap or max(1, max(map(len, rows_of))))
    for slots, expected in zip(table.tolist(), rows_of):
        expected = expected[:table.shape[1]]
        assert slots == expected + [0] * (table.shape[1] - len(expected))


def test_training_rows_are_those_with_text_in_the_order_of_the_file(small):
    rows = contract.training_rows(small)
    assert rows.tolist() == sorted(row for row in small.train.review if small.review_length[row])


def test_the_vocabulary_is_a_text_file_of_words_and_counts(small, saved):
    with open(os.path.join(saved, contract.VOCABULARY), encoding="utf-8") as lines:
        lines_read = [re.fullmatch(r"(\S+)\t(\d+)\n", line).groups() for line in lines]
    counts = [str(count) for count in small.document_frequency]
    assert lines_read == list(zip(small.vocabulary, counts))


def test_meta_is_a_json_file(small, saved):
    with open(os.path.join(saved, contract.META), encoding="utf-8") as text:
        assert json.load(text) == small.meta


def test_only_an_artefact_is_replaced_and_never_its_inputs(tiny_data, tmp_path):
    contract.require_replaceable(tiny_data.data_folder)
    contract.require_replaceable(str(tmp_path / "new"))
    contract.require_replaceable(str(tmp_path))  # empty
    (tmp_path / "notes.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(UserError, match="exists and is no artefact"):
            contract.require_replaceable(str(folder))
    for path in (tiny_data.data_folder, os.path.join(tiny_data.data_folder, "meta.json")):
        with pytest.raises(UserError, match="holds the input"):
            contract.require_replaceable(tiny_data.data_folder, [path])
    contract.require_replaceable(tiny_data.data_folder, [tiny_data.data_folder + "-raw"])
