"""What the shop reads of `./run users`: what its tables say, nothing of other data, errors where they are damaged."""
import os
import shutil

import pytest

from commands import users
from models.run_folder import users_report
from tests.commands.test_users import table


@pytest.fixture(scope="module")
def run(tiny_aspects, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("told"))
    for part in tiny_aspects:
        shutil.copytree(part, os.path.join(folder, os.path.basename(os.path.dirname(part)), "tiny"))
    run = os.path.join(folder, "runs", "tiny")
    users.main(["--run", run, "--groups", "4"])
    return run


def test_each_user_has_a_group_and_the_nearest_users(run):
    found, rows = users_report.load(run), table(run, "users")
    assert list(found) == [row["user_id"] for row in rows]
    for row in rows:
        told = found[row["user_id"]]
        assert told.group_name == row["group_name"] and told.nearest[0].user_id == row["nearest_user_id"]
        assert [one.likeness for one in told.nearest] == sorted((one.likeness for one in told.nearest), reverse=True)
        assert all(0 <= one.above <= 1 for one in told.nearest) and len(told.nearest) == 5


def test_without_tables_or_with_those_of_other_data_nothing_is_told(run, tmp_path):
    assert users_report.load(str(tmp_path)) == {}
    other = str(tmp_path / "other")
    shutil.copytree(run, other)
    with open(os.path.join(other, "config.json"), "w") as config:
        config.write('{"artefact_sha256": "of other data"}')
    assert users_report.load(other) == {}


@pytest.mark.parametrize("name, content", [
    ("users.csv", "user_id\nann\n"), ("neighbours.csv", "user_id,neighbour_id,likeness,above\nann,bob,near,0\n"),
    ("neighbours.csv", "user_id,neighbour_id\n\"" + "x" * 200000)])
def test_damaged_tables_are_an_error(run, tmp_path, name, content):
    other = str(tmp_path / "other")
    shutil.copytree(run, other)
    with open(os.path.join(other, "users", name), "w") as out:
        out.write(content)
    with pytest.raises(ValueError):
        users_report.load(other)
