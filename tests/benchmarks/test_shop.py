"""The benchmark of the shop: built once, asked by real requests, all answered."""
import json
import os

import pytest

from benchmarks import shop


@pytest.mark.slow
def test_pages_come_and_are_weighed(tmp_path, capsys):
    folder, out = str(tmp_path / "bench"), str(tmp_path / "figures.json")
    shop.main(["--shape", "instruments", "--factor", ".02", "--seconds", ".5", "--shoppers", "2",
               "--folder", folder, "--out", out])
    with open(out) as text:
        found = json.load(text)
    assert found["pages"] > 0 and found["failed"] == 0
    assert found["p50"] <= found["p95"] <= found["p99"] and 10 < found["kb"] <= found["most_kb"]
    assert os.path.isfile(os.path.join(folder, "data", "catalogue.sqlite"))
    assert "page weight" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [["--seconds", "0"], ["--shoppers", "-1"], ["--rankings", "-1"], ["--shape", "x"]])
def test_flags_that_make_no_sense_are_refused(flags):
    with pytest.raises(SystemExit):
        shop.parse_args(flags)
