"""`./run users` on a tiny run: tables that agree with each other, a page, and clear lines where there is nothing."""
import contextlib
import csv
import json
import logging
import os
import re
import shutil
import sys

import pytest

from commands import aspects, users as command
from models.run_folder import aspect_tables, users_report
from runtime.cli import UserError
from tests.conftest import TINY_SIZES
from tests.preprocessing import writing
from user_modeling.groups import NOBODY
from user_modeling.user_report import folder as users_folder

FILES = {"report.html", "users.json"} | {f"{name}.csv" for name in users_report.TABLES}


def copied(tiny_aspects, folder):
    """A copy of the tiny run with aspects, and of its data; returns the run's folder."""
    for part in tiny_aspects:
        shutil.copytree(part, os.path.join(str(folder), os.path.relpath(part, os.path.dirname(os.path.dirname(part)))))
    return os.path.join(str(folder), "runs", "tiny")


@pytest.fixture(scope="module")
def made(tiny_aspects, tmp_path_factory):
    """Folder of a run after `./run users`, which had a file of another command in users/."""
    run = copied(tiny_aspects, tmp_path_factory.mktemp("users"))
    os.makedirs(os.path.join(run, "users"))
    with open(os.path.join(run, "users", "tsne.tsv"), "w") as other:
        other.write("of ./run tsne")
    command.main(["--run", run, "--groups", "4"])
    return run


