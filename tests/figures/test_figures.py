"""The command that draws, the drawing of the pipeline, and the pictures of the shop."""
import os
import shutil
import sqlite3

import pytest
from matplotlib import image
from PIL import Image

from figures import __main__ as figures
from figures import pipeline, screenshots
from runtime.cli import UserError
from runtime.project import ROOT
from tests.figures.pictures import size_of


def test_the_pipeline_is_drawn_without_a_run(tmp_path):
    figures.main(["--runs", str(tmp_path / "none"), "--out", str(tmp_path / "new" / "folder"),
                  "--only", "pipeline"])
    assert os.listdir(str(tmp_path / "new" / "folder")) == ["ML_pipeline.png"]
    width, height = size_of(tmp_path / "new" / "folder" / "ML_pipeline.png")
    assert width > 2 * height


def test_the_rooms_of_the_pipeline_exist():
    titles = [title for row in (pipeline.LEARN, pipeline.SERVE, pipeline.STUDY)
              for title, _, colour in row if colour != pipeline.FILES]
    rooms = [room for title in titles for room in title.split(", ")]
    assert len(rooms) >= 9
    assert [room for room in rooms if not os.path.exists(os.path.join(ROOT, room))] == []


@pytest.mark.parametrize("kind", ["architecture", "screenshots"])
def test_no_run_is_an_error_of_one_line(tmp_path, kind):
    with pytest.raises(UserError, match="not a run") as error:
        figures.main(["--run", "nobody", "--runs", str(tmp_path), "--out", str(tmp_path),
                      "--only", kind])
    assert "\n" not in str(error.value)
    assert os.listdir(str(tmp_path)) == []


def test_a_folder_that_cannot_be_made_is_an_error_of_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be made"):
        figures.main(["--out", str(tmp_path / "file" / "figures"), "--only", "pipeline"])


def test_without_a_browser_the_packages_are_named(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="install the packages chromium and chromium-driver"):
        screenshots.take(tiny_run.run_folder, str(tmp_path))


def test_the_item_shown_has_about_as_many_reviews_as_wished(tiny_data):
    path = os.path.join(tiny_data.data_folder, "catalogue.sqlite")
    shopper, item = screenshots.subjects(path)
    connection = sqlite3.connect(path)
    counts = dict(connection.execute("SELECT item_id, rating_count FROM items"))
    shoppers = {row[0] for row in connection.execute("SELECT user_id FROM users")}
    connection.close()
    assert shopper in shoppers
    assert abs(counts[item] - screenshots.REVIEWS) == min(
        abs(count - screenshots.REVIEWS) for count in counts.values())


HAS_BROWSER = shutil.which("chromedriver") and any(map(shutil.which, screenshots.BROWSERS))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not HAS_BROWSER, reason="no Chromium with chromedriver on the PATH")
def test_the_shop_is_photographed(tiny_run, tmp_path):
    pytest.importorskip("selenium")
    figures.main(["--run", tiny_run.run_folder, "--out", str(tmp_path), "--only", "screenshots"])
    names = ["webapp.png", "webapp_dark.png", "webapp_item.png", "webapp_profile.png"]
    assert sorted(os.listdir(str(tmp_path))) == ["webapp.gif"] + names
    assert {size_of(tmp_path / name)[0] for name in names} == {screenshots.WIDTH}
    light, dark, item, _ = (image.imread(str(tmp_path / name))[..., :3].mean()
                            for name in names)
    assert dark < .4 < .6 < min(light, item) and light != item
    with Image.open(str(tmp_path / "webapp.gif")) as visit:
        assert visit.n_frames > 10 and visit.size[0] == screenshots.visit.SHOWN
    assert os.path.getsize(str(tmp_path / "webapp.gif")) < 3e6
