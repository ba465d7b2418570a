"""SVD and SVD++: our predictions equal those of the library; where it is not installed, both are absent."""
import glob
import json
import os

import numpy as np
import pytest

from experiments import peers
from models import config as configs
from models.inputs import baselines
from runtime.cli import UserError
from runtime.project import ROOT
from tests.models.inputs.test_baselines import ITEMS, USERS, ratings

GRIDS = os.path.join(ROOT, "experiments", "grids")


@pytest.mark.parametrize("name", peers.NAMES)
def test_predictions_are_those_of_the_library(name):
    pytest.importorskip("surprise")
    train = ratings()
    fit = peers.Fitted(name, train, USERS, ITEMS, {"n_factors": 3}, 1)
    user, item = np.repeat(np.arange(USERS), ITEMS), np.tile(np.arange(ITEMS), USERS)
    wanted = [fit.model.predict(*pair, clip=False).est for pair in zip(user, item)]
    np.testing.assert_allclose(fit.predict(user, item), wanted, atol=1e-9)
    assert fit.predict(np.array([USERS - 1]), np.array([0])) == pytest.approx(  # the last user has no training rating
        [fit.mean + fit.item_offset[0]])


def test_without_the_library_the_error_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(peers, "installed", lambda: False)
    with pytest.raises(UserError, match="not installed: .*requirements/peers.txt"):
        peers.main(["--data", "x", "--grids", GRIDS, "--budget", "1", "--seed", "1", "--out", str(tmp_path / "o")])


def test_grids_have_the_same_length_and_begin_with_the_unchanged_model():
    paths = glob.glob(os.path.join(GRIDS, "*.json"))
    names = {os.path.basename(path)[:-5] for path in paths}
    assert names == set(peers.NAMES) | set(configs.PRESETS)
    grids = {name: peers.read_grid(GRIDS, name) for name in names}
    assert {len(grid) for grid in grids.values()} == {len(baselines.DAMPINGS)} == {len(baselines.RIDGES)}
    for name, grid in grids.items():
        assert grid[0] == {} and len({json.dumps(settings, sort_keys=True) for settings in grid}) == len(grid)
        if name in configs.PRESETS:
            for settings in grid:
                configs.override(configs.PRESETS[name], settings)


def test_a_damaged_grid(tmp_path):
    for content in ("{", "[]", "[1]"):
        (tmp_path / "svd.json").write_text(content)
        with pytest.raises(UserError, match="svd.json: no"):
            peers.read_grid(str(tmp_path), "svd")
