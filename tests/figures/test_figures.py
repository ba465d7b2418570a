"""The drawings follow the code and the run."""
import os

import pytest

from command import UserError
from figures import __main__ as figures
from figures import architecture
from models import config as configs
from preprocessing import artefact as contract


def test_shapes_come_from_the_network(tiny_data):
    artefact = contract.load(tiny_data.data_folder)
    config = configs.override(configs.PRESETS["default"], {"filters": 7, "latent_dim": 5})
    known = architecture.shapes(config, artefact)
    assert known["item/conv"] == f"3x{artefact.meta['sizes']['E']}x7" and known["user/pool"] == "7x5"
    drawn = " ".join(note for _, note in architecture.stages("item", config, known))
    assert "cos(answer, query)" in drawn and "user id and what was written" in drawn
    drawing = configs.PRESETS["drawing"]
    drawn = " ".join(note for _, note in architecture.stages("item", drawing, architecture.shapes(drawing, artefact)))
    assert "ReLU(answer * query + b)" in drawn and "bag" not in drawn


@pytest.mark.parametrize("kind, name", [("architecture", "DNN_architecture"), ("pipeline", "ML_pipeline")])
def test_a_picture_is_drawn(tiny_run, tmp_path, kind, name):
    figures.main(["--run", tiny_run.run_folder, "--out", str(tmp_path), "--only", kind])
    with open(str(tmp_path / (name + ".png")), "rb") as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
    assert os.listdir(str(tmp_path)) == [name + ".png"]


def test_no_run_is_an_error_of_one_line(tmp_path):
    with pytest.raises(UserError, match="not a run"):
        figures.main(["--run", "nobody", "--runs", str(tmp_path), "--only", "architecture"])
