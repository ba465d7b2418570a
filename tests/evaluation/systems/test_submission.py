"""Other systems by the same measures: a run's own scores from a file, item-only weights, random and missing scores."""
import json
import shutil

import numpy as np
import pytest

from commands import evaluate
from commands import pairs as pairs_command
from evaluation.systems import table
from metrics.comparison import WITHOUT_EVIDENCE
from preprocessing import artefact as contract
from runtime.cli import UserError
from tests.support.calling import ended, one_line

OF_RUNS = {"comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient", "tau_votes"}
PARTS_OF_RUNS = {("rankings", "faithfulness"), ("rankings", "order"), ("rankings", "models", WITHOUT_EVIDENCE)}


@pytest.fixture(scope="module")
def folder(tiny_run, tmp_path_factory):
    """A copy of the tiny chain: its folder."""
    folder = tmp_path_factory.mktemp("copy") / "tiny"
    shutil.copytree(tiny_run.folder, str(folder))
    return folder


def asked(folder, *flags):
    """The lines that `./run pairs` writes, split into cells."""
    path = folder / "asked.tsv"
    pairs_command.main(["--out", str(path), *flags])
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def report(folder, name, rows):
    """The report of the scores in a file of rows."""
    path = folder / f"{name}.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return evaluated(folder, name, path)


def evaluated(folder, name, path):
    evaluate.main(["--data", str(folder / "data" / "tiny"), "--scores", str(path), "--name", name,
                   "--runs", str(folder / "runs")])
    return json.loads((folder / "runs" / name / "evaluation" / "report.json").read_text())


def numbers(record, path=()):
    """{path: number} of nested records."""
    found = {}
    for key, value in record.items():
        if isinstance(value, dict):
            found.update(numbers(value, path + (key,)))
        elif isinstance(value, (int, float)):
            found[path + (key,)] = value
    return found


@pytest.fixture(scope="module")
def of_run(folder):
    evaluate.main(["--run", "tiny", "--runs", str(folder / "runs")])
    return json.loads((folder / "runs" / "tiny" / "evaluation" / "report.json").read_text())


def scored(folder, score):
    """Rows of a file in which each review has the score of a function of (user, item, author)."""
    header, *rows = asked(folder, "--data", str(folder / "data" / "tiny"))
    return [header + ["score"]] + [row + [repr(float(score(*row))) if row[2] else ""] for row in rows]


def test_the_scores_of_our_own_run_reproduce_its_report(folder, of_run):
    path = folder / "own.tsv.gz"
    pairs_command.main(["--run", "tiny", "--runs", str(folder / "runs"), "--catalogue", "--out", str(path)])
    record = evaluated(folder, "own", path)
    wanted = {key: value for key, value in numbers(of_run).items() if not key[-1].startswith(tuple(OF_RUNS))
              and not OF_RUNS & set(key) and not PARTS_OF_RUNS & {key[:2], key[:3]}
              and key[0] not in ("seed", "critical")}
    found = {key: value for key, value in numbers(record).items() if key[0] != "file"}
    assert set(found) == set(wanted) and len(wanted) > 500
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, abs=1e-6), key
    assert all(counts["missing"] == 0 < counts["asked"] for counts in record["file"]["answers"].values())
    assert record["file"]["not_asked_for"] == 0 and record["system"] == "own" and of_run["system"] == "deeprecsys"
    assert OF_RUNS <= set(record["absent"]) and "ranking_review" in record["absent"]
    page = (folder / "runs" / "own" / "evaluation" / "report.html").read_text()
    assert "Evaluation of own on the data" in page and "deeprecsys" not in page


def test_weights_of_items_alone_are_not_personal(folder, of_run):
    """As those of NARRE, whose query is the review's author: they are the same for every user."""
    record = report(folder, "items", scored(folder, lambda user, item, author: sum(map(ord, item + author)) % 97))
    ours, swapped = record["explanation"], record["explanation_rules"]["swapped"]
    assert ours["personality"] == 0 and ours["agreement_cosine_1"] == pytest.approx(swapped["agreement_cosine_1"])
    gap = swapped["difference"]["agreement_cosine_1"]
    assert gap["low"] == gap["high"] == 0
    assert record["ratings"] == {} and "rankings" not in record and {"ratings", "rankings"} <= set(record["absent"])
    for rule, means in of_run["explanation_rules"].items():
        if rule != "swapped":  # the rules are measured on the same pairs
            assert record["explanation_rules"][rule]["agreement_cosine_1"] == means["agreement_cosine_1"]


