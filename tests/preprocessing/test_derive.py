"""Derived artefacts: the same seed gives the same artefact, another seed another split of the same reviews."""
import os

import numpy as np
import pytest

from models.run_folder import runs
from preprocessing import artefact as contract
from preprocessing import catalogue, derive, pipeline
from runtime.cli import UserError
from tests.preprocessing.writing import build, reviews


@pytest.fixture(scope="module")
def tiny(tiny_data):
    return contract.load(tiny_data.data_folder)


def test_the_same_seed_gives_the_same_artefact(tiny_data, tmp_path, caplog):
    caplog.set_level("INFO", "recsys")
    out = str(tmp_path / "again")
    derive.main(["--data", tiny_data.data_folder, "--out", out, "--seed", "2017"])
    assert f"./run train --data {out}" in caplog.text
    assert runs.checksum(out) == runs.checksum(tiny_data.data_folder)
    assert contract.load_meta(out) == contract.load_meta(tiny_data.data_folder)
    rows = [[tuple(row) for row in catalogue.of(folder).execute(f"SELECT * FROM {table}")]
            for folder in (out, tiny_data.data_folder) for table in ("reviews", "items", "users")]
    assert rows[:3] == rows[3:] and os.path.isfile(os.path.join(out, contract.TRUTH))


def test_another_seed_gives_another_split_of_the_same_reviews(tiny_data, tiny):
    raw = derive.read_back(tiny_data.data_folder)
    other = derive.resplit(tiny_data.data_folder, raw, 2018)
    np.testing.assert_array_equal(other.review_rating, tiny.review_rating)
    np.testing.assert_array_equal(other.review_user, tiny.review_user)
    assert sorted(other.test.review) != sorted(tiny.test.review)
    assert len(other.test.review) == len(tiny.test.review)


@pytest.mark.parametrize("kind", derive.TEXTS)
def test_a_control_changes_only_the_training_texts(kind):
    a = build(reviews())
    other = contract.check(derive.with_texts(a, kind, 3))
    rows, held = a.train.review, np.concatenate([a.validation.review, a.test.review])
    np.testing.assert_array_equal(other.review_tokens[held], a.review_tokens[held])
    assert (other.review_tokens[rows] != a.review_tokens[rows]).any()
    assert other.meta == dict(a.meta, texts=kind)
    if kind == "dummy":
        assert len(np.unique(other.review_tokens[rows], axis=0)) == 1 and (other.review_length[rows] == 1).all()
    else:
        assert sorted(map(tuple, other.review_tokens[rows])) == sorted(map(tuple, a.review_tokens[rows]))
        assert sorted(other.review_length[rows]) == sorted(a.review_length[rows])


@pytest.mark.parametrize("protocol", ["time", "last"])
def test_a_split_without_a_seed_cannot_be_made_with_another_one(tiny_data, monkeypatch, protocol):
    meta = dict(contract.load_meta(tiny_data.data_folder))
    meta["options"] = dict(meta["options"], split=protocol)
    monkeypatch.setattr(contract, "load_meta", lambda folder: meta)
    with pytest.raises(UserError, match=f"split by {protocol}"):
        derive.resplit(tiny_data.data_folder, derive.read_back(tiny_data.data_folder), 3)


def test_the_artefact_to_start_from_is_never_replaced(tiny_data):
    with pytest.raises(UserError, match="holds the input"):
        derive.main(["--data", tiny_data.data_folder, "--out", tiny_data.data_folder, "--texts", "dummy"])
    contract.load(tiny_data.data_folder)


def test_an_artefact_without_a_rule_of_words_keeps_the_published_one(tiny_data):
    meta = contract.load_meta(tiny_data.data_folder)
    older = {name: value for name, value in meta["options"].items() if name != "tokens"}
    assert pipeline.options_of({"options": older}).tokens == "a-z" and pipeline.Options().tokens == "unicode"
    assert pipeline.options_of(meta) == pipeline.Options(**meta["options"])
