"""`./run order` chooses what training chose; a damaged order is refused with the command that mends it."""
import json
import shutil

import pytest

import train
from commands import order
from models.inference import catalogue_order, trained
from models.run_folder import item_order, layout, progress
from runtime import cli
from user_modeling import aspects


def test_it_chooses_what_training_chose_also_for_a_run_without_an_order(copied_run):
    runs, folder = copied_run
    before = item_order.load(folder, {"I": 15})
    shutil.rmtree(layout.order_of(folder))
    assert trained.load(folder).order is None
    order.main(["--run", "tiny", "--runs", runs])
    after = trained.load(folder).order
    assert after.numbers() == before.numbers() and (after.centre == before.centre).all()
    assert (after.matrix != before.matrix).nnz == 0


def test_a_run_that_was_killed_before_its_order_was_chosen_is_completed_by_resume(copied_run, caplog):
    runs, folder = copied_run
    before = item_order.load(folder, {"I": 15})
    shutil.rmtree(layout.order_of(folder))
    assert progress.is_finished(folder) and not progress.is_complete(folder)
    with caplog.at_level("WARNING"):
        trained.load(folder)
    assert "ranked by predicted stars; ./run order --run tiny" in caplog.text
    with pytest.raises(cli.UserError, match="cannot change the settings"):
        train.main(["--name", "tiny", "--runs", runs, "--resume", "--set", "l2=.5"])
    train.main(["--name", "tiny", "--runs", runs, "--resume"])
    assert progress.is_complete(folder) and item_order.load(folder, {"I": 15}).numbers() == before.numbers()
    with pytest.raises(cli.UserError, match="finished"):
        train.main(["--name", "tiny", "--runs", runs, "--resume"])


def test_praise_can_be_left_out(copied_run, monkeypatch):
    runs, folder = copied_run
    monkeypatch.setattr(aspects, "of_order", lambda folder: pytest.fail("read in vain"))
    order.main(["--run", "tiny", "--runs", runs, "--without_praise"])
    assert trained.load(folder).order.praise == 0


def test_an_unfinished_run_is_ranked_by_stars_and_has_no_order_to_choose(copied_run, caplog):
    runs, folder = copied_run
    path = f"{folder}/{layout.POINTER}"
    with open(path, encoding="utf-8") as text:
        state = json.load(text)
    with open(path, "w", encoding="utf-8") as out:
        json.dump(dict(state, finished=False), out)
    with caplog.at_level("WARNING"):
        assert trained.load(folder).order is None
    assert "is not finished: items are ranked by predicted stars; ./run train --name tiny" in caplog.text
    with pytest.raises(cli.UserError, match="not finished; ./run train --name tiny .*--resume completes it"):
        order.main(["--run", "tiny", "--runs", runs])


def test_a_damaged_order_is_refused_and_chosen_again(copied_run):
    runs, folder = copied_run
    with open(f"{layout.order_of(folder)}/{layout.PURCHASES}", "wb") as out:
        out.write(b"PK")
    with pytest.raises(cli.UserError, match="damaged.*./run order --run tiny") as error:
        trained.load(folder)
    assert "\n" not in str(error.value)
    order.main(["--run", "tiny", "--runs", runs])
    assert trained.load(folder).order is not None


def test_an_order_that_cannot_be_written_is_one_line(copied_run):
    runs, folder = copied_run
    shutil.rmtree(layout.order_of(folder))
    with open(layout.order_of(folder), "w") as other:
        other.write("a file where the folder should be")
    with pytest.raises(cli.UserError) as error:
        order.main(["--run", "tiny", "--runs", runs])
    assert "\n" not in str(error.value) and "./run order --run tiny" in str(error.value)


def test_an_order_is_described_by_its_parts(copied_run):
    chosen = trained.load(copied_run[1]).order
    assert catalogue_order.described(chosen._replace(evidence=0., model="", popularity=0.)).startswith("nothing")
    assert "purchases (ease)" in catalogue_order.described(chosen._replace(model="ease"))
