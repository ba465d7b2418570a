"""The command `explain`: all reviews by falling weight, with raw ids and titles; errors name file and line."""
import json
import logging

import numpy as np
import pytest

from commands import explain
from evaluation import explained
from models.inference import trained
from models.inference.catalogue_order import CatalogueOrder
from preprocessing import readers
from runtime.cli import UserError
from tests.support.calling import ended, one_line


@pytest.fixture(scope="module")
def raw(tiny_run):
    """{(user, item): Review} of the raw file."""
    reviews, _ = readers.read_reviews(tiny_run.sample_folder + "/reviews.json.gz")
    return {(review.user_id, review.item_id): review for review in reviews}


@pytest.fixture
def call(tiny_run, capsys):
    """Calls `explain --json`; returns its records."""
    def calling(*arguments):
        explain.main(["--run", tiny_run.run_folder, "--json"] + list(arguments))
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return calling


def test_all_training_reviews_by_falling_weight(tiny_run, raw, call):
    run = trained.load(tiny_run.run_folder)
    pairs = list(raw)
    a, (user, item) = run.artefact, pairs[5]
    (record,) = call("--user", user, "--item", item)
    assert (record["user"], record["item"]) == (user, item) and 0 < record["rating"] < 7
    weights = [review["weight"] for review in record["reviews"]]
    assert weights == sorted(weights, reverse=True) and sum(weights) == pytest.approx(1, abs=1e-5)
    number = a.review_item[6]  # of the sixth row of the file
    rows = [row for row in a.train.review if a.review_item[row] == number and a.review_length[row]]
    authors = sorted(pairs[row - 1][0] for row in rows)
    assert sorted(review["user"] for review in record["reviews"]) == authors
    for review in record["reviews"]:
        written = raw[review["user"], item]
        assert (review["text"], review["rating"]) == (written.text, written.rating)


def test_the_review_of_the_user_is_named(tiny_run, call, capsys):
    run = trained.load(tiny_run.run_folder)
    names = explained.Names(run.data_folder)
    train, length = run.artefact.train, run.artefact.review_length
    row = next(row for row in range(len(train.user)) if length[train.review[row]])
    user, item = names.users[train.user[row]], names.items[train.item[row]]
    (record,) = call("--user", user, "--item", item)
    assert [review["user"] for review in record["reviews"] if review["is_own"]] == [user]
    explain.main(["--run", tiny_run.run_folder, "--user", user, "--item", item, "--top", "99"])
    out = capsys.readouterr().out
    assert out.count("the user's own review:") == 1 and len(out.splitlines()) == 1 + len(record["reviews"])


def test_the_best_items_are_those_the_user_has_not_rated(tiny_run, raw, call):
    run = trained.load(tiny_run.run_folder)
    names = explained.Names(run.data_folder)
    user = names.users[3]
    records = call("--user", user, "--top", "4")
    items = [names.item_number[record["item"]] for record in records]
    rating = run.predictor(np.full(15, 3), np.arange(15)).outputs.rating
    score = CatalogueOrder(run.predictor, run.order)(np.array([3]))[0]
    rated = set(run.artefact.train.item[run.artefact.train.user == 3])
    assert items == sorted(set(range(15)) - rated, key=lambda item: -score[item])[:4]
    np.testing.assert_allclose([record["rating"] for record in records], rating[items], atol=1e-5)


def test_more_items_than_exist(tiny_run, call, raw):
    user = next(iter(raw))[0]
    records = call("--user", user, "--top", "99")
    assert 0 < len(records) < 15 and len({record["item"] for record in records}) == len(records)


def test_a_user_who_has_rated_every_item_is_said(tiny_run, call, raw, monkeypatch, caplog):
    monkeypatch.setattr(explained, "best_items", lambda run, user, top: [])
    user, _ = list(raw)[0]
    with caplog.at_level(logging.INFO, "recsys"):
        assert call("--user", user) == []
    assert f"{user} has rated every item in training, so none is left to rank; name one with --item" in caplog.text


def test_pairs_of_a_file(raw, call, tmp_path):
    wanted = [("%s\t%s" % pair).split("\t") for pair in list(raw)[::50]]
    path = tmp_path / "pairs.tsv"
    path.write_bytes("\r\n".join("\t".join(pair) for pair in wanted).encode() + b"\n\n")
    records = call("--pairs", str(path))
    assert [[record["user"], record["item"]] for record in records] == wanted
    assert call("--user", wanted[2][0], "--item", wanted[2][1])[0]["rating"] == pytest.approx(
        records[2]["rating"], abs=1e-5)


def test_plain_text(tiny_run, raw, capsys, caplog):
    caplog.set_level("INFO", "recsys")
    user, item = next(iter(raw))
    explain.main(["--run", tiny_run.run_folder, "--user", user, "--item", item, "--top", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f'{item} "') and f'" for user {user}: ' in lines[0] and len(lines) == 3
    assert all("weight" in line and "%" in line for line in lines[1:])
    first, last = caplog.messages
    assert first.startswith("Loading the run") and "Next: ./run export" in last


def test_titles_are_those_of_the_catalogue(tiny_run, raw, call):
    user, item = next(iter(raw))
    names = explained.Names(trained.load(tiny_run.run_folder).data_folder)
    (record,) = call("--user", user, "--item", item)
    assert record["title"] and record["title"] == names.title(names.item_number[item])


def test_an_item_without_a_title_is_named_by_its_id():
    record = {"item": "b1", "title": None, "user": "u1", "rating": 4., "reviews": []}
    assert explained.plain(record, 3) == "b1 for user u1: 4.00 stars predicted, 0 reviews"


def test_unknown_ids(call, raw, tmp_path):
    user, item = next(iter(raw))
    for arguments, message in ((["--user", "nobody"], "^--user: no user 'nobody'"),
                               (["--user", "nobody", "--item", item], "^--user: no user"),
                               (["--user", user, "--item", "none"], "^--item: no item 'none'")):
        with pytest.raises(UserError, match=message):
            call(*arguments)
    path = tmp_path / "pairs.tsv"
    for content, message in ((f"{user}\t{item}\nnobody\t{item}\n", ":2: no user"),
                             (f"\n{user}\t{item}\n{user}\tnone\n", ":3: no item"),
                             (f"{user} {item}\n", ":1: not user"),
                             (f"{user}\t{item}\t3\n", ":1: not user"), ("", "holds no pair"),
                             ("\n\n", "holds no pair"),
                             (b"\xff", "cannot be read")):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(UserError, match=message) as error:
            call("--pairs", str(path))
        assert str(path) in str(error.value) and "\n" not in str(error.value)
    with pytest.raises(UserError, match="cannot be read"):
        call("--pairs", str(tmp_path / "none"))


@pytest.mark.parametrize("arguments, message", [
    ([], "one of the arguments --user --pairs is required"),
    (["--item", "x", "--pairs", "y"], "goes with --user"),
    (["--user", "x", "--pairs", "y"], "not allowed with"),
    (["--user", "x", "--top", "0"], "give 1 or more")])
def test_wrong_arguments(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        explain.parse_args(arguments)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1


def test_the_command(tiny_run):
    for folder, message in ((tiny_run.run_folder, "no user 'nobody'"), (tiny_run.data_folder, "not a run")):
        assert message in one_line(ended("-m", "commands.explain", "--run", folder, "--user", "nobody"))