def table(run, name):
    with open(os.path.join(run, "users", f"{name}.csv"), encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def contents(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as raw:
            found[name] = raw.read()
    return found


def test_it_writes_tables_page_and_record_beside_the_files_of_other_commands(made):
    found = set(os.listdir(os.path.join(made, "users")))
    parquet = {name for name in found if name.endswith(".parquet")}
    assert found - parquet == FILES | {"tsne.tsv"} and len(parquet) in (0, len(users_report.TABLES))
    assert contents(os.path.join(made, "users"))["tsne.tsv"] == b"of ./run tsne"


def test_the_tables_agree_with_each_other_and_with_the_aspects(made):
    rows, tables = table(made, "users"), aspect_tables.load(made)
    assert [int(row["reviews"]) for row in rows] == tables.user_reviews.tolist()
    groups = {row["group"]: row for row in table(made, "groups")}
    assert list(groups) == ["1", "2", "3", "4"]
    for number, group in groups.items():
        assert int(group["users"]) == sum(row["group"] == number for row in rows)
    assert all(row["group_name"] == (groups[row["group"]]["name"] if row["group"] != "0" else NOBODY) for row in rows)
    profiles = table(made, "profiles")
    assert sum(int(row["mentions"]) for row in profiles) == tables.user_mentions.sum()
    assert len(profiles) == (tables.user_mentions > 0).sum()
    neighbours = table(made, "neighbours")
    first = {row["user_id"]: row for row in neighbours if row["rank"] == "1"}
    assert len(neighbours) == 5 * len(rows)
    for row in rows:
        assert row["nearest_user_id"] == first[row["user_id"]]["neighbour_id"] != row["user_id"]
        assert row["nearest_likeness"] == first[row["user_id"]]["likeness"]
    values = [float(row["likeness"]) for row in neighbours]
    assert -1 <= min(values) and max(values) <= 1.0001 and len(set(values)) > len(rows)


def test_the_list_of_reviewers_has_evidence_of_their_own_reviews_by_other_users(made):
    listed, ids = table(made, "helpful_reviewers"), {row["user_id"] for row in table(made, "users")}
    bounds = [float(row["low"]) for row in listed]
    assert bounds == sorted(bounds, reverse=True) and 5 < len(listed) <= 20
    evidence = table(made, "helpful_reviews")
    assert {row["user_id"] for row in evidence} <= {row["user_id"] for row in listed}
    assert all(row["reader_id"] in ids - {row["user_id"]} and row["excerpt"] for row in evidence)
    assert all(float(row["reader_attention"]) >= float(row["attention"]) - 1e-4 for row in evidence)


def test_the_page_loads_nothing_and_has_plots_before_tables(made):
    with open(os.path.join(made, "users", "report.html"), encoding="utf-8") as text:
        page = text.read()
    assert not re.search(r"<script|https?://|<link|src=\"(?!data:image/png)", page)
    assert page.index('<div class="plots">') < page.index("<table>") and page.count("<img") >= 3
    assert "Who always writes helpful reviews" in page and "Two neighbours" in page
    assert "nan" not in re.sub(r'base64,[^"]+|<style>.*?</style>|<blockquote>.*?</blockquote>', "", page, flags=re.S)


def test_the_record_says_what_was_chosen_and_why(made):
    with open(os.path.join(made, "users", "users.json"), encoding="utf-8") as text:
        record = json.load(text)
    assert record["users"] == 40 and len(record["groups"]["names"]) == 4
    assert record["helpful_reviewers"]["by"] == table(made, "helpful_reviewers")[0]["by"]
    assert record["helpful_reviewers"]["why"] and record["helpful_reviewers"]["readers"] <= 40


def test_the_same_seed_gives_the_same_files(made, capsys):
    before = contents(os.path.join(made, "users"))
    command.main(["--run", made, "--groups", "4"])
    assert contents(os.path.join(made, "users")) == before
    shown = capsys.readouterr().out
    assert shown.startswith("4 groups of users by aspect") and "Two neighbours: " in shown
    assert "planted tastes" in shown and "Who always writes helpful reviews" in shown


def test_a_given_user_is_shown_beside_the_nearest_one(made, tiny_aspects, tmp_path, capsys):
    run = copied(tiny_aspects, tmp_path)
    row = table(made, "users")[17]
    command.main(["--run", run, "--user", row["user_id"], "--by", "attention"])
    shown = capsys.readouterr().out
    assert f"Two neighbours: {row['user_id']} and {row['nearest_user_id']}; likeness" in shown
    assert table(run, "helpful_reviewers")[0]["by"] == "attention"


def test_parquet_has_the_same_columns_where_pyarrow_is_installed(made):
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in users_report.TABLES:
        found = parquet.read_table(os.path.join(made, "users", f"{name}.parquet"))
        assert found.column_names == list(table(made, name)[0]) and found.num_rows == len(table(made, name))


def test_without_pyarrow_the_tables_are_csv_and_a_line_says_so(made, monkeypatch, caplog):
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyarrow", None)
        absent = users_folder.pyarrow_or_none()
    monkeypatch.setattr(users_folder, "pyarrow_or_none", lambda: absent)
    with caplog.at_level(logging.INFO, "recsys"):
        command.main(["--run", made, "--groups", "4"])
    assert set(os.listdir(os.path.join(made, "users"))) == FILES | {"tsne.tsv"}
    assert sum("pyarrow" in record.message for record in caplog.records) == 1


@contextlib.contextmanager
def nothing_is_written(run, *words):
    """The context ends with a UserError with the words, and the folder of the run is as before."""
    before = sorted(os.listdir(run))
    with pytest.raises(UserError) as error:
        yield
    assert all(word in str(error.value) for word in words) and "\n" not in str(error.value)
    assert sorted(os.listdir(run)) == before


def test_a_run_without_aspects_says_how_to_make_them(tiny_run):
    with nothing_is_written(tiny_run.run_folder, "no aspects yet", "./run aspects --run tiny"):
        command.main(["--run", tiny_run.run_folder])


def test_an_unknown_user_and_an_unknown_method_are_one_line(tiny_aspects):
    with nothing_is_written(tiny_aspects[1], "--user nobody: not a user", "one of its 40 users is"):
        command.main(["--run", tiny_aspects[1], "--user", "nobody"])
    with nothing_is_written(tiny_aspects[1], "--by fame", "'number of reviews'"):
        command.main(["--run", tiny_aspects[1], "--by", "fame"])


def test_a_page_that_cannot_be_written_leaves_the_old_files(made, monkeypatch):
    before = contents(os.path.join(made, "users"))

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(users_folder.files, "write_json", full)
    with nothing_is_written(made, "No space left on device"):
        command.main(["--run", made])
    assert contents(os.path.join(made, "users")) == before


@pytest.mark.parametrize("flags", [["--groups", "0"], ["--groups", "201"], ["--seed", "-1"]])
def test_a_number_out_of_range_is_exit_2(flags, capsys):
    with pytest.raises(SystemExit) as stop:
        command.parse_args(flags)
    assert stop.value.code == 2 and flags[0] in capsys.readouterr().err


def trained(folder, rows, preset="default"):
    """A run with aspects on reviews; returns its folder."""
    import train

    data = os.path.join(str(folder), "data", "small")
    writing.write(rows, data)
    train.main(["--data", data, "--runs", str(folder / "runs"), "--name", "small", "-e", "1", "--preset", preset]
               + TINY_SIZES)
    aspects.main(["--run", "small", "--runs", str(folder / "runs")])
    return str(folder / "runs" / "small")


CHINESE = "\u9999\u5473 \u5f88 \u597d\u3002 \u58f0\u97f3 \u592a \u5927"
KINDS = {
    "two users": lambda row, one: one._replace(user_id=f"u{row % 2}", item_id=f"i{row // 2}"),
    "one item": lambda row, one: one._replace(user_id=f"u{row}", item_id="i"),
    "another language": lambda row, one: one._replace(text=CHINESE[row % 5:]),
    "equal texts": lambda row, one: one._replace(text="loud and quiet"),
    "no votes": lambda row, one: one._replace(helpful_up=None, helpful_total=None)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_small_and_odd_corpora_are_a_report_or_one_line(kind, tmp_path, capsys):
    run = trained(tmp_path, [KINDS[kind](row, one) for row, one in enumerate(writing.reviews(33))])
    try:
        command.main(["--run", run])
    except UserError as error:
        assert "\n" not in str(error) and not os.path.exists(os.path.join(run, "users")), kind
    else:
        assert set(os.listdir(os.path.join(run, "users"))) >= FILES
        record = json.loads(contents(os.path.join(run, "users"))["users.json"].decode())
        assert "cannot say who is helpful" in record["helpful_reviewers"]["why"] or kind != "no votes"


def test_one_user_and_a_run_without_attention_are_one_line(tmp_path):
    for name, change, preset, words in (
            ("one", lambda row, one: one._replace(user_id="u", item_id=f"i{row}"), "default", "no neighbour"),
            ("maximum", lambda row, one: one, "deepconn", "no attention that depends on the user")):
        run = trained(tmp_path / name, [change(row, one) for row, one in enumerate(writing.reviews(33))], preset)
        with nothing_is_written(run, words):
            command.main(["--run", run])
