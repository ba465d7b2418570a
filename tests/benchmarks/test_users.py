"""The benchmark of users: everything is done and measured on a tiny corpus."""
import json
import os

import pytest

from benchmarks import users


def test_all_that_is_said_of_users_is_measured(tmp_path, in_this_process, capsys):
    folder, out = str(tmp_path / "bench"), str(tmp_path / "figures.json")
    users.main(["--shape", "instruments", "--factor", ".03", "--folder", folder, "--out", out])
    with open(out) as text:
        figures = json.load(text)
    assert figures["sizes"]["U"] == 42 and figures["seconds"] > 0 < figures["peak_mib"]
    assert 20 < figures["readers"] <= 42 and figures["groups"] >= 1
    assert os.path.isfile(os.path.join(folder, "run", "users", "report.html"))
    assert "peak memory" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--factor", "0"], ["--shape", "x"]])
def test_wrong_flags_are_refused(wrong):
    with pytest.raises(SystemExit):
        users.parse_args(wrong)
