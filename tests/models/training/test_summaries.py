"""The summaries that TensorBoard reads, and the measures in them."""
import glob
import os

import numpy as np
import pytest

from models.training import summaries
from models.training.summaries import Summaries
from models.training.trainer import Trainer
from runtime.tf1 import tf
from tests.models.building import artefact, config

A = artefact()


def events(folder):
    """All events of a run, file by file in order of their start."""
    return [
        event for path in sorted(glob.glob(os.path.join(str(folder), "summaries", "*tfevents*")))
        for event in tf.train.summary_iterator(path)
    ]


def summaries_of(folder):
    """({(epoch, tag): number}, {(epoch, tag): HistogramProto}); no (epoch, tag) occurs twice."""
    values = [(event.step, value) for event in events(folder) for value in event.summary.value]
    scalars = [((step, value.tag), value.simple_value) for step, value in values
               if not value.HasField("histo")]
    histograms = [((step, value.tag), value.histo) for step, value in values
                  if value.HasField("histo")]
    assert len(dict(scalars)) == len(scalars) and len(dict(histograms)) == len(histograms)
    return dict(scalars), dict(histograms)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(folder, Trainer after its two epochs, before its calibration)."""
    folder = tmp_path_factory.mktemp("run")
    trainer = Trainer(config(), A, str(folder))
    trainer._finish = lambda history: history
    return folder, trainer, trainer.train()


def test_the_summaries_hold_every_number_of_the_metrics(trained):
    folder, _, history = trained
    scalars, _ = summaries_of(folder)
    for record in history:
        for tag, value in record.items():
            assert tag == "epoch" or scalars[record["epoch"], tag] == pytest.approx(value, rel=1e-6)
    assert {step for step, _ in scalars} == {1, 2}


def test_attention(trained):
    folder, trainer, _ = trained
    scalars, histograms = summaries_of(folder)
    network, split = trainer.network, A.validation
    answers = trainer.predictor(split.user, split.item, split.review)
    count = (answers.item_slots > 0).sum(1)
    spread = [-sum(w * np.log(w) for w in weights if w > 0) / np.log(n)
              for weights, n in zip(answers.outputs.item_weights.astype(float), count) if n > 1]
    assert len(spread) > 1 and 0 < scalars[2, "attention/entropy"] < 1
    assert scalars[2, "attention/entropy"] == pytest.approx(np.mean(spread), abs=1e-5)
    assert histograms[2, "attention/entropy_of_pairs"].num == len(spread)
    for name, variable in (("g", network.vote_gain), ("t", network.item.temperature),
                           ("kappa", network.item.lexical_scale)):
        assert scalars[2, f"attention/{name}"] == pytest.approx(trainer.session.run(variable),
                                                                rel=1e-6)
        assert scalars[1, f"attention/{name}"] != scalars[2, f"attention/{name}"]  # it is trained


def test_errors_of_validation(trained):
    folder, trainer, history = trained
    for record in history:
        histogram = summaries_of(folder)[1][record["epoch"], "validation/error"]
        assert histogram.num == len(A.validation.user) == sum(histogram.bucket)
        assert histogram.sum_squares / histogram.num == pytest.approx(record["validation_rmse"]**2,
                                                                      rel=1e-4)


GROUPS = {
    "user/words", "user/encoder", "user/attention", "user/latents", "item/words", "item/encoder",
    "item/attention", "item/latents", "rating"
}


@pytest.mark.parametrize("preset, parameters", [
    ("default", {"g", "t", "kappa"}), ("drawing", set())])
def test_only_trained_parameters_have_a_curve(tmp_path, preset, parameters):
    Trainer(config(preset, epochs=1), A, str(tmp_path)).train()
    scalars, _ = summaries_of(tmp_path)
    norms = {
        tag.split("/", 1)[1]: value
        for (_, tag), value in scalars.items() if tag.startswith("gradient_norm/")
    }
    assert set(norms) == GROUPS and all(value > 0 for value in norms.values())
    assert {tag for _, tag in scalars if tag.startswith("attention/")} == {
        f"attention/{name}" for name in parameters | {"entropy"}}


def test_a_gradient_norm_is_the_norm_of_the_gradient(trained):
    """Of one step, in numpy."""
    _, trainer, _ = trained
    with trainer.session.graph.as_default():
        pool = [trainer.network.user.pool_kernel, trainer.network.user.pool_bias]
        dense = tf.gradients(trainer.loss, pool)
        pairs = list(zip(dense, pool))
        norm = summaries.gradient_norms(pairs)["user/latents"]
    fed = next(trainer.batches(1))[1]
    arrays, value = trainer.session.run((dense, norm), fed)
    assert value == pytest.approx(np.sqrt(sum((array.astype(float)**2).sum() for array in arrays)),
                                  rel=1e-5)


def test_a_resumed_run_replaces_the_summaries_of_a_killed_process(tmp_path):
    """By the start event, after which TensorBoard ignores events of this epoch and later ones in older files."""
    with Summaries(str(tmp_path), 1) as first:
        first.write(1, {"loss": 1.}, {})
        first.write(2, {"loss": 2.}, {})
    with Summaries(str(tmp_path), 2) as second:
        second.write(2, {"loss": 3.}, {})
    written = events(tmp_path)
    starts = [event.step for event in written if event.session_log.status == tf.SessionLog.START]
    assert starts == [1, 2]
    assert [event.file_version for event in written if event.file_version] == ["brain.Event:2"] * 2
    kept = {}
    for event in written:
        if event.session_log.status == tf.SessionLog.START:
            kept = {step: value for step, value in kept.items() if step < event.step}
        kept.update({event.step: value.simple_value for value in event.summary.value})
    assert kept == {1: 1., 2: 3.}


def test_summaries_are_on_disk_before_the_file_is_closed(tmp_path):
    shown = Summaries(str(tmp_path), 1)
    shown.write(1, {"loss": 1.}, {"x": np.arange(5.), "nothing": np.zeros(0)})
    scalars, histograms = summaries_of(tmp_path)
    assert scalars == {(1, "loss"): 1.} and list(histograms) == [(1, "x")]


@pytest.mark.parametrize("weights, real, expected", [
    ([[.25, .25, .25, .25]], [[1, 1, 1, 1]], [1.]), ([[1, 0, 0]], [[1, 1, 1]], [0.]),
    ([[.5, .5, 0]], [[1, 1, 0]], [1.]), ([[1, 0]], [[1, 0]], []), ([[0, 0]], [[0, 0]], []),
    ([[.5, .5, 0, 0]], [[1, 1, 1, 1]], [.5]),
    ([[.25, .25, .5]], [[1, 1, 0]], [1.])])  # of the weights on reviews alone
def test_entropy(weights, real, expected):
    np.testing.assert_allclose(summaries.entropy(np.array(weights, float), np.array(real, bool)),
                               expected,
                               atol=1e-12)


@pytest.mark.parametrize(
    "values",
    [np.arange(7.),
     np.full(3, 2.),
     np.array([-1.5]),
     np.random.RandomState(1).normal(size=(5, 7))])
def test_a_histogram(values):
    made = summaries.histogram(values)
    assert (made.num, made.min, made.max) == (values.size, values.min(), values.max())
    assert made.sum == pytest.approx(values.sum()) and made.sum_squares == pytest.approx(
        (values**2).sum())
    assert sum(made.bucket) == values.size and len(made.bucket) == len(made.bucket_limit)
    assert list(made.bucket_limit) == sorted(
        made.bucket_limit) and made.bucket_limit[-1] >= values.max()


@pytest.mark.parametrize("name, group", [("user/conv", "user/encoder"),
                                         ("item/word_vectors", "item/words"),
                                         ("words/word_vectors", "words/words"),
                                         ("item/key_text", "item/attention"),
                                         ("user/latent", "user/latents"),
                                         ("rating/weight", "rating"), ("shown/mix", "shown")])
def test_groups(name, group):
    assert summaries.group_of(name) == group
