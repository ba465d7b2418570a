"""The log line of a request: its fields, its level, and that clients cannot forge lines."""
import logging

import grpc
import pytest

from serving.server import access_log
from serving.server.rest import json_response
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
from tests.serving.conftest import MODEL, VERSION


@pytest.fixture
def requests_log(caplog):
    """`caplog` with the log of requests switched on."""
    caplog.set_level(logging.INFO, access_log.access.name)
    return caplog


def test_rest_requests_are_logged_with_model_version_signature_and_status(rest, requests_log):
    rest.predict({"signature_name": "gather", "inputs": [1]})
    rest.predict({"signature_name": "gather", "inputs": [99]})
    rest.get("/metadata")
    success, failure, metadata = requests_log.messages
    fields = f"REST predict model={MODEL} version={VERSION} signature=gather status="
    assert success.startswith(fields + "200 ") and success.endswith(" ms")
    assert failure.startswith(fields + "400 ") and "99" in failure.split(" ms: ")[1]
    assert metadata.startswith(f"REST metadata model={MODEL} version={VERSION} ")
    assert {record.levelname for record in requests_log.records} == {"INFO"}


def test_grpc_requests_are_logged(channel, requests_log):
    request = predict_pb2.PredictRequest(model_spec={"name": MODEL, "signature_name": "absent"})
    with pytest.raises(grpc.RpcError):
        prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
    line, = requests_log.messages
    assert line.startswith(f"gRPC Predict model={MODEL} version=- signature=absent status=FAILED_PRECONDITION ")


def test_an_internal_error_is_logged_with_its_cause_even_if_requests_are_not_logged(rest, caplog, monkeypatch):
    monkeypatch.setattr(json_response, "encode", lambda *_: 1 / 0)
    assert rest.predict({"signature_name": "gather", "inputs": [1]}).status_code == 500
    record, = caplog.records
    assert record.levelname == "ERROR" and "ZeroDivisionError" in record.getMessage() and record.exc_info


def test_a_client_cannot_write_its_own_log_lines(requests_log):
    request = access_log.Request("REST", "GET /v1/models/x")
    request.about(model="a\n2026 INFO forged\u2028" + "b" * 1000)
    request.log(404, 404, "not\nfound")
    line, = requests_log.messages
    assert line.isprintable() and "a\\n2026" in line and len(line) < 500
