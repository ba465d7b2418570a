"""The contract of versions and labels: which one answers, over REST and gRPC."""
import grpc
import numpy as np
import pytest

from runtime.tf1 import tf
from tensorflow_serving.apis import (get_model_status_pb2, model_service_pb2_grpc, predict_pb2,
                                     prediction_service_pb2_grpc)

BODY = {"inputs": [1.0]}


@pytest.fixture(scope="module")
def labels(rest):
    """Whether the server takes labels in an address: releases before 2.2 do over gRPC alone."""
    answer = rest.predict(BODY, "/labels/stable", "pair")
    if "Malformed" in answer.text:
        pytest.skip("the server knows no labels in REST addresses")


def over_grpc(channel, **choice):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "pair"
    if "version" in choice:
        request.model_spec.version.value = choice["version"]
    elif "label" in choice:
        request.model_spec.version_label = choice["label"]
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.float32([1])))
    answer = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
    return answer.model_spec.version.value, list(answer.outputs["y"].float_val)


def test_the_latest_version_answers_unless_a_request_names_another(rest, channel):
    assert rest.predict(BODY, "", "pair").json() == {"outputs": [2]}
    assert over_grpc(channel) == (2, [2])
    for version in (1, 2):
        assert rest.predict(BODY, f"/versions/{version}", "pair").json() == {"outputs": [version]}
        assert over_grpc(channel, version=version) == (version, [version])


def test_labels_over_grpc(channel):
    assert over_grpc(channel, label="stable") == (1, [1])
    assert over_grpc(channel, label="canary") == (2, [2])
    with pytest.raises(grpc.RpcError) as raised:
        over_grpc(channel, label="best")
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert raised.value.details() == "Unrecognized servable version label: best"


def test_labels_over_rest(rest, labels):
    for label, version in (("stable", 1), ("canary", 2)):
        assert rest.predict(BODY, f"/labels/{label}", "pair").json() == {"outputs": [version]}
        entry, = rest.get(f"/labels/{label}", "pair").json()["model_version_status"]
        assert entry["version"] == str(version)
        spec = rest.get(f"/labels/{label}/metadata", "pair").json()["model_spec"]
        assert spec["version"] == str(version)
    answer = rest.predict(BODY, "/labels/best", "pair")
    assert (answer.status_code, answer.json()) == (
        400, {"error": "Unrecognized servable version label: best"})


def test_all_versions_have_a_state_newest_first(rest, channel):
    entries = rest.get("", "pair").json()["model_version_status"]
    assert [entry["version"] for entry in entries] == ["2", "1"]
    assert {entry["state"] for entry in entries} == {"AVAILABLE"}
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "pair"
    answer = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(request, timeout=30)
    assert [entry.version for entry in answer.model_version_status] == [2, 1]
