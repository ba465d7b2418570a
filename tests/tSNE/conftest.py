"""The tiny corpus that several tests of the maps read."""
import pytest

from models import config as configs
from models.inputs import baselines
from models.inputs.features import Corpus
from preprocessing import artefact as contract


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


@pytest.fixture(scope="module")
def bags(artefact):
    sizes = artefact.meta["sizes"]
    offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
    return Corpus(artefact, configs.PRESETS["default"], offsets).bags
