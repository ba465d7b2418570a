"""Many models, versions and labels, while the configuration changes."""
import threading

import grpc
import numpy as np
import pytest

from runtime.cli import UserError
from serving.client import ModelClient
from serving.server import start as model_server
from serving.server.config import Model, Settings
from serving.server.servables.models import Models
from serving.server.servables.saved_model import SavedModel
from serving.server.status import StatusError
from tensorflow_serving.apis import model_management_pb2, model_service_pb2_grpc
from tests.serving.saved_models import line, save
from tests.support.waiting import until

ONE = {"x": np.float32([1])}


@pytest.fixture
def folder(tmp_path):
    """Models `a` and `b` with versions 1 to 3; y = version * x of `a`, 10 * version * x of `b`."""
    for name, factor in (("a", 1), ("b", 10)):
        for version in (1, 2, 3):
            save(tmp_path / name / str(version), serving_default=line(version * factor, 0))
    return tmp_path


@pytest.fixture
def made():
    """Creates `Models` and stops them after the test."""
    started = []

    def make(*configs, **settings):
        models = Models(Settings(poll_seconds=0, **settings),
                        lambda name, path, version: SavedModel(path, version))
        started.append(models)
        models.start(configs)
        return models

    yield make
    for models in started:
        models.stop()


def config(folder, name, *policy, **labels):
    return Model(name, str(folder / name), policy or ("latest", 1), tuple(labels.items()))


def answer(models, name, version=None):
    with models.use(name, version) as model:
        return float(model.predict("serving_default", ONE)["y"][0])


def loaded(models, name):
    return [version for version, state in models.states(name).items() if state.state == "AVAILABLE"]


@pytest.mark.parametrize("policy, versions", [
    (("latest", 1), [3]), (("latest", 2), [3, 2]), (("latest", 9), [3, 2, 1]),
    (("all",), [3, 2, 1]), (("specific", (1, 3, 8)), [3, 1])])
def test_policies(folder, made, policy, versions):
    models = made(config(folder, "a", *policy))
    assert loaded(models, "a") == versions
    assert [answer(models, "a", version) for version in versions] == versions
    assert answer(models, "a") == 3


def test_a_broken_version_is_replaced_by_the_next_smaller_one(folder, made):
    (folder / "a" / "3" / "saved_model.pb").write_bytes(b"no")
    models = made(config(folder, "a", "latest", 2))
    assert loaded(models, "a") == [2, 1] and models.states("a", 3)[3].error.message


def test_models_are_added_removed_and_changed_while_others_serve(folder, made):
    models = made(config(folder, "a"))
    models.reload([config(folder, "a", "specific", (1,)), config(folder, "b")])
    assert (answer(models, "a"), answer(models, "b")) == (1, 30)
    models.reload([config(folder, "b", "all")])
    assert loaded(models, "b") == [3, 2, 1] and loaded(models, "a") == []
    with pytest.raises(StatusError, match=r"Servable not found for request: Latest\(a\)"):
        answer(models, "a")
    assert models.states("a", 1)[1].state == "END"
    models.reload([config(folder, "a"), config(folder, "b")])
    assert (answer(models, "a"), loaded(models, "b")) == (3, [3])


def test_the_same_version_in_another_folder_takes_over(folder, made):
    models = made(config(folder, "a"))
    models.reload([Model("a", str(folder / "b"))])
    assert answer(models, "a", 3) == 30 and loaded(models, "a") == [3]


def test_a_broken_version_in_another_folder_does_not_replace_the_loaded_one(folder, made):
    (folder / "b" / "3" / "saved_model.pb").write_bytes(b"no")
    models = made(config(folder, "a"))
    for _ in range(2):
        models.reload([Model("a", str(folder / "b"), ("specific", (3,)))])
        assert answer(models, "a", 3) == 3 and loaded(models, "a") == [3]


def test_a_policy_that_selects_no_version_unloads_all(folder, made):
    models = made(config(folder, "a"))
    models.reload([config(folder, "a", "specific", (7,))])
    assert loaded(models, "a") == []


