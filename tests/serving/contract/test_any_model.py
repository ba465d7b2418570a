"""What holds for any model at any address: run against a server of your own, see conftest.py."""
import json

import grpc
import pytest

from tensorflow_serving.apis import (get_model_metadata_pb2, get_model_status_pb2, model_service_pb2_grpc, predict_pb2,
                                     prediction_service_pb2_grpc)


@pytest.fixture(scope="module")
def metadata(any_rest, any_model):
    answer = any_rest.get("/metadata", any_model)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_version_is_available(any_rest, any_channel, any_model):
    entries = any_rest.get("", any_model).json()["model_version_status"]
    assert "AVAILABLE" in {entry["state"] for entry in entries}
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = any_model
    stub = model_service_pb2_grpc.ModelServiceStub(any_channel)
    answer = stub.GetModelStatus(request, timeout=30)
    assert [str(entry.version) for entry in answer.model_version_status] == [
        entry["version"] for entry in entries]


def test_metadata_lists_signatures_and_rest_equals_grpc(metadata, any_channel, any_model):
    assert metadata["model_spec"]["name"] == any_model
    signatures = metadata["metadata"]["signature_def"]["signature_def"]
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = any_model
    answer = prediction_service_pb2_grpc.PredictionServiceStub(any_channel).GetModelMetadata(
        request, timeout=30)
    packed = get_model_metadata_pb2.SignatureDefMap()
    assert answer.metadata["signature_def"].Unpack(packed)
    assert set(packed.signature_def) == set(signatures)
    assert str(answer.model_spec.version.value) == metadata["model_spec"]["version"]
    for name, signature in signatures.items():
        assert set(packed.signature_def[name].inputs) == set(signature.get("inputs", {}))


def test_inputs_that_are_missing_are_named(metadata, any_rest, any_model):
    for name, signature in metadata["metadata"]["signature_def"]["signature_def"].items():
        if len(signature.get("inputs", {})) > 1:
            answer = any_rest.predict({"signature_name": name, "inputs": {}}, "", any_model)
            assert answer.status_code == 400
            assert answer.json()["error"].startswith("Missing named input: ")


@pytest.mark.parametrize("body, error", [
    (b"", "JSON Parse error: The document is empty"), (b"[", "JSON Parse error: "),
    (b"[1]", "Is not object"),
    (json.dumps({"signature_name": "no such one", "instances": [1]}).encode(),
     'Serving signature name: "no such one" not found in signature def')])
def test_an_invalid_body_is_reported(any_rest, any_model, body, error):
    answer = any_rest.predict(body, "", any_model)
    assert answer.status_code == 400 and error in answer.json()["error"]


def test_a_model_that_does_not_exist_is_not_found(any_rest, any_channel):
    answer = any_rest.get("", "no_such_model")
    assert answer.status_code == 404
    assert answer.json() == {"error": "Could not find any versions of model no_such_model"}
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "no_such_model"
    with pytest.raises(grpc.RpcError) as raised:
        prediction_service_pb2_grpc.PredictionServiceStub(any_channel).Predict(request, timeout=30)
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND
    assert raised.value.details() == "Servable not found for request: Latest(no_such_model)"
