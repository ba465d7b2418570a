"""A trial: what it draws, when it ends, and that Optuna says nothing of itself."""
import subprocess
import sys

import pytest

from experiments import trials
from models import config as configs
from models.run_folder import runs
from preprocessing import artefact as contract
from runtime.project import ROOT

BASE = configs.ModelConfig()


def drawn(number, seed=3, base=BASE, fixed=()):
    return trials.draw(trials.ask([[]] * (number - 1), seed), base, fixed)


def records(*errors):
    return [{"epoch": epoch, "validation_rmse": error} for epoch, error in enumerate(errors, 1)]


def test_draws_are_of_seed_and_number():
    configurations = [drawn(number) for number in range(1, 200)]
    assert configurations[0] == BASE and len(set(configurations)) == len(configurations)
    assert drawn(7) == configurations[6] != drawn(7, seed=4)
    others = [records(.9, .8), [], records(1.)] * 2  # what came of the trials before shifts no draw
    assert trials.draw(trials.ask(others, 3), BASE, ()) == configurations[6]
    for field, (kind, *values) in trials.SPACE.items():
        seen = [getattr(config, field) for config in configurations[1:]]
        assert min(values) <= min(seen) and max(seen) <= max(values)
        if kind == trials.ONE_OF:
            assert set(seen) == set(values)
        else:  # half of all lie below the middle, of the logarithm where it is log-uniform
            low, high = values
            middle = (low * high) ** .5 if kind == trials.LOG else (low + high) / 2
            assert 60 < sum(value < middle for value in seen) < 140
            assert all(value == float(f"{value:.3g}") for value in seen)


def test_what_is_set_or_left_out_stays():
    fixed = drawn(5, base=BASE._replace(filters=7), fixed={"filters": 7})
    assert fixed.filters == 7 and fixed._replace(filters=1) == drawn(5)._replace(filters=1)
    drawing = drawn(5, base=configs.PRESETS["drawing"])
    assert drawing.own_review_loss == drawing.usefulness_loss == 0 and drawing.l2 != BASE.l2


@pytest.mark.parametrize("errors, others, ends", [
    ((.9, .95), [(1., .8), (1., .85), (1., .87)], True), ((.9, .86), [(1., .8), (1., .85), (1., .87)], True),
    ((.9, .85), [(1., .8), (1., .85), (1., .87)], False), ((2.,), [(1.,)] * 3, False),
    ((2., 2.), [(1., 1.)] * 2, False), ((2., 2.), [(1., 1.)] * 2 + [(1.,), ()], False),
    ((.9, .95), [(.95, .9, .1)] * 3, False), ((2., 2.), [(1., 1.5)] * 3 + [()], True)])
def test_a_trial_below_the_median_ends(errors, others, ends):
    before = [records(*other) for other in others]
    trial = trials.ask(before, 3)
    told = [trials.hopeless(trial, records(*errors[:epochs])) for epochs in range(1, len(errors) + 1)]
    assert told == [False] * (len(errors) - 1) + [ends]
    assert trials.hopeless(trials.ask(before, 3), records(*errors)) == ends  # one that goes on


def test_a_hopeless_run_ends_and_is_finished(tiny_data, tmp_path):
    config = configs.override(BASE, {"epochs": 5, "filters": 7, "attention_dim": 8, "batch_size": 64})
    folder, artefact = str(tmp_path / "trial-4"), contract.load(tiny_data.data_folder)
    runs.create(folder, tiny_data.data_folder, "default", config)
    assert trials.history(folder) is None
    trials.train(trials.ask([records(.1, .1, .1)] * 3, 3), folder, artefact)
    assert len(trials.history(folder)) == 2


def test_optuna_says_nothing_of_itself():
    """Neither what it logs of studies nor warnings of what it may change."""
    code = ("from experiments import trials; trial = trials.ask([[{'validation_rmse': 1.}] * 3] * 3 + [[]], 3); "
            "trials.draw(trial, trials.configs.ModelConfig(), ()); "
            "trials.hopeless(trial, [{'validation_rmse': 2.}])")
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT,
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    assert said == b""
