"""The benchmark of the map of users: its artificial page is one of the real kind, and its frames are counted."""
import json
import shutil

import pytest

from benchmarks import user_map
from runtime import browser

HAS_BROWSER = shutil.which("chromedriver") and any(map(shutil.which, browser.BROWSERS))


@pytest.mark.browser
@pytest.mark.skipif(not HAS_BROWSER, reason="no Chromium with chromedriver on the PATH")
def test_frames_of_a_map_are_counted(tmp_path, capsys):
    pytest.importorskip("selenium")
    page, out = tmp_path / "map.html", str(tmp_path / "figures.json")
    page.write_bytes(user_map.page_of(37))
    user_map.main(["--page", str(page), "--seconds", ".5", "--out", out])
    with open(out) as text:
        figures = json.load(text)
    assert figures["users"] == 37 and figures["frames"] > 3 and figures["frames_per_second"] > 0
    assert figures["median_ms"] <= figures["p95_ms"] <= figures["slowest_ms"]
    assert figures["mb"] == page.stat().st_size / 1e6 and "frames per second" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [
    ["--users", "9"], ["--seconds", "0"], ["--seconds", "31"], ["--page", "/no/such/map.html"]])
def test_wrong_flags_are_refused(wrong):
    with pytest.raises(SystemExit):
        user_map.parse_args(wrong)
