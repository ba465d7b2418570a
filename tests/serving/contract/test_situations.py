"""Each situation of the test of `tensorflow_model_server`, on models of our own; docs/serving.md lists them."""
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import grpc
import numpy as np
import pytest

from runtime.project import ROOT
from serving.server import start as model_server
from tests.serving import saved_models
from tests.serving.contract.requests import predict, predicted
from tests.support.waiting import until

ONE = np.float32([2])
CONFIG = 'config {{ name: "{}" base_path: "{}" model_platform: "tensorflow" }}\n'
LIST = "model_config_list {{ {} }}"


@saved_models.method("regress")
def half_plus_two():
    serialised, x, _ = saved_models.examples()
    return {"inputs": serialised}, {"outputs": x / 2 + 2}


@saved_models.method("classify")
def scores():
    serialised, x, _ = saved_models.examples()
    return {"inputs": serialised}, {"scores": (x / 2 + 2)[:, None]}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The folder of a model y = x / 2 + 2, version 123, with a signature of each method."""
    folder = tmp_path_factory.mktemp("half_plus_two")
    saved_models.save(folder / "00000123", serving_default=saved_models.line(.5, 2), regress_x_to_y=half_plus_two,
                      classify_x_to_y=scores)
    return folder


class Process:
    """A server process, its Unix socket and its addresses."""

    def __init__(self, folder, *arguments):
        self.socket, self.log = os.path.join(str(folder), "grpc.sock"), ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "serving.server", "--grpc_socket_path", self.socket, "--port=0", "--host=127.0.0.1",
             *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE, universal_newlines=True)
        for line in self._process.stderr:
            self.log += line
            if "gRPC at " in line:
                self.rest = line.split("REST at ")[1].split(",")[0] if "REST at" in line else None
                self.grpc = line.split("gRPC at ")[1].split(" ")[0].strip()
                break
            if "error: " in line:
                break

    def end(self, number=signal.SIGTERM):
        """Returns the exit code; `number` is a signal to send, or None."""
        if number:
            self._process.send_signal(number)
        self.log += self._process.communicate(timeout=60)[1]
        return self._process.returncode


@contextmanager
def served(folder, *arguments):
    process = Process(folder, *arguments)
    try:
        with grpc.insecure_channel(process.grpc) as channel:
            yield process, channel
    finally:
        process.end()


@pytest.fixture(scope="module")
def default(base, tmp_path_factory, unused):
    monitoring = tmp_path_factory.mktemp("monitoring") / "monitoring.config"
    monitoring.write_text("prometheus_config { enable: true }")
    with served(monitoring.parent, "--model_name=default", "--model_base_path", base, "--rest_api_port", unused(),
                "--rest_api_timeout_in_ms=5000", "--monitoring_config_file", monitoring,
                "--grpc_channel_arguments=grpc.max_connection_age_ms=2000,grpc.lb_policy_name=grpclb") as running:
        yield running


@pytest.fixture(scope="module")
def unused():
    """A function that gives a port that is free now."""
    import socket

    def port():
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            return taken.getsockname()[1]

    return port


def call(url, body=None):
    request = urllib.request.Request(url, body and json.dumps(body).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        text = answer.read().decode()
        return json.loads(text) if "json" in answer.headers["Content-Type"] else text


def test_predict_over_the_port_with_and_without_a_filter_of_outputs(default):
    _, channel = default
    for outputs in ((), ("y",)):
        answer = predict(channel, "default", "", outputs, x=ONE)
        assert list(answer.outputs["y"].float_val) == [3] and answer.outputs["y"].dtype == 1
        assert (answer.model_spec.name, answer.model_spec.signature_name, answer.model_spec.version.value) == (
            "default", "serving_default", 123)


def test_predict_over_a_unix_socket(default):
    process, _ = default
    with grpc.insecure_channel(f"unix:{process.socket}") as channel:
        assert predicted(channel, "default", x=ONE) == {"y": [3]}


def test_a_request_for_a_missing_model_says_servable(default):
    with pytest.raises(grpc.RpcError) as raised:
        predict(default[1], "intentionally_missing_model")
    assert "Servable" in raised.value.details() and raised.value.code() == grpc.StatusCode.NOT_FOUND


def test_predict_classify_and_regress_over_rest(default):
    url = default[0].rest + "/v1/models/default"
    assert call(url + ":predict", {"instances": [2., 3., 4.]}) == {"predictions": [3., 3.5, 4.]}
    assert call(url + ":predict", {"inputs": [2., 3., 4.]}) == {"outputs": [3., 3.5, 4.]}
    example = {"examples": [{"x": 2.}]}
    assert call(url + ":classify", dict(example, signature_name="classify_x_to_y")) == {"results": [[["", 3.]]]}
    assert call(url + ":regress", dict(example, signature_name="regress_x_to_y")) == {"results": [3.]}


def test_status_metadata_and_metrics_over_rest(default):
    url = default[0].rest + "/v1/models/default"
    assert call(url) == {"model_version_status": [
        {"version": "123", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}]}
    metadata = call(url + "/metadata")
    assert metadata["model_spec"] == {"name": "default", "signature_name": "", "version": "123"}
    assert set(metadata) == {"model_spec", "metadata"} and "modelSpec" not in metadata
    assert set(metadata["metadata"]["signature_def"]["signature_def"]) == {
        "serving_default", "classify_x_to_y", "regress_x_to_y"}
    assert "# TYPE" in call(default[0].rest + "/monitoring/prometheus/metrics")


def test_a_file_of_two_models(base, tmp_path):
    saved_models.save(tmp_path / "three" / "1", serving_default=saved_models.line(.5, 3))
    config = tmp_path / "models.config"
    config.write_text(LIST.format(CONFIG.format("half_plus_two", base)
                                  + CONFIG.format("half_plus_three", tmp_path / "three")))
    with served(tmp_path, "--model_config_file", config, "--rest_api_port=0") as (_, channel):
        assert predicted(channel, "half_plus_two", x=ONE) == {"y": [3]}
        assert predicted(channel, "half_plus_three", x=ONE) == {"y": [4]}


def test_a_damaged_file_of_models_ends_the_server_with_the_words_that_clients_look_for(tmp_path):
    config = tmp_path / "models.config"
    config.write_text("improperly formatted file")
    process = Process(tmp_path, "--model_config_file", config)
    assert process.end(None) == 2
    assert "Error parsing text-format tensorflow.serving.ModelServerConfig" in process.log


@pytest.mark.parametrize("period", [.1, 0])
def test_the_file_of_models_is_read_again_only_where_a_period_is_given(base, tmp_path, period):
    saved_models.save(tmp_path / "three" / "1", serving_default=saved_models.line(.5, 3))
    config = tmp_path / "models.config"
    config.write_text(LIST.format(CONFIG.format("half_plus_two", base)))
    with served(tmp_path, "--model_config_file", config, "--rest_api_port=0",
                f"--model_config_file_poll_wait_seconds={period}") as (_, channel):
        assert predicted(channel, "half_plus_two", x=ONE) == {"y": [3]}
        config.write_text(LIST.format(CONFIG.format("half_plus_three", tmp_path / "three")))

        def is_changed():
            try:
                return predicted(channel, "half_plus_three", x=ONE) == {"y": [4]}
            except grpc.RpcError:
                return False

        if period:
            until(is_changed)
        else:
            assert not is_changed() and predicted(channel, "half_plus_two", x=ONE) == {"y": [3]}


def test_batching_with_a_file_of_parameters(base, tmp_path):
    (tmp_path / "batching").write_text("max_batch_size { value: 128 } batch_timeout_micros { value: 0 }\n"
                                       "max_enqueued_batches { value: 1000 } num_batch_threads { value: 8 }")
    with served(tmp_path, "--model_name=default", "--model_base_path", base, "--rest_api_port=0", "--enable_batching",
                "--batching_parameters_file", tmp_path / "batching") as (_, channel):
        assert predicted(channel, "default", "", ("y",), x=ONE) == {"y": [3]}


@pytest.mark.parametrize("file, says", [("export.meta", "SessionBundle"), ("model.tflite", "TensorFlow Lite")])
def test_other_formats_are_refused_in_one_line(tmp_path, caplog, file, says):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / file).write_bytes(b"")
    server = model_server.start("old", str(tmp_path))
    try:
        line, = [record.getMessage() for record in caplog.records if "cannot be loaded" in record.getMessage()]
        assert says in line and "export a SavedModel" in line and "\n" not in line
        with pytest.raises(urllib.error.HTTPError) as raised:
            call(server.rest_url + "/v1/models/old:predict", {"inputs": [1]})
        assert raised.value.code == 404
    finally:
        server.stop()


def test_models_of_tensorflow_2_with_several_signatures_and_a_keras_model(tmp_path):
    code = """
