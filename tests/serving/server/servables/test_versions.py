"""The versions of a model: which one is served while the folder changes."""
import os
import shutil
import threading

import numpy as np
import pytest

from serving.server.config import Model
from serving.server.servables.saved_model import SavedModel
from serving.server.servables.versions import ServedModel
from serving.server.status import StatusError
from tests.serving.saved_models import line, patient, save, scaled

ONE = {"x": np.float32([1])}


@pytest.fixture
def model(tmp_path):
    served = ServedModel(Model("m", str(tmp_path)), SavedModel)
    yield served
    served.stop()


def answer(model, version=None):
    """The output of the served model for 1, that is its slope."""
    with model.use(version) as loaded:
        return float(loaded.predict("serving_default", ONE)["y"][0])


def states(model):
    return {version: state.state for version, state in model.states().items()}


def test_the_server_waits_for_a_version_in_an_empty_folder(model, tmp_path):
    model.refresh()
    with pytest.raises(StatusError, match=r"Servable not found for request: Latest\(m\)"):
        answer(model)
    with pytest.raises(StatusError, match="Could not find any versions of model m"):
        model.states()
    save(tmp_path / "1", serving_default=line(2, 0))
    model.refresh()
    assert answer(model) == 2 and states(model) == {1: "AVAILABLE"}


def test_the_largest_number_is_served(model, tmp_path):
    for version, slope in ((9, 9), (10, 10)):
        save(tmp_path / str(version), serving_default=line(slope, 0))
    for name in ("-3", "11.tmp", "x", "1e2", "²", "9" * 30):
        (tmp_path / name).mkdir()
    (tmp_path / "12").write_text("a file is no version")
    model.refresh()
    assert answer(model) == 10 and states(model) == {10: "AVAILABLE"}


def test_a_new_version_takes_over_and_an_old_one_can_return(model, tmp_path):
    save(tmp_path / "1", serving_default=line(1, 0))
    model.refresh()
    save(tmp_path / "2", serving_default=line(2, 0))
    model.refresh()
    assert answer(model) == 2 and states(model) == {2: "AVAILABLE", 1: "END"}
    with pytest.raises(StatusError, match=r"Specific\(m, 1\)"):
        answer(model, 1)
    shutil.rmtree(str(tmp_path / "2"))
    model.refresh()
    assert answer(model) == 1 and states(model) == {2: "END", 1: "AVAILABLE"}


def test_the_last_version_can_be_removed(model, tmp_path):
    save(tmp_path / "1", serving_default=line(1, 0))
    model.refresh()
    shutil.rmtree(str(tmp_path / "1"))
    model.refresh()
    with pytest.raises(StatusError, match="Servable not found"):
        answer(model)


def test_a_missing_base_path_leaves_the_model_loaded(model, tmp_path):
    save(tmp_path / "1", serving_default=line(1, 0))
    model.refresh()
    shutil.rmtree(str(tmp_path))
    model.refresh()
    assert answer(model) == 1


def break_graph(path):
    (path / "saved_model.pb").write_bytes(b"no protocol buffer \xff\xff")


def break_graph_short(path):
    graph = path / "saved_model.pb"
    graph.write_bytes(graph.read_bytes()[:-40])


def break_weights(path):
    (path / "variables" / "variables.data-00000-of-00001").write_bytes(b"")


def break_all(path):
    shutil.rmtree(str(path))
    path.mkdir()


@pytest.mark.parametrize("harm", [break_graph, break_graph_short, break_weights, break_all])
def test_a_broken_version_is_reported_and_skipped(model, tmp_path, harm):
    save(tmp_path / "1", serving_default=line(1, 0))
    model.refresh()
    harm(save(tmp_path / "2", serving_default=line(2, 0)))
    model.refresh()
    assert answer(model) == 1 and states(model) == {2: "END", 1: "AVAILABLE"}
    failed = model.states(2)[2].error
    assert failed.code != "OK" and failed.message


def test_a_server_that_starts_with_a_broken_version_serves_the_previous_one(model, tmp_path):
    save(tmp_path / "1", serving_default=line(1, 0))
    break_weights(save(tmp_path / "2", serving_default=line(2, 0)))
    model.refresh()
    assert answer(model) == 1 and states(model) == {2: "END", 1: "AVAILABLE"}


def test_a_signature_that_cannot_run_does_not_affect_the_others(model, tmp_path):
    def same():
        inputs, _ = scaled()
        return inputs, inputs

    save(tmp_path / "1", serving_default=line(1, 0), same=same)
    model.refresh()
    assert answer(model) == 1
    with model.use() as loaded, pytest.raises(StatusError, match="both fed and fetched") as raised:
        loaded.predict("same", {"x": np.float32([[1, 2, 3]]), "scale": np.float32(1)})
    assert raised.value.code == "INVALID_ARGUMENT"


def test_a_version_in_use_stays_until_its_requests_have_ended(model, tmp_path):
    save(tmp_path / "1", serving_default=line(1, 0), patient=patient)
    model.refresh()
    results, begun = [], threading.Event()

    def ask():
        with model.use() as loaded:
            begun.set()
            results.append(int(loaded.predict("patient", {"n": np.int32(10000)})["last"]))
            results.append(float(loaded.predict("serving_default", ONE)["y"][0]))

    asking = threading.Thread(target=ask)
    asking.start()
    begun.wait()
    save(tmp_path / "2", serving_default=line(2, 0))
    model.refresh()
    asking.join()
    assert results == [10000, 1] and answer(model) == 2


def test_under_load_no_request_fails_and_none_mixes_versions(model, tmp_path):
    def both(slope):
        def build():
            inputs, outputs = line(slope, 0)()
            return inputs, {"y": outputs["y"], "twice": outputs["y"] * 2}
        return build

    save(tmp_path / "1", serving_default=both(1))
    model.refresh()
    seen, failed, over = [], [], threading.Event()

    def ask():
        while not over.is_set():
            try:
                with model.use() as loaded:
                    outputs = loaded.predict("serving_default", ONE)
                    seen.append((loaded.version, outputs["y"].item(), outputs["twice"].item()))
            except StatusError as error:
                failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in (2, 3, 4):
        save(tmp_path / str(version), serving_default=both(version))
        model.refresh()
    over.set()
    for thread in threads:
        thread.join()
    assert failed == [] and set(seen) <= {(v, float(v), 2.0 * v) for v in (1, 2, 3, 4)}
    assert answer(model) == 4 and states(model) == {4: "AVAILABLE", 3: "END", 2: "END", 1: "END"}


def test_the_watcher_finds_new_versions(tmp_path):
    loaded = threading.Event()

    def load(path, version):
        if version == 2:
            loaded.set()
        return SavedModel(path, version)

    model = ServedModel(Model("m", str(tmp_path)), load)
    save(tmp_path / "1", serving_default=line(1, 0))
    model.watch(0.01)
    try:
        model.wait()
        assert answer(model) == 1
        save(tmp_path / "half", serving_default=line(2, 0))
        os.rename(str(tmp_path / "half"), str(tmp_path / "2"))
        assert loaded.wait(30)
    finally:
        model.stop()
    assert states(model) == {2: "END", 1: "END"}
