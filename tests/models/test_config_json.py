"""A configuration as JSON: it comes back as it was written, and a damaged file is refused."""
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import config as configs
from models import config_json
from models.config import ModelConfig
from runtime.cli import UserError


def test_a_file_of_an_older_version_may_hold_a_retired_field():
    record = dict(config_json.to_json(ModelConfig(filters=7)), usefulness_loss=.3)
    assert config_json.from_json(record, "config.json") == ModelConfig(filters=7)
    with pytest.raises(UserError, match="unknown field 'usefulness_loss'"):
        configs.override(ModelConfig(), {"usefulness_loss": .3})


@pytest.mark.parametrize("preset", sorted(configs.PRESETS))
def test_presets_are_sound_and_come_back_from_json(preset, tmp_path):
    config = configs.check(configs.PRESETS[preset])
    path = tmp_path / "config.json"
    for record in (config_json.to_json(config), {"model": config_json.to_json(config), "data": "as in a run"}):
        path.write_text(json.dumps(record))
        assert config_json.load(str(path)) == config


values = st.fixed_dictionaries({
    "filters": st.integers(1, 10 ** 6), "l2": st.floats(0, 1), "seed": st.integers(0, 2 ** 30),
    "shared_vocabulary": st.booleans(),
    "review_selection": st.sampled_from(configs.CHOICES["review_selection"])})


@settings(deadline=None, max_examples=40)
@given(values=values)
def test_json_round_trip(values):
    config = configs.override(ModelConfig(), values)
    assert config_json.from_json(json.loads(json.dumps(config_json.to_json(config))), "here") == config


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
        config_json.load(str(path))
    assert str(error.value).startswith(str(path)) and "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        config_json.load(str(tmp_path / "none"))
