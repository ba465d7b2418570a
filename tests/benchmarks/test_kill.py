"""The benchmark of killed processes: one moment of each kind of process."""
import json

import pytest

from benchmarks import kill


@pytest.mark.slow
def test_commands_and_servers_are_killed_and_come_back(tmp_path, capsys):
    out = tmp_path / "figures.json"
    for part in ("train", "shop_process"):
        kill.main(["--moments", "1", "--only", part, "--folder", str(tmp_path / "bench"), "--out", str(out)])
        figures = json.loads(out.read_text())[part]
        assert figures["lost"] == 0 and figures["whole_at_the_end"] and figures["drafts"] == []
        assert f"{part}: " in capsys.readouterr().out


@pytest.mark.parametrize("flags", [["--moments", "0"], ["--only", "everything"]])
def test_wrong_flags_are_refused(flags):
    with pytest.raises(SystemExit):
        kill.parse_args(flags)