def test_labels(folder, made):
    models = made(config(folder, "a", "all", stable=1, canary=3))
    assert (models.labelled("a", "stable"), models.labelled("a", "canary")) == (1, 3)
    for name, label in (("a", "best"), ("b", "stable")):
        with pytest.raises(StatusError, match=f"Unrecognized servable version label: {label}"):
            models.labelled(name, label)
    models.reload([config(folder, "a", "all", stable=3)])
    assert models.labelled("a", "stable") == 3
    with pytest.raises(StatusError, match="canary"):
        models.labelled("a", "canary")


def test_a_label_of_a_missing_version_changes_nothing(folder, made):
    models = made(config(folder, "a", "latest", 1, stable=3))
    message = "Request to assign label to version 9 of model a, which is not currently available"
    with pytest.raises(StatusError, match=message) as raised:
        models.reload([config(folder, "a", "all", stable=9), config(folder, "b")])
    assert raised.value.code == "FAILED_PRECONDITION"
    assert models.labelled("a", "stable") == 3 and loaded(models, "a") == [3]
    assert models.served_name("b") == ""


def test_a_new_label_may_precede_its_version_if_allowed(folder, made):
    models = made(config(folder, "a", "latest", 1, stable=3), labels_before_versions=True)
    models.reload([config(folder, "a", "latest", 1, stable=3, next=4)])
    assert models.labelled("a", "next") == 4
    with pytest.raises(StatusError, match="version 5 of model a"):  # it is in use
        models.reload([config(folder, "a", "latest", 1, stable=5)])


def test_a_new_model_without_a_version_is_reported(folder, made):
    models = made(config(folder, "a"))
    (folder / "c").mkdir()
    with pytest.raises(StatusError, match="1 model.s. did not become available: {{name: c}}"):
        models.reload([config(folder, "a"), config(folder, "c")])
    assert answer(models, "a") == 3


def test_a_server_does_not_start_with_a_label_of_a_missing_version(folder):
    with pytest.raises(UserError, match="assign label to version 9 of model a"):
        model_server.start_models([config(folder, "a", "latest", 1, stable=9)])


def test_a_reload_over_grpc_and_by_file_under_load(folder):
    """Every response comes from a version that the configuration selects, and no request fails."""
    text = """model_config_list {{ config {{
              name: "a" base_path: "{}/a" model_platform: "tensorflow"
              model_version_policy {{ specific {{ versions: {} }} }} }} }}"""
    server = model_server.start_models([config(folder, "a", "specific", (1,))])
    seen, over = [], threading.Event()

    def ask(client):
        while not over.is_set():
            seen.append(float(client.predict("serving_default", ONE)["y"][0]))

    try:
        clients = [ModelClient(url, "a", timeout=30)
                   for url in (server.rest_url, "grpc://" + server.grpc_address)]
        threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        reload_to(server, folder, 2)
        until(lambda: 2 in seen)
        path = folder / "models.config"
        path.write_text(text.format(folder, 3))
        server.follow(str(path), .02, None)
        until(lambda: 3 in seen)
        over.set()
        for thread in threads:
            thread.join()
        path.write_text("no config")
        assert clients[0].predict("serving_default", ONE)["y"] == [3]
        assert set(seen) == {1, 2, 3}
    finally:
        over.set()
        server.stop()


def reload_to(server, folder, version):
    request = model_management_pb2.ReloadConfigRequest()
    entry = request.config.model_config_list.config.add(
        name="a", base_path=str(folder / "a"), model_platform="tensorflow")
    entry.model_version_policy.specific.versions.append(version)
    with grpc.insecure_channel(server.grpc_address) as channel:
        stub = model_service_pb2_grpc.ModelServiceStub(channel)
        assert stub.HandleReloadConfigRequest(request, timeout=30).status.error_code == 0
        with pytest.raises(grpc.RpcError, match="Only ModelConfigList is currently supported"):
            stub.HandleReloadConfigRequest(model_management_pb2.ReloadConfigRequest(), timeout=30)
        entry.model_platform = "caffe"
        with pytest.raises(grpc.RpcError, match="requests unsupported platform caffe"):
            stub.HandleReloadConfigRequest(request, timeout=30)