def test_random_scores_are_at_chance(folder):
    random = np.random.RandomState(0)
    record = report(folder, "random", scored(folder, lambda *row: random.rand()))
    for measure, chance in (("planted_auc", .5), ("retrieval_auc", .5), ("personality", 1)):
        assert abs(record["explanation"][measure] - chance) < .12, measure


def test_missing_scores_are_counted_and_their_pairs_are_not_measured(folder):
    artefact = contract.load(str(folder / "data" / "tiny"))
    whole = scored(folder, lambda user, item, author: len(user + author) + ord(author[-1]))
    some = [row[:3] + [""] if row[1] == whole[5][1] and row[2] else row for row in whole]
    lost = sum(row != other for row, other in zip(whole, some))
    record = report(folder, "some", some)
    assert record["file"]["answers"]["score"]["missing"] <= lost == record["file"]["answers"]["personal"]["missing"]
    with np.load(str(folder / "runs" / "some" / "evaluation" / "pairs.npz")) as arrays:
        gone = np.isnan(arrays["shown"]).any(1)
        np.testing.assert_array_equal(gone, artefact.test.item == artefact.test.item[gone][0])
        assert 0 < gone.sum() < len(gone)
        for name in ("agreement_cosine_1", "planted_auc", "planted_auc_shown", "attention_entropy", "personality"):
            assert np.isnan(arrays[f"deeprecsys/{name}"][gone]).all(), name
        assert np.isfinite(arrays["random/planted_auc"][gone]).any()  # rules are measured there

def test_without_other_users_nothing_is_said_of_them(folder):
    whole, own = scored(folder, lambda user, item, author: len(author)), set()
    own = {(row[0], row[1]) for row in whole[1:] if not row[2]}
    record = report(folder, "plain", [whole[0]] + [row for row in whole[1:] if (row[0], row[1]) in own])
    assert "agreement_cosine_1" in record["explanation"] and "agreement_cosine_1_swapped" not in record["explanation"]
    assert {"personality", "retrieval_auc_centred"} <= set(record["absent"])


@pytest.mark.parametrize("change, message", [
    (lambda rows: rows + [rows[1]], ":{last}: the score of this review for this user was given before"),
    (lambda rows: [rows[0], rows[1][:2] + ["", "1"]],
     ":2: a score belongs to a review, but the row names no author"),
    (lambda rows: [rows[0], rows[1][:2] + [stranger(rows, rows[1][1]), "1"]], ":2: the author has written no review"),
    (lambda rows: [rows[0] + ["rating"], rows[1] + ["3"], rows[2] + ["4"]], "another line gives another rating")])
def test_a_wrong_row_is_one_line_with_file_line_and_cause(folder, change, message):
    rows = scored(folder, lambda *row: 1)
    rows = [rows[0]] + sorted(rows[1:])
    rows = [row for row in rows if row[2]]
    changed = change(rows)
    with pytest.raises(UserError) as error:
        report(folder, "wrong", changed)
    assert message.format(last=len(changed)) in str(error.value) and "\n" not in str(error.value)
    assert f"{folder}/wrong.tsv:" in str(error.value)


def stranger(rows, item):
    """A user who has written no review of an item."""
    return min({row[2] for row in rows[1:]} - {row[2] for row in rows[1:] if row[1] == item})


def test_the_pairs_of_data_and_those_of_a_run_are_the_same(folder):
    data = asked(folder, "--data", str(folder / "data" / "tiny"), "--catalogue")
    run = asked(folder, "--run", "tiny", "--runs", str(folder / "runs"), "--catalogue")
    assert data[0] == list(table.IDS) and run[0] == list(table.IDS + table.REVIEWS + table.ITEMS)
    assert data[1:] == [row[:3] for row in run[1:]]
    assert len(asked(folder, "--data", str(folder / "data" / "tiny"))) < len(data)


def test_the_commands(folder, tmp_path, capsys):
    line = one_line(ended("-m", "commands.pairs", "--data", "none", "--out", str(tmp_path / "a.tsv")))
    assert "no artefact there" in line
    with pytest.raises(UserError, match="is a run; give another name"):
        evaluated(folder, "tiny", folder / "none.tsv")
    for flags in (["--scores", "a.tsv"], ["--data", "d", "--scores", "a.tsv", "--name", "n", "--run", "r"]):
        with pytest.raises(SystemExit):
            evaluate.parse_args(flags)
        assert "--scores FILE needs --data DATA and --name NAME, and excludes --run" in capsys.readouterr().err
