"""The benchmark of training on a tiny corpus: which figures it measures and prints, never how fast it is."""
import json
import os
import time

import numpy as np
import pytest

from benchmarks import process_memory
from benchmarks.training import measurements, speed
from models.network import kernels
from runtime import scratch
from runtime.cli import UserError

TINY = ["--shape", "instruments", "--factor", ".06", "--steps", "2", "--dense_steps", "1", "--set", "filters=7",
        "--set", "attention_dim=8", "--set", "batch_size=32"]
FIELDS = {"filters": 7, "attention_dim": 8, "batch_size": 32}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("corpora") / "tiny")
    measurements.build(folder, "instruments", .06)
    return folder


def test_an_existing_corpus_is_used(corpus):
    before = os.stat(os.path.join(corpus, "meta.json")).st_mtime_ns
    assert measurements.build(corpus, "instruments", .06)["N"] == int(10261 * .06)
    assert os.stat(os.path.join(corpus, "meta.json")).st_mtime_ns == before


def test_a_gpu_that_is_not_there_is_an_error_of_one_line(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    with pytest.raises(UserError, match="--device gpu: TensorFlow sees no GPU") as error:
        speed.main(["--device", "gpu", "--only", "speed"])
    assert "\n" not in str(error.value)


def check(figures):
    """Checks the figures of a training of two steps with a validation."""
    assert figures["steps"] == 2 and figures["validation_pairs"] == figures["sizes"]["N"] // 10
    assert 0 < figures["training_peak_mib"] <= figures["peak_memory_mib"]
    pairs = int(.8 * figures["sizes"]["N"])
    assert figures["epoch_seconds"] * figures["samples_per_second"] == pytest.approx(pairs)


@pytest.mark.parametrize("encoder", ["fast", pytest.param("dense", marks=pytest.mark.slow)])
def test_training_is_measured(corpus, encoder):
    check(measurements.train(corpus, 2, encoder=encoder, **FIELDS))


def test_the_plain_formulation_gives_the_same_loss(corpus):
    with measurements.open_trainer(corpus, 1, encoder="dense", attention_keep_prob=1., dropout_keep_prob=1.,
                                   query_id_keep_prob=1., **FIELDS) as trainer:
        loss = [trainer.session.run(trainer.loss, next(source)[1])
                for source in (trainer.batches(1), measurements.plain_batches(trainer))]
        _, shared = next(trainer.batches(1))
        _, plain = next(measurements.plain_batches(trainer))
    assert loss[0] == pytest.approx(loss[1], abs=1e-5)
    tokens = trainer.inputs.item.tokens
    slots = sum(plain[part].size for part in (trainer.inputs.item.slots, trainer.inputs.item.other_slots))
    assert plain[tokens].shape == (1 + slots + 32, trainer.artefact.review_tokens.shape[1])
    assert len(shared[tokens]) < len(plain[tokens])


@pytest.mark.slow
def test_a_profile_contains_all_stages(corpus):
    stages = measurements.profile(corpus, 2, **FIELDS)
    assert set(stages) == {"host batch preparation", *measurements.STAGES}
    fused = {"forward kernel", "backward kernel", "projection"} if kernels.numba is None else set()
    assert all(stages[stage] > 0 for stage in set(stages) - fused)


@pytest.mark.slow
def test_another_seed_gives_other_weights(corpus):
    first, second = (measurements.fingerprint(corpus, 1, threads=1, seed=seed, **FIELDS) for seed in (2017, 5))
    assert first != second


@pytest.mark.slow
def test_the_command_prints_and_writes_its_figures(in_this_process, tmp_path, capsys, monkeypatch):
    out, folder = str(tmp_path / "figures.json"), str(tmp_path / "corpora")
    monkeypatch.setattr(speed, "REPEAT_THREADS", (1,))
    speed.main(TINY + ["--folder", folder, "--out", out, "--only", "speed", "--only", "repeat"])
    printed = capsys.readouterr().out
    with open(out, encoding="utf-8") as text:
        figures = json.load(text)
    check(figures["fast"])
    for name in ("dense", "plain"):
        ratio = figures["fast"]["samples_per_second"] / figures[name]["samples_per_second"]
        assert figures[f"fast_times_{name}"] == pytest.approx(ratio)
    assert figures["bit_identical_1_threads"] is True
    assert "1 thread: bit-identical" in printed and "fast / dense" in printed and "peak resident memory" in printed
    assert os.listdir(folder) == ["instruments-0.06"]


def test_the_memory_of_the_process_alone_is_watched():
    with process_memory.OwnPeak() as own:
        array = np.ones(2 ** 24)  # 128 MiB
        time.sleep(3 * process_memory.INTERVAL)
    assert own.mib > 128 and array.all()


@pytest.mark.slow
def test_training_from_files_is_measured_beside_training_in_memory(in_this_process, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(speed, "DISK_TIMES", (1, 2))
    monkeypatch.setattr(scratch, "IN_MEMORY", scratch.IN_MEMORY)
    speed.main(TINY + ["--only", "disk", "--out", str(tmp_path / "figures.json")])
    for row in json.loads((tmp_path / "figures.json").read_text())["disk"]:
        for figures in row.values():
            check(figures)
            assert figures["own_mib"] > 0
    assert capsys.readouterr().out.count("target of the ratio") == 2


@pytest.mark.slow
def test_two_workers_send_what_is_computed_for_two(in_this_process, tmp_path, capsys):
    speed.main(TINY + ["--only", "workers", "--out", str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text())
    alone, two = figures["workers"][:2]
    assert len(alone["cpu_seconds"]) == 1 and alone["sent_bytes_per_step"] == [0] and len(two["cpu_seconds"]) == 2
    computed = sum(figures["volume"]["2"].values())
    assert sum(two["sent_bytes_per_step"]) / 2 == pytest.approx(computed, rel=.1)
    joined = [figures["volume"][count]["joined"] for count in sorted(figures["volume"], key=int)]
    assert joined == sorted(joined) and "on paper" in capsys.readouterr().out


@pytest.mark.parametrize("arguments, message", [
    (["--steps", "0"], "--steps 0: give a number above 0"), (["--factor", "-1"], "above 0"),
    (["--factor", ".0001"], "fewer than 500 reviews"), (["--shape", "books"], "invalid choice"),
    (["--set", "filters"], "give FIELD=VALUE")])
def test_a_wrong_argument_is_reported_in_one_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        speed.parse_args(arguments)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1
