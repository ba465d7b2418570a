"""A trial of a search: its draws, its early stop, and that Optuna logs nothing."""
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


def test_draws_depend_on_seed_and_number_only():
    configurations = [drawn(number) for number in range(1, 200)]
    assert configurations[0] == BASE and len(set(configurations)) == len(configurations)
    assert drawn(7) == configurations[6] != drawn(7, seed=4)
    histories = [records(.9, .8), [], records(1.)] * 2  # results of earlier trials shift no draw
    assert trials.draw(trials.ask(histories, 3), BASE, ()) == configurations[6]
    for field, (kind, *values) in trials.SPACE.items():
        drawn_values = [getattr(config, field) for config in configurations[1:]]
        assert min(values) <= min(drawn_values) and max(drawn_values) <= max(values)
        if kind == trials.ONE_OF:
            assert set(drawn_values) == set(values)
        else:  # half of all lie below the middle, of the logarithm where it is log-uniform
            low, high = values
            middle = (low * high) ** .5 if kind == trials.LOG else (low + high) / 2
            assert 60 < sum(value < middle for value in drawn_values) < 140
            assert all(value == float(f"{value:.3g}") for value in drawn_values)


def test_fields_that_are_set_and_losses_that_are_0_keep_their_values():
    fixed = drawn(5, base=BASE._replace(filters=7), fixed={"filters": 7})
    assert fixed.filters == 7 and fixed._replace(filters=1) == drawn(5)._replace(filters=1)
    drawing = drawn(5, base=configs.PRESETS["drawing"])
    assert drawing.own_review_loss == 0 and drawing.l2 != BASE.l2


@pytest.mark.parametrize("errors, earlier, ends", [
    ((.9, .95), [(1., .8), (1., .85), (1., .87)], True), ((.9, .86), [(1., .8), (1., .85), (1., .87)], True),
    ((.9, .85), [(1., .8), (1., .85), (1., .87)], False), ((2.,), [(1.,)] * 3, False),
    ((2., 2.), [(1., 1.)] * 2, False), ((2., 2.), [(1., 1.)] * 2 + [(1.,), ()], False),
    ((.9, .95), [(.95, .9, .1)] * 3, False), ((2., 2.), [(1., 1.5)] * 3 + [()], True)])
def test_a_trial_worse_than_the_median_stops(errors, earlier, ends):
    before = [records(*history) for history in earlier]
    trial = trials.ask(before, 3)
    stops = [trials.hopeless(trial, records(*errors[:epochs])) for epochs in range(1, len(errors) + 1)]
    assert stops == [False] * (len(errors) - 1) + [ends]
    assert trials.hopeless(trials.ask(before, 3), records(*errors)) == ends  # a trial that was resumed


def test_a_run_that_is_stopped_early_is_finished(tiny_data, tmp_path):
    config = configs.override(BASE, {"epochs": 5, "filters": 7, "attention_dim": 8, "batch_size": 64})
    folder, artefact = str(tmp_path / "trial-4"), contract.load(tiny_data.data_folder)
    runs.create(folder, tiny_data.data_folder, "default", config)
    assert trials.history(folder) is None
    trials.train(trials.ask([records(.1, .1, .1)] * 3, 3), folder, artefact)
    assert len(trials.history(folder)) == 2


def test_optuna_logs_nothing():
    """Neither its log lines on studies nor its warnings about experimental features."""
    code = ("from experiments import trials; trial = trials.ask([[{'validation_rmse': 1.}] * 3] * 3 + [[]], 3); "
            "trials.draw(trial, trials.configs.ModelConfig(), ()); "
            "trials.hopeless(trial, [{'validation_rmse': 2.}])")
    output = subprocess.run([sys.executable, "-c", code], cwd=ROOT,
                            check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    assert output == b""
