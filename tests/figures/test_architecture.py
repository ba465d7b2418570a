"""Tests that the drawing of the network follows the code and the configuration."""
import os

import pytest

from figures import architecture, boxes
from models import config as configs
from models.run_folder import runs
from preprocessing import artefact as contract
from tests.figures.pictures import size_of

SIZES = {"filters": 7, "attention_dim": 6, "latent_dim": 5}
CONFIGS = {"default": ("default", {}), "drawing": ("drawing", {}), "original": ("original", {}),
           "one table": ("default", {"shared_vocabulary": True}),
           "author": ("drawing", {"attention_query": "author"}),
           "uniform": ("drawing", {"attention_query": "none", "attention_score": "cosine"}),
           "text": ("default", {"attention_query": "text", "usefulness": False})}


@pytest.fixture(params=sorted(CONFIGS))
def config(request):
    preset, settings = CONFIGS[request.param]
    return configs.override(configs.PRESETS[preset], dict(SIZES, **settings))


def preset(name):
    return configs.override(configs.PRESETS[name], SIZES)


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


def test_shapes_equal_those_of_the_network(artefact):
    shapes, sizes = architecture.shapes(preset("default"), artefact), artefact.meta["sizes"]
    assert shapes["item/conv"] == f"3 x {sizes['E']} x 7"
    assert shapes["user/word_vectors"] == f"{sizes['V']} x {sizes['E']}"
    assert shapes["item/other_embedding"] == f"{sizes['U']} x 5"
    assert shapes["user/other_embedding"] == f"{sizes['I']} x 5"
    assert shapes["item/temperature"] == "scalar"


def test_each_variable_that_the_outputs_depend_on_is_in_one_box(artefact, config):
    shapes = architecture.shapes(config, artefact)
    boxed = [pair for names in architecture.boxed(shapes).values() for pair in names]
    shared = len(boxed) - len(set(boxed))  # a shared word table is in the boxes of both towers
    assert shared == config.shared_vocabulary
    assert dict(boxed) == shapes


def test_variables_that_a_configuration_does_not_use_are_not_drawn(artefact):
    default, drawing = (set(architecture.shapes(preset(name), artefact))
                        for name in ("default", "drawing"))
    assert {"item/key_bag", "item/temperature", "shown/mix"} <= default - drawing
    assert {"item/product", "user/offset"} <= drawing - default


@pytest.mark.parametrize("name, score, query", [
    ("default", "cos", r"b_q + W_U U + \overline"), ("drawing", "ReLU", "W_U U$")])
def test_formulas_follow_the_configuration(name, score, query):
    lines = architecture.formulas("item", preset(name))
    assert score in lines["attention"][1] and query in lines["query"][0]
    assert ("TFIDF" in lines["attention"][1]) == (name == "default")
    assert "TFIDF" not in architecture.formulas("user", preset(name))["attention"][1]
    assert ("vote" in "".join(architecture.rating(preset(name)))) == (name == "default")


def test_each_configuration_can_be_drawn(tiny_data, config, tmp_path):
    run = str(tmp_path / "runs" / "drawn")
    runs.create(run, tiny_data.data_folder, "default", config)
    path, = architecture.draw(run, str(tmp_path))
    assert os.path.basename(path) == "DNN_architecture.png"
    size_of(path)


@pytest.mark.parametrize("name, from_reviews", [("default", 2), ("drawing", 0), ("narre", 0)])
def test_an_arrow_leads_from_the_reviews_to_each_query_that_is_made_of_them(
        tiny_data, tmp_path, monkeypatch, name, from_reviews):
    run, colours = str(tmp_path / "runs" / "drawn"), []
    monkeypatch.setattr(boxes, "arrow", lambda *_, colour=boxes.INK, **__: colours.append(colour))
    runs.create(run, tiny_data.data_folder, name, preset(name))
    architecture.draw(run, str(tmp_path))
    assert len([colour for colour in colours if colour != boxes.INK]) == from_reviews
