"""Epochs as parts of a pass over the training pairs."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.passes import Passes
from models.training.trainer import Trainer
from tests.models.training.test_trainer import SETTINGS, A, records, weights


@given(st.integers(1, 40), st.data(), st.integers(0, 2 ** 31 - 1))
def test_the_epochs_of_a_pass_read_each_pair_once(pairs, data, seed):
    epochs = data.draw(st.integers(1, pairs))
    passes = Passes(pairs, epochs, seed)
    for number in (0, 1, 2):
        parts = [passes.rows(number * epochs + part) for part in range(1, epochs + 1)]
        assert {passes.of(number * epochs + part) for part in range(1, epochs + 1)} == {number}
        assert np.concatenate(parts).tolist() == Passes(pairs, 1, seed).rows(number + 1).tolist()
        assert sorted(np.concatenate(parts)) == list(range(pairs)) and max(map(len, parts)) - min(map(len, parts)) <= 1


def test_each_pass_has_an_order_of_its_own():
    passes = Passes(50, 1, 2017)
    assert passes.rows(1).tolist() != passes.rows(2).tolist()
    assert passes.rows(2).tolist() == Passes(50, 1, 2018).rows(1).tolist() == passes.rows(2).tolist()


def test_the_rate_of_the_attention_falls_with_passes(tmp_path):
    trainer = Trainer(SETTINGS._replace(epochs_per_pass=3, attention_rate_decay=.5), A, str(tmp_path))
    rates = [fed[trainer.attention_rate] for epoch in range(1, 8) for _, fed in trainer.batches(epoch)]
    first = SETTINGS.learning_rate
    assert sorted(set(rates), reverse=True) == pytest.approx([first, first / 2, first / 4])
    assert rates == sorted(rates, reverse=True)


def test_a_run_goes_on_within_a_pass(tmp_path):
    settings = SETTINGS._replace(epochs=3, epochs_per_pass=2)
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    Trainer(settings, A, str(whole)).train()
    Trainer(settings._replace(epochs=1), A, str(stopped)).train()
    Trainer(settings, A, str(stopped)).train(resume=True)
    for name, value in weights(whole).items():
        np.testing.assert_array_equal(weights(stopped)[name], value, err_msg=name)
    assert [record["epoch"] for record in records(stopped)] == [1, 2, 3]
