"""Training can be stopped and resumed, reads no test data, and fails with one line."""
import json
import os

import numpy as np
import pytest

from models.run_folder.selection import best_epoch, tie
from models.training import validation
from models.training.trainer import Trainer
from runtime.cli import UserError
from runtime.tf1 import tf
from tests.models.building import artefact, config

A = artefact()
SETTINGS = config(epochs=3, patience=9)


def weights(folder, name="final"):
    """{variable: value} of a checkpoint of a run."""
    reader = tf.train.load_checkpoint(os.path.join(str(folder), "checkpoints", name, "weights"))
    return {variable: reader.get_tensor(variable)
            for variable in reader.get_variable_to_shape_map()}


def records(folder):
    with open(os.path.join(str(folder), "metrics.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def assert_same(one, other):
    assert set(one) == set(other)
    for name, value in one.items():
        np.testing.assert_allclose(value, other[name], atol=1e-6, err_msg=name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """(folder, record of the best epoch) of a run of three epochs."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, Trainer(SETTINGS, A, str(folder)).train()


def test_the_files_of_a_finished_run(whole):
    folder, best = whole
    history = records(folder)
    assert [record["epoch"] for record in history] == [1, 2, 3]
    assert {"loss", "train_rmse", "validation_rmse", "validation_own_auc", "samples_per_second",
            "peak_memory_mib"} <= set(history[0])
    with open(str(folder / "checkpoint.json"), encoding="utf-8") as text:
        state = json.load(text)
    assert state["finished"] and state["last"] == 3
    assert state["best"] == best["epoch"] == best_epoch(history, tie(SETTINGS))
    kept = {"final", "epoch-3", f"epoch-{best['epoch']}"}
    assert set(os.listdir(str(folder / "checkpoints"))) == kept
    assert state["history"] == history
    assert set(state["calibrated"]) == {
        "lexical_scale", "mix", "personal_scale", "words_scale", "typicality_scale", "length_scale",
        "expected_scale", "enough", "softness", "sharpness", "vote_gain", "vote_shrink"}
    assert any("tfevents" in name for name in os.listdir(str(folder / "summaries")))


@pytest.mark.slow
def test_a_run_stopped_before_its_first_checkpoint_starts_again(whole, tmp_path):
    Trainer(SETTINGS, A, str(tmp_path)).train(resume=True)
    assert_same(weights(tmp_path), weights(whole[0]))


def test_ratings_and_words_of_test_are_never_read(whole, tmp_path):
    stars, tokens = A.review_rating.copy(), A.review_tokens.copy()
    stars[A.test.review] = np.nan
    tokens[A.test.review] = np.where(tokens[A.test.review] > 0, 1, 0)
    unknown = np.full(len(A.test.rating), np.nan, np.float32)
    poisoned = A._replace(review_rating=stars, review_tokens=tokens,
                          test=A.test._replace(rating=unknown))
    Trainer(SETTINGS, poisoned, str(tmp_path)).train()
    assert_same(weights(tmp_path), weights(whole[0]))


@pytest.mark.slow
def test_another_seed_gives_another_run(whole, tmp_path):
    Trainer(SETTINGS._replace(seed=5, epochs=1), A, str(tmp_path)).train()
    first = records(tmp_path)[0]["loss"]
    assert abs(first - records(whole[0])[0]["loss"]) > 1e-4


@pytest.mark.parametrize("batch_size", [pytest.param(5, marks=pytest.mark.slow), 100])
def test_a_loss_that_is_not_finite_ends_training_with_one_line(tmp_path, batch_size):
    """It ends in the middle of an epoch or, where an epoch is one step, after it."""
    settings = config(learning_rate=1e30, batch_size=batch_size)
    with pytest.raises(UserError,
                       match="is nan .*epoch 1.*; no checkpoint yet; .*lower --lr") as error:
        Trainer(settings, A, str(tmp_path)).train()
    assert "\n" not in str(error.value) and not (tmp_path / "checkpoint.json").exists()


def poisoned_step(monkeypatch, epoch, step, poison):
    """Makes `poison(trainer, fed)` change the feed of one step; returns the rows of that step."""
    real, rows_fed = Trainer.batches, []

    def batches(self, number):
        for count, (rows, fed) in enumerate(real(self, number), 1):
            if (number, count) == (epoch, step):
                poison(self, fed)
                rows_fed.extend(rows)
            yield rows, fed

    monkeypatch.setattr(Trainer, "batches", batches)
    return rows_fed


@pytest.mark.slow
def test_the_error_names_the_batch_and_the_last_good_checkpoint(
        whole, tmp_path, monkeypatch):
    rows = poisoned_step(monkeypatch, 2, 3,
                         lambda trainer, fed: fed[trainer.targets.rating].fill(np.inf))
    with pytest.raises(UserError) as error:
        Trainer(SETTINGS, A, str(tmp_path)).train()
    first = ", ".join(str(row) for row in rows[:5])
    count = len(A.train.user) - 2 * SETTINGS.batch_size
    dots = ", ..." if count > 5 else ""
    assert f"the loss is inf at epoch 2, step 3, training rows {first}{dots} ({count} in all); " in str(error.value)
    assert f"last good checkpoint: {tmp_path}/checkpoints/epoch-1" in str(error.value)
    assert len(rows) == count and [record["epoch"] for record in records(tmp_path)] == [1]
    monkeypatch.undo()
    Trainer(SETTINGS, A, str(tmp_path)).train(resume=True)
    assert_same(weights(tmp_path), weights(whole[0]))


def test_a_gradient_that_is_not_finite_ends_training_at_its_step(tmp_path, monkeypatch):
    """The loss is still finite there; the step after it would be the wrong one to name."""
    def huge(trainer, fed):
        fed[trainer.inputs.
            lexical][:] = 1e25  # a score of 1e26 gives a loss of 1e26; the square of its gradient is not finite

    poisoned_step(monkeypatch, 1, 2, huge)
    with pytest.raises(
            UserError,
            match=r"the gradient norm of \S+ is (inf|nan) at epoch 1, step 2, training rows"):
        Trainer(SETTINGS, A, str(tmp_path)).train()


def test_a_variable_that_is_not_finite_is_never_saved(tmp_path):
    trainer = Trainer(SETTINGS, A, str(tmp_path))
    slot = [
        variable for variable in trainer.session.graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
        if variable.op.name == "item/pool/Adam_1"
    ][0]
    real = trainer._steps

    def steps(epoch, count):
        means = real(epoch, count)
        slot.load(np.full(slot.shape.as_list(), np.nan), trainer.session)
        return means

    trainer._steps = steps
    with pytest.raises(
            UserError,
            match="the variable item/pool/Adam_1 is not finite after epoch 1; no checkpoint yet"):
        trainer.train()
    assert not (tmp_path / "checkpoint.json").exists()


def test_training_ends_after_the_patience_without_improvement(tmp_path):
    settings = config(epochs=30, patience=2, learning_rate=1e-9)
    Trainer(settings, A, str(tmp_path)).train()
    assert len(records(tmp_path)) == 1 + 2


def test_of_many_validation_pairs_a_sample_is_measured(tmp_path, monkeypatch):
    trainer, measured, real = Trainer(SETTINGS, A, str(tmp_path)), [], validation.measure
    monkeypatch.setattr(validation, "MOST", 2)
    monkeypatch.setattr(validation, "measure", lambda predictor, split, title: measured.append(split) or real(
        predictor, split, title))
    for epoch in (1, 2):
        trainer.validate(epoch)
    first, second = measured
    assert len(first.user) == 2 < len(A.validation.user)
    assert set(first.review) <= set(A.validation.review) and first.review.tolist() == second.review.tolist()


def test_an_epoch_reads_each_training_pair_once(tmp_path):
    trainer = Trainer(SETTINGS, A, str(tmp_path))
    epochs, seeds = [], set()
    for epoch in (1, 2):
        fed = [batch for _, batch in trainer.batches(epoch)]
        epochs.append(np.concatenate([np.stack([batch[trainer.inputs.user.id],
                                                batch[trainer.inputs.item.id]], 1)
                                      for batch in fed]))
        seeds |= {tuple(batch[trainer.seed]) for batch in fed}
        assert (len(fed), len(seeds)) == (3, 3 * epoch)  # other noise in every step
    pairs = sorted(zip(A.train.user, A.train.item))
    assert [sorted(map(tuple, epoch)) for epoch in epochs] == [pairs, pairs]
    assert not np.array_equal(*epochs)


def _trained(folder, epochs, decay):
    """{variable: value} after the last of some epochs, in which the attention's learning rate decays."""
    folder = folder / f"{epochs}-{decay}"
    Trainer(SETTINGS._replace(epochs=epochs, attention_rate_decay=decay), A, str(folder)).train()
    return weights(folder, f"epoch-{epochs}")


def test_only_the_attention_learns_slower_in_later_epochs(tmp_path):
    """With a decay near 0 the attention stands still from the second epoch on; all else goes on learning."""
    first, last, fast = (_trained(tmp_path, epochs, decay) for epochs, decay in ((1, 1.), (3, 1e-9), (3, 1.)))
    for name in ("item/key_text", "item/key_bag", "item/query_id", "user/temperature", "item/lexical_scale"):
        np.testing.assert_allclose(last[name], first[name], atol=1e-8, err_msg=name)
        assert np.abs(fast[name] - first[name]).max() > 1e-5, name
    for name in ("item/conv", "item/pool", "user/latent", "item/word_vectors", "rating/weight"):
        assert np.abs(last[name] - first[name]).max() > 1e-5, name
