"""The SavedModel gives the results of the run in this process, and needs nothing of this project."""
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import tensorflow_serving
import train
from models.export import publish, versions
from runtime.cli import UserError
from runtime.tf1 import tf
from serving import signatures as wire
from tests.conftest import TINY_SIZES
from tests.support.exporting import answer


def test_explain_equals_in_process(exported):
    run, folder = exported
    user, item = run.artefact.test.user, run.artefact.test.item
    answers = run.predictor(user, item)
    here = answers.outputs
    there = answer(folder, wire.EXPLAIN, uid=user, iid=item)
    for key, wanted in ((wire.ITEM_REVIEWS, answers.item_slots), (wire.ITEM_WEIGHTS, here.item_weights),
                        (wire.ITEM_VOTES, here.votes), (wire.USER_REVIEWS, answers.user_slots),
                        (wire.USER_WEIGHTS, here.user_weights)):
        width = there[key].shape[1]
        np.testing.assert_allclose(there[key], wanted[:, :width], atol=1e-5)
        assert not wanted[:, width:].any()
    np.testing.assert_allclose(there[wire.RATING], here.rating, atol=1e-5)


def test_the_two_parts_of_an_explanation_give_its_weights(exported):
    """The weights are the softmax of both parts, but for their sharpness and, without masks, for empty slots."""
    run, folder = exported
    user, item = run.artefact.test.user, run.artefact.test.item
    there = answer(folder, wire.EXPLAIN, uid=user, iid=item)
    sharpness = np.exp(run.predictor.session.run(run.predictor.network.sharpness))
    for review, weight, personal, useful in zip(*(there[name] for name in (
            wire.ITEM_REVIEWS, wire.ITEM_WEIGHTS, wire.ITEM_PERSONAL, wire.ITEM_USEFUL))):
        real = review > 0
        assert not personal[~real].any() and not useful[~real].any()
        odds = np.exp(sharpness * (personal + useful))[real]
        np.testing.assert_allclose(weight[real] / weight[real].sum(), odds / odds.sum(), atol=1e-5)


def test_empty_batches(exported):
    none = np.zeros(0, np.int32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="uid must hold one id or more"):
        answer(exported[1], wire.RANK, uid=none, k=3)
    assert answer(exported[1], wire.EXPLAIN, uid=none, iid=none)[wire.RATING].shape == (0,)


def test_a_batch_gives_the_results_of_each_pair_alone(exported):
    users, items = np.array([3, 0, 11, 3], np.int32), np.array([7, 2, 7, 5], np.int32)  # one of them twice
    ranked, explained = (answer(exported[1], wire.RANK, uid=users, k=4),
                         answer(exported[1], wire.EXPLAIN, uid=users, iid=items))
    for row in range(len(users)):
        one = slice(row, row + 1)
        alone = answer(exported[1], wire.RANK, uid=users[one], k=4)
        np.testing.assert_array_equal(alone[wire.ITEM][0], ranked[wire.ITEM][row])
        np.testing.assert_allclose(alone[wire.RATING][0], ranked[wire.RATING][row], atol=1e-5)
        for name, values in answer(exported[1], wire.EXPLAIN, uid=users[one], iid=items[one]).items():
            wanted = explained[name][row]
            np.testing.assert_allclose(values[0], wanted[:len(values[0])] if values.ndim > 1 else wanted, atol=1e-5)


def test_serving_default_equals_in_process(exported):
    run, folder = exported
    user, item = run.artefact.test.user[:9], run.artefact.test.item[:9]
    slots = run.corpus.user_slots, run.corpus.item_slots
    answers = run.predictor(user, item, slots=slots)
    here = answers.outputs
    residuals = run.corpus.pairs(user, item, slots=slots).residuals
    tokens = run.artefact.review_tokens
    there = answer(folder, wire.SERVING_DEFAULT, texts_u=tokens[answers.user_slots],
                   texts_i=tokens[answers.item_slots],
                   uid=user[:, None], iid=item[:, None], residuals_i=residuals)
    np.testing.assert_allclose(there[wire.RATING][:, 0], here.rating, atol=1e-5)
    np.testing.assert_allclose(there[wire.ITEM_REVIEW_WEIGHTS], here.item_weights, atol=1e-5)
    np.testing.assert_allclose(there[wire.USER_REVIEW_WEIGHTS], here.user_weights, atol=1e-5)


