"""The ablation: its lines are sound and complete, and its table compares each with deeprecsys."""
import os

import numpy as np
import pytest

from experiments import ablation
from metrics import significance
from models import config as configs
from runtime.cli import UserError


def test_every_line_of_the_ablation_is_a_sound_configuration():
    lines = ablation.lines([2017, 2018], 10, "data")
    variants = [(configs.override(configs.PRESETS[trial.preset], trial.settings), trial.data) for line in lines
                for trial in line.trials]
    assert len(set(variants)) == len(variants) == 2 * len(
        ablation.ADDED + ablation.FLIPPED + ablation.ALONE + ablation.CONTROLS + ablation.LATER)
    assert len({trial.name for line in lines for trial in line.trials}) == len(variants)
    last = variants[2 * len(ablation.ADDED) - 2][0]  # with all additions it is the default but for usefulness
    default = configs.ModelConfig(epochs=10)
    assert {field for field in default._fields if getattr(default, field) != getattr(last, field)} == {
        "usefulness"}
    assert [data for config, data in variants if data] == [os.path.join("data", kind) for kind in (
        "dummy", "dummy", "shuffled", "shuffled")]


def test_the_ablation_changes_every_switch_of_the_network():
    """Except sizes, numbers that a search chooses, and switches that need another conv_layout or pool."""
    changed = {field for _, fields in ablation.ALONE + ablation.LATER for field in fields}
    changed |= {field for _, fields, _ in ablation.ADDED + ablation.FLIPPED for field in fields}
    switches = set(configs.CHOICES) | {field for field, value in configs.ModelConfig()._asdict().items()
                                       if isinstance(value, bool)}
    assert switches - changed == {"conv_layout", "review_pool", "encoder"}


def ablation_record(value, data="sample", explanation=tuple(ablation.COLUMNS)):
    """A record of two seeds whose runs all have the same value of each measure, but the first has half of it."""
    names = [trial.name for line in ablation.lines([1, 2], 3) for trial in line.trials]
    return {"ablation": data, "seeds": [1, 2], "epochs": 3,
            "gaps": [{"difference": -.5, "low": -.75, "high": .25}] * (len(names) // 2),
            "reports": [{"run": name, "explanation": dict.fromkeys(explanation, size),
                         "ratings": {"deeprecsys": {"rmse": size}}}
                        for name, size in zip(names, [value / 2] + [value] * len(names))]}


def test_a_record_of_an_earlier_version_has_the_first_lines():
    record, lines = ablation_record(1.), ablation.lines([1, 2], 3)
    earlier = dict(record, gaps=record["gaps"][:-1], reports=record["reports"][:-2])
    assert [line.label for line in ablation.lines_of(earlier)] == [line.label for line in lines[:-1]]
    with pytest.raises(UserError, match="other lines than those of this version"):
        ablation.lines_of(dict(record, reports=record["reports"][2:]))


def test_table_of_the_ablation():
    lines = ablation.lines([1, 2], 3)
    rows = ablation.table(ablation_record(1.))
    assert len(rows) == 2 + len(lines) and rows[2].count("0.750 ± 0.354") == 7 and rows[3].count("1.000") == 7
    assert rows[2].endswith(f" | -0.5000 [-0.7500, +0.2500] | {lines[0].lesson} |")
    assert rows[2 + ablation.DEFAULT].startswith("| deeprecsys: ") and "-0.5000" not in rows[2 + ablation.DEFAULT]
    elsewhere = ablation.table(ablation_record(1., "toys", ["agreement_cosine_1"]))
    assert elsewhere[0].startswith("| variant | first shown: cosine | test RMSE | squared-error difference")
    assert {row.count("|") for row in elsewhere} == {5} and lines[0].lesson not in "".join(elsewhere)


def test_a_record_holds_what_its_table_shows_and_no_more():
    reports = [dict(report, explanation_rules={}, explanation=dict(report["explanation"], other=1.))
               for report in ablation_record(1.)["reports"]]
    record = ablation.record("sample", [1, 2], 3, reports, ablation_record(1.)["gaps"])
    assert record == ablation_record(1.)


def test_a_record_of_other_lines_is_refused():
    record = ablation_record(1.)
    with pytest.raises(UserError, match="other lines"):
        ablation.table(dict(record, reports=record["reports"][2:]))


def test_lines_of_the_ablation_are_compared_with_the_default(tmp_path):
    lines = ablation.lines([1, 2], 3)
    for number, line in enumerate(lines):
        for seed, trial in enumerate(line.trials):
            folder = tmp_path / trial.name / "evaluation"
            folder.mkdir(parents=True)
            predicted = np.full(5, 4. + (number - ablation.DEFAULT) / 100)
            np.savez(str(folder / "pairs.npz"), user=np.arange(5), rating=np.full(5, 4. - seed), shown=np.ones((5, 3)),
                     **{"predicted/deeprecsys": predicted})
    gaps = ablation.gaps(lines, str(tmp_path))
    assert len(gaps) == len(lines) and gaps[ablation.DEFAULT]["difference"] == 0
    step = .03  # stars by which the line's predictions differ, for errors of 0 and 1 stars
    assert gaps[ablation.DEFAULT + 3]["difference"] == pytest.approx(-(step ** 2 + (1 + step) ** 2 - 1) / 2)
    assert "p_holm" not in gaps[ablation.DEFAULT]  # which is compared with itself
    others = [gap for gap in gaps if gap is not gaps[ablation.DEFAULT]]
    np.testing.assert_allclose([gap["p_holm"] for gap in others], significance.holm([gap["p"] for gap in others]))
