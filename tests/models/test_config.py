"""The configuration: every field is checked, saved and read again."""
import json
import logging
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import config as configs
from models.config import ModelConfig
from runtime.cli import UserError

OUT_OF_RANGE = {
    "filters": [0, -3], "window": [0], "attention_dim": [0], "latent_dim": [0], "batch_size": [0],
    "epochs": [0],
    "patience": [0], "attention_keep_prob": [0., 1.1, float("nan")], "dropout_keep_prob": [0., -1.],
    "query_id_keep_prob": [-.1, 1.5], "own_review_loss": [-1., float("inf")], "ranking_loss": [-.1, float("nan")],
    "l2": [-1e-9], "lexical_scale": [-1., float("nan")],
    "temperature": [0., -1., float("inf")],
    "attention_rate_decay": [0., 1.01, float("nan")],
    "learning_rate": [0., float("inf"), float("nan")], "seed": [-1, 2 ** 31],
    **{field: ["other", ""] for field in configs.CHOICES}}
NO_RANGE = {"id_latents", "mask_padding", "leave_target_out", "shared_vocabulary", "attention_bag",
            "lexical_skip", "centred_likeness", "unit_likeness", "usefulness",
            "review_votes"}
ALIKE = {int: 3, float: .5, bool: True, str: "text"}


def test_every_field_has_a_range_or_is_a_switch():
    assert set(OUT_OF_RANGE) | NO_RANGE == set(ModelConfig._fields)
    assert all(isinstance(getattr(ModelConfig(), field), bool) for field in NO_RANGE)


@pytest.mark.parametrize("field, value", [(field, value) for field in OUT_OF_RANGE
                                          for value in OUT_OF_RANGE[field]])
def test_out_of_range_is_refused(field, value):
    with pytest.raises(UserError, match=f"^config: {field} "):
        configs.check(ModelConfig()._replace(**{field: value}))
    with pytest.raises(UserError, match=f"^config: {field} "):
        configs.override(ModelConfig(), {field: value})


@pytest.mark.parametrize("field", ModelConfig._fields)
def test_another_type_is_refused(field):
    kind = type(getattr(ModelConfig(), field))
    wrong = [None, [1], "none of all"] + ([2.5, 10 ** 400 if kind is float else float("inf")]
                                          if kind is int else [])
    for value in wrong + ([True] if kind is not bool else [2]):
        with pytest.raises(UserError, match=f"^config: {field} "):
            configs.override(ModelConfig(), {field: value})


@pytest.mark.parametrize("settings", [
    dict(attention_query="text", attention_score="relu_product", temperature=1.), dict(attention_query="id"),
    dict(attention_query="author", lexical_skip=False),
    dict(attention_query="none", lexical_skip=False),
    dict(attention_query="none", lexical_skip=False, own_review_loss=0),
    dict(attention_bag=False, lexical_skip=False), dict(attention_score="relu_product"),
    dict(conv_layout="reshape"), dict(review_pool="max"), dict(attention_score="relu_sum"),
    dict(attention_query="author", lexical_skip=False, own_review_loss=0, ranking_loss=1.),
    dict(attention_score="relu_sum", temperature=1., ranking_loss=1.), dict(offsets="learned")], ids=str)
def test_fields_that_contradict_each_other_are_refused(settings):
    with pytest.raises(UserError, match="contradicts .*; change one of them"):
        configs.override(ModelConfig(), settings)


def test_unknown_fields_are_named():
    with pytest.raises(UserError, match="unknown field 'filter'; the fields are filters, "):
        configs.override(ModelConfig(), {"filter": 3})


def test_values_given_as_text():
    config = configs.override(ModelConfig(), {
        "filters": "7", "l2": "1e-2", "usefulness": "off", "own_review_loss": "0",
        "review_votes": "False"})
    assert config == ModelConfig()._replace(filters=7, l2=.01, usefulness=False, own_review_loss=0.,
                                            review_votes=False)
    assert isinstance(config.own_review_loss, float)


