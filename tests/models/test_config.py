"""The configuration: every field is checked, and so is whether the data fit it."""
import logging
from types import SimpleNamespace

import numpy as np
import pytest

from models import config as configs
from models.config import ModelConfig
from runtime.cli import UserError

OUT_OF_RANGE = {
    "filters": [0, -3], "window": [0], "attention_dim": [0], "latent_dim": [0], "batch_size": [0],
    "epochs": [0], "epochs_per_pass": [0],
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


def test_the_original_differs_from_the_drawing_by_its_errors():
    drawing, original = configs.PRESETS["drawing"]._asdict(), configs.PRESETS["original"]._asdict()
    assert {field: value for field, value in original.items() if drawing[field] != value} == {
        "conv_layout": "reshape", "mask_padding": False, "encoder": "dense",
        "leave_target_out": False,
        "rating_offset": "none", "attention_bias": "frozen"}


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
    with pytest.raises(UserError, match="epochs_per_pass 201 is more than the 200 training rows"):
        configs.fitted(ModelConfig(epochs_per_pass=201), data())


def test_a_batch_fits_itself_to_a_small_corpus(caplog):
    with caplog.at_level(logging.INFO, "recsys"):
        assert configs.fitted(ModelConfig(batch_size=201), data()) == ModelConfig(batch_size=200)
    assert "x has 200 training rows: batch_size lowered from 201 to 200" in caplog.text
    assert configs.fitted(ModelConfig(), data()) == ModelConfig()
