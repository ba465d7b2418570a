"""The benchmark of training at a tiny shape: what it measures and tells, never how fast."""
import json
import os

import pytest

from benchmarks import __main__ as benches
from benchmarks.training import measurements, speed
from models.network import kernels
from runtime import cli

TINY = ["--shape", "instruments", "--factor", ".06", "--steps", "2", "--dense_steps", "1", "--set", "filters=7",
        "--set", "attention_dim=8", "--set", "batch_size=32"]
FIELDS = {"filters": 7, "attention_dim": 8, "batch_size": 32}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("corpora") / "tiny")
    measurements.build(folder, "instruments", .06)
    return folder


def test_a_corpus_that_stands_is_used(corpus):
    before = os.stat(os.path.join(corpus, "meta.json")).st_mtime_ns
    assert measurements.build(corpus, "instruments", .06)["N"] == int(10261 * .06)
    assert os.stat(os.path.join(corpus, "meta.json")).st_mtime_ns == before


@pytest.mark.parametrize("encoder", ["fast", pytest.param("dense", marks=pytest.mark.slow)])
def test_training_is_measured(corpus, encoder):
    found = measurements.train(corpus, 2, encoder=encoder, **FIELDS)
    assert found["steps"] == 2 and found["validation_pairs"] == found["sizes"]["N"] // 10
    assert 0 < found["training_peak_mib"] <= found["peak_memory_mib"]
    pairs = int(.8 * found["sizes"]["N"])
    assert found["epoch_seconds"] * found["samples_per_second"] == pytest.approx(pairs)


def test_a_review_for_each_slot_is_the_same_to_the_network(corpus):
    with measurements._trainer(corpus, 1, encoder="dense", attention_keep_prob=1., dropout_keep_prob=1.,
                               query_id_keep_prob=1., **FIELDS) as trainer:
        loss = [trainer.session.run(trainer.loss, next(source)[1])
                for source in (trainer._batches(1), measurements._plain_batches(trainer))]
        _, shared = next(trainer._batches(1))
        _, plain = next(measurements._plain_batches(trainer))
    assert loss[0] == pytest.approx(loss[1], abs=1e-5)
    tokens = trainer.inputs.item.tokens
    slots = sum(plain[part].size for part in (trainer.inputs.item.slots, trainer.inputs.item.other_slots))
    assert plain[tokens].shape == (1 + slots + 32, trainer.artefact.review_tokens.shape[1])
    assert len(shared[tokens]) < len(plain[tokens])


@pytest.mark.slow
def test_a_profile_tells_all_stages(corpus):
    found = measurements.profile(corpus, 2, **FIELDS)
    assert set(found) == {"host batch preparation", *measurements.STAGES}
    fused = {"forward kernel", "backward kernel", "projection"} if kernels.numba is None else set()
    assert all(found[stage] > 0 for stage in set(found) - fused)


@pytest.mark.slow
def test_one_thread_repeats_itself_to_the_bit(corpus):
    one, again = (measurements.fingerprint(corpus, 3, threads=1, **FIELDS) for _ in range(2))
    other = measurements.fingerprint(corpus, 3, threads=1, seed=5, **FIELDS)
    assert one == again != other


@pytest.mark.slow
def test_the_command_tells_and_writes(tmp_path, capsys):
    out, folder = str(tmp_path / "found.json"), str(tmp_path / "corpora")
    speed.main(TINY + ["--folder", folder, "--out", out, "--only", "speed", "--only", "repeat"])
    told = capsys.readouterr().out
    with open(out, encoding="utf-8") as text:
        found = json.load(text)
    for name in ("dense", "plain"):
        ratio = found["fast"]["samples_per_second"] / found[name]["samples_per_second"]
        assert found[f"fast_times_{name}"] == pytest.approx(ratio)
    assert found["bit_identical_1_threads"] is True
    assert "1 thread: bit-identical" in told and "fast / dense" in told and "peak resident memory" in told
    assert os.listdir(folder) == ["instruments-0.06"]


@pytest.mark.parametrize("arguments, message", [
    (["--steps", "0"], "--steps 0: give a number above 0"), (["--factor", "-1"], "above 0"),
    (["--factor", ".0001"], "fewer than 500 reviews"), (["--shape", "books"], "invalid choice"),
    (["--set", "filters"], "give FIELD=VALUE")])
def test_wrong_arguments(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        speed.parse_args(arguments)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["shopping"], ["--steps", "3"]])
def test_a_benchmark_that_is_none_is_told(arguments):
    names = "training, rank, tf2, load, swap, fuzz, shop"
    with pytest.raises(cli.UserError, match=f"bench: name what to measure: {names}"):
        benches.main(arguments)


def test_what_a_measurement_refuses_is_told(tmp_path):
    with pytest.raises(cli.UserError, match="train ended with code 2: .*unknown field 'filter'"):
        speed.measure("train", folder=str(tmp_path), steps=1, filter=7)
