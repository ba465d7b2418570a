"""The benchmark of the shop: every page is answered and measured."""
import json
import os

import pytest

from benchmarks import shop, shoppers


@pytest.mark.slow
def test_pages_are_answered_and_measured(tmp_path, capsys):
    folder, out = str(tmp_path / "bench"), str(tmp_path / "figures.json")
    shop.main(["--shape", "instruments", "--factor", ".02", "--seconds", ".5", "--shoppers", "2",
               "--folder", folder, "--out", out])
    with open(out) as text:
        figures = json.load(text)
    assert set(figures["kinds"]) == set(shoppers.KINDS)
    for found in figures["kinds"].values():
        assert found["pages"] > 0 and found["failed"] == 0 and found["failures"] == {}
        assert found["p50"] <= found["p95"] <= found["p99"] and 10 < found["kb"] <= found["most_kb"]
    assert all(mib["before"] > 0 < mib["after"] for mib in figures["mib"].values())
    assert os.path.isfile(os.path.join(folder, "data", "catalogue.sqlite"))
    assert "page size" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [
    ["--seconds", "0"], ["--shoppers", "-1"], ["--rankings", "-1"], ["--shape", "x"], ["--pause", "-1"],
    ["--every", "0"], ["--every", "60"], ["--pages"], ["--pages", "start"],
    ["--run", "runs/x"], ["--model_base_path", "model_serve"]])
def test_wrong_flags_are_refused(flags):
    with pytest.raises(SystemExit):
        shop.parse_args(flags)
