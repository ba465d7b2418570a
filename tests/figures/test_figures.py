"""Tests the command `./run figures`, the drawing of the pipeline, the maps of users and the pictures of the shop."""
import os
import shutil
import sqlite3

import pytest
from matplotlib import image
from PIL import Image

from figures import __main__ as figures
from figures import pipeline, screenshots
from runtime import browser
from runtime.cli import UserError
from runtime.project import ROOT
from tests.figures.pictures import size_of


def test_the_pipeline_is_drawn_without_a_run(tmp_path):
    figures.main(["--runs", str(tmp_path / "none"), "--out", str(tmp_path / "new" / "folder"),
                  "--only", "pipeline"])
    assert os.listdir(str(tmp_path / "new" / "folder")) == ["ML_pipeline.png"]
    width, height = size_of(tmp_path / "new" / "folder" / "ML_pipeline.png")
    assert width > 2 * height


def test_the_packages_of_the_pipeline_exist():
    rows = pipeline.TRAIN, pipeline.SERVE, pipeline.ANALYSE, pipeline.SHARED
    names = [part.title for row in rows for part in row if part.colour != pipeline.FILES]
    names += [part.title for part in pipeline.MODELS]
    assert len(names) >= 15
    assert [name for name in names if not os.path.exists(os.path.join(ROOT, name))] == []


def test_the_pipeline_shows_each_package_of_the_project():
    rows = pipeline.TRAIN, pipeline.SERVE, pipeline.ANALYSE, pipeline.SHARED
    packages = {f"{name}/" for name in os.listdir(ROOT) if os.path.isfile(os.path.join(ROOT, name, "__init__.py"))}
    assert packages - {"models/", "tests/"} - {part.title for row in rows for part in row} == set()


def test_the_pipeline_shows_each_package_of_the_network():
    folders = os.listdir(os.path.join(ROOT, "models"))
    packages = [f"models/{name}/" for name in folders
                if os.path.isfile(os.path.join(ROOT, "models", name, "__init__.py"))]
    assert sorted(part.title for part in pipeline.MODELS) == sorted(packages)


def test_the_maps_of_users_are_drawn_and_the_run_stays_unchanged(tiny_run, tmp_path):
    before = sorted(os.listdir(tiny_run.run_folder))
    figures.main(["--run", tiny_run.run_folder, "--out", str(tmp_path), "--only", "users"])
    assert sorted(os.listdir(str(tmp_path))) == ["tSNE_before_attention.png", "tSNE_in_attention.png"]
    for name in os.listdir(str(tmp_path)):
        size_of(tmp_path / name)
    assert sorted(os.listdir(tiny_run.run_folder)) == before


@pytest.mark.parametrize("kind", ["architecture", "screenshots", "users"])
def test_a_missing_run_is_an_error_of_one_line(tmp_path, kind):
    with pytest.raises(UserError, match="not a run") as error:
        figures.main(["--run", "missing", "--runs", str(tmp_path), "--out", str(tmp_path),
                      "--only", kind])
    assert "\n" not in str(error.value)
    assert os.listdir(str(tmp_path)) == []


def test_a_folder_that_cannot_be_made_is_an_error_of_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="new_folder: .* cannot be made"):
        figures.main(["--out", str(tmp_path / "file" / "new_folder"), "--only", "pipeline"])


def test_without_a_browser_the_error_names_the_packages_to_install(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="chromium and chromium-driver"):
        screenshots.take(tiny_run.run_folder, str(tmp_path))


def test_the_number_of_reviews_of_the_item_shown_is_nearest_to_the_wish(tiny_data):
    path = os.path.join(tiny_data.data_folder, "catalogue.sqlite")
    shopper, item = screenshots.subjects(path)
    connection = sqlite3.connect(path)
    counts = dict(connection.execute("SELECT item_id, rating_count FROM items"))
    shoppers = {row[0] for row in connection.execute("SELECT user_id FROM users")}
    connection.close()
    assert shopper in shoppers
    assert abs(counts[item] - screenshots.REVIEWS) == min(
        abs(count - screenshots.REVIEWS) for count in counts.values())


HAS_BROWSER = shutil.which("chromedriver") and any(map(shutil.which, browser.BROWSERS))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not HAS_BROWSER, reason="no Chromium with chromedriver on the PATH")
def test_screenshots_and_gif_of_the_shop_are_taken(tiny_run, tmp_path):
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