@pytest.mark.parametrize("signature, inputs, message", [
    (wire.EXPLAIN, {"uid": [-1], "iid": [0]}, "uid must be from 0 to 39; given"),
    (wire.EXPLAIN, {"uid": [0], "iid": [10 ** 6]}, "iid must be from 0 to 14; given"),
    (wire.EXPLAIN, {"uid": [0, 1], "iid": [0]}, "uid and iid must have the same length; given"),
    (wire.RANK, {"uid": [10 ** 6], "k": 3}, "uid must be from 0 to 39"),
    (wire.RANK_UNBOUGHT, {"uid": [-1], "k": 3}, "uid must be from 0 to 39"),
    (wire.RANK_EXCLUDING, {"uid": [1], "k": 3, "exclude_iid": [[15]], "unbought": True},
     "exclude_iid must be from -1 to 14"),
    (wire.RANK_EXCLUDING, {"uid": [1], "k": 3, "exclude_iid": [[1], [1]], "unbought": True},
     "exclude_iid must have one row for each uid")])
def test_invalid_inputs_are_reported(exported, signature, inputs, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        answer(exported[1], signature, **inputs)


def test_the_saved_model_loads_without_this_project(exported, tmp_path):
    """It has standard operations only, and contains vocabulary.txt and meta.json."""
    program = ("import sys, tensorflow.compat.v1 as tf\n"
               "with tf.Session() as session:\n"
               "    tf.saved_model.load(session, ['serve'], sys.argv[1])\n"
               "    types = {op.type for op in session.graph.get_operations()}\n"
               "    print(sorted(name for name in types if 'PyFunc' in name))\n")
    done = subprocess.run([sys.executable, "-c", program, exported[1]], cwd=str(tmp_path),
                          timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert done.stdout.decode().strip() == "[]"
    assert {"meta.json", "vocabulary.txt", "signatures.txt", wire.REVIEW_COUNTS} == set(
        os.listdir(os.path.join(exported[1], "assets")))


def test_the_numbers_of_reviews_are_those_that_are_weighed(exported):
    """They may be more than training reads of an item or of a user."""
    run, folder = exported
    with np.load(os.path.join(folder, "assets", wire.REVIEW_COUNTS), allow_pickle=False) as stored:
        counts = stored["items"], stored["users"]
    for slots, count in zip(run.corpus.served_slots[::-1], counts):
        np.testing.assert_array_equal(count, (slots > 0).sum(1) if run.config.mask_padding else slots.shape[1])


@pytest.mark.slow
def test_versions_are_new_and_old_ones_pruned(tiny_run, tmp_path, caplog):
    caplog.set_level("INFO", "recsys")
    out = str(tmp_path / "serve")
    for _ in range(3):
        tensorflow_serving.main(["--run", tiny_run.run_folder, "--out", out, "--keep", "2"])
    assert sorted(os.listdir(out)) == ["2", "3"]
    assert "[1/4]" in caplog.text and "[4/4]" in caplog.text
    for command in ("./run serve --model_base_path " + out, "./run shop --run "):
        assert command in caplog.messages[-1]


def test_a_folder_holds_versions_of_one_run_alone(exported, tmp_path):
    run, folder = exported
    with open(os.path.join(folder, "assets", "meta.json"), encoding="utf-8") as text:
        name = json.load(text)["run"]
    out = os.path.dirname(folder)
    versions.require_same_run(out, os.path.join("elsewhere", name))  # the same run, trained again
    versions.require_same_run(str(tmp_path / "missing"), "another")
    (tmp_path / "7" / "variables").mkdir(parents=True)  # a version that does not say of which run it is
    versions.require_same_run(str(tmp_path), "another")
    with pytest.raises(UserError, match=f"those of the run {name}, not of another.*such as .*another"):
        versions.require_same_run(out, os.path.join("runs", "another", ""))


def test_the_next_version_follows_the_highest(tiny_run, tmp_path):
    for name in ("7", "10", "x", "latest"):
        (tmp_path / "serve" / name).mkdir(parents=True)
    assert os.path.basename(publish.export(tiny_run.run_folder, str(tmp_path / "serve"))) == "11"
    assert sorted(os.listdir(str(tmp_path / "serve"))) == ["10", "11", "7", "latest", "x"]
    assert publish.size_of(str(tmp_path / "serve" / "11")) > 10 ** 4


def test_a_failing_export_leaves_no_files(tiny_run, tmp_path, monkeypatch):
    from models.export import saved_model as writer

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "_save", fails)
    with pytest.raises(UserError, match="No space left on device"):
        publish.export(tiny_run.run_folder, str(tmp_path / "serve"))
    assert os.listdir(str(tmp_path / "serve")) == []


def test_words_outside_the_vocabulary_are_invalid_arguments(exported):
    run, folder = exported
    length = run.artefact.review_tokens.shape[1]
    for word in (len(run.artefact.vocabulary), -1):
        texts = np.ones((1, 2, length), np.int32)
        texts[0, 1, 0] = word
        with pytest.raises(tf.errors.InvalidArgumentError, match="texts_[ui] must be from 0 to"):
            answer(folder, wire.SERVING_DEFAULT, texts_u=texts, texts_i=texts, uid=[[0]], iid=[[0]],
                   residuals_i=np.zeros((1, 2), np.float32))


def test_nothing_of_held_out_reviews_is_exported(exported):
    run, folder = exported
    a = run.artefact
    reader = tf.train.load_checkpoint(os.path.join(folder, "variables", "variables"))
    held_out = np.concatenate([a.validation.review, a.test.review])
    starts = reader.get_tensor("catalogue/bags/start")
    assert not np.diff(starts)[held_out].any() and np.diff(starts)[a.train.review].all()
    for name in ("users", "items"):
        rows = reader.get_tensor(f"catalogue/{name}/review")
        assert not set(rows) & set(held_out) and set(rows[rows > 0]) <= set(a.train.review)


@pytest.mark.parametrize("setting, settings", [
    ("attention_query=author", ["attention_query=author", "lexical_skip=off", "own_review_loss=0"]),
    pytest.param("interaction=fm", ["interaction=fm"], marks=pytest.mark.slow),
    pytest.param("id_latents=off", ["id_latents=off"], marks=pytest.mark.slow)])
def test_a_network_that_the_signatures_do_not_support_is_refused(setting, settings, tiny_run, tmp_path):
    train.main(["--data", tiny_run.data_folder, "--runs", str(tmp_path), "--name", "r", "-e", "1"]
               + [part for setting in settings for part in ("--set", setting)] + TINY_SIZES)
    with pytest.raises(UserError, match=f"{setting} cannot be exported"):
        tensorflow_serving.main(["--run", str(tmp_path / "r"), "--out", str(tmp_path / "serve")])
    assert os.listdir(str(tmp_path / "serve")) == []


def test_an_export_of_no_run_leaves_no_files(tmp_path):
    with pytest.raises(UserError, match="not a run"):
        tensorflow_serving.main(["--run", "missing", "--runs", str(tmp_path), "--out",
                                 str(tmp_path / "serve")])
    assert not os.path.exists(str(tmp_path / "serve"))


def test_the_installed_package_is_found_from_the_root():
    from tensorflow_serving.apis import predict_pb2
    assert predict_pb2.PredictRequest().inputs == {}


@pytest.mark.parametrize("flags", [["--rankings", "-1"], ["--rankings", "x"], ["--keep", "0"]])
def test_flags_out_of_range_are_refused(flags, capsys):
    with pytest.raises(SystemExit) as ended:
        tensorflow_serving.parse_args(flags)
    assert ended.value.code == 2 and flags[0] in capsys.readouterr().err