def test_a_file_of_an_older_version_may_hold_a_retired_field():
    record = dict(configs.to_json(ModelConfig(filters=7)), usefulness_loss=.3)
    assert configs.from_json(record, "config.json") == ModelConfig(filters=7)
    with pytest.raises(UserError, match="unknown field 'usefulness_loss'"):
        configs.override(ModelConfig(), {"usefulness_loss": .3})


@pytest.mark.parametrize("preset", sorted(configs.PRESETS))
def test_presets_are_sound_and_come_back_from_json(preset, tmp_path):
    config = configs.check(configs.PRESETS[preset])
    path = tmp_path / "config.json"
    for record in (configs.to_json(config),
                   {"model": configs.to_json(config), "data": "as in a run"}):
        path.write_text(json.dumps(record))
        assert configs.load(str(path)) == config


def test_the_original_differs_from_the_drawing_by_its_errors():
    drawing, original = configs.PRESETS["drawing"]._asdict(), configs.PRESETS["original"]._asdict()
    assert {field: value for field, value in original.items() if drawing[field] != value} == {
        "conv_layout": "reshape", "mask_padding": False, "encoder": "dense",
        "leave_target_out": False,
        "rating_offset": "none", "attention_bias": "frozen"}


values = st.fixed_dictionaries({
    "filters": st.integers(1, 10 ** 6), "l2": st.floats(0, 1), "seed": st.integers(0, 2 ** 30),
    "shared_vocabulary": st.booleans(),
    "review_selection": st.sampled_from(configs.CHOICES["review_selection"])})


@settings(deadline=None, max_examples=40)
@given(values=values)
def test_json_round_trip(values):
    config = configs.override(ModelConfig(), values)
    assert configs.from_json(json.loads(json.dumps(configs.to_json(config))), "here") == config


@pytest.mark.parametrize("content, message", [
    ("{", "not a JSON object"), ("[]", "not a JSON object"), ("3", "not a JSON object"),
    ("{}", "format None"),
    ('{"version": 2}', "format 2, .*reads format 3; train again"),
    ('{"version": 4}', "format 4, .*newer version of this project"),
    ('{"version": 3, "a": 1}', "unknown field 'a'"),
    ('{"version": 3, "filters": Infinity}', "filters inf"),
    ('{"version": 3, "seed": -1}', "seed -1")])
def test_a_damaged_file_is_refused(content, message, tmp_path):
    path = tmp_path / "config.json"
    path.write_text(content)
    with pytest.raises(UserError, match=message) as error:
        configs.load(str(path))
    assert str(error.value).startswith(str(path)) and "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        configs.load(str(tmp_path / "none"))


def data(words=9, rows=200, length=5):
    """The parts of an artefact that `fitted` reads, with `rows` training reviews of `length` words."""
    return SimpleNamespace(meta={"name": "x", "sizes": {"L": words}}, review_length=np.full(rows + 1, length),
                           train=SimpleNamespace(review=np.arange(1, rows + 1)))


def test_data_that_does_not_fit_the_config_is_refused():
    original = configs.PRESETS["original"]
    configs.fitted(original, data(words=3, length=0))
    configs.fitted(ModelConfig(batch_size=200), data(words=1))
    with pytest.raises(UserError, match="window 3 is wider than the 2 words"):
        configs.fitted(original, data(words=2))
    with pytest.raises(UserError, match=r"attention_query=id\+text contradicts reviews without a word"):
        configs.fitted(ModelConfig(), data(length=0))


def test_a_batch_fits_itself_to_a_small_corpus(caplog):
    with caplog.at_level(logging.INFO, "recsys"):
        assert configs.fitted(ModelConfig(batch_size=201), data()) == ModelConfig(batch_size=200)
    assert "x has 200 training rows: batch_size lowered from 201 to 200" in caplog.text
    assert configs.fitted(ModelConfig(), data()) == ModelConfig()