import sys
import tensorflow as tf
tf = tf.compat.v2
tf.enable_v2_behavior()
spec = [tf.TensorSpec(None, tf.float32)]
root = tf.train.Checkpoint()
root.v1, root.v2 = tf.Variable(3.), tf.Variable(2.)
root.f = tf.function(lambda x: {"y": root.v1 * root.v2 * x}, input_signature=spec)
root.g = tf.function(lambda x: {"y": root.v1 + 0 * x}, input_signature=spec)
tf.saved_model.save(root, sys.argv[1] + "/two/00000123", signatures={"serving_default": root.f, "other": root.g})
model = tf.keras.models.Sequential([tf.keras.layers.Input(dtype="float32", shape=(1,), name="x"),
                                    tf.keras.layers.Dense(1, kernel_initializer="ones", name="y")])
(model.export if hasattr(model, "export") else lambda path: tf.saved_model.save(model, path))(
    sys.argv[1] + "/keras/00000123")
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=str(tmp_path), check=True, timeout=300,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name, calls in (("two", [("", ONE, [12]), ("other", ONE, [3])]), ("keras", [("", ONE[:, None], [[2]])])):
        server = model_server.start("default", str(tmp_path / name))
        try:
            with grpc.insecure_channel(server.grpc_address) as channel:
                for signature, array, expected in calls:
                    url = server.rest_url + "/v1/models/default/metadata"
                    entry = call(url)["metadata"]["signature_def"]["signature_def"][signature or "serving_default"]
                    (given,), (output,) = entry["inputs"], entry["outputs"]
                    assert predicted(channel, "default", signature, **{given: array}) == {output: expected}
        finally:
            server.stop()
