"""The limits of a running server: work of one request, values of a body, bodies that are decoded at the same time."""
import gzip
import os
import threading

import grpc
import numpy as np
import pytest

from serving import signatures as wire
from serving.client import INVALID, ModelClient, ModelServerError
from serving.server import start as model_server
from serving.server.servables import work
from tests.serving.conftest import MODEL, Rest
from tests.serving.contract.requests import predicted

LIMIT = 5000


@pytest.fixture(scope="module")
def limited(model_folder):
    server = model_server.start(MODEL, str(model_folder / MODEL), max_request_cost=LIMIT)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def small(limited):
    return Rest(limited.rest_url)


@pytest.mark.parametrize("body", [
    {"inputs": [1.] * (LIMIT + 1)}, {"instances": [[]] * LIMIT}, {"inputs": [{}] * (LIMIT // 4)},
    {"inputs": [[[[1]]]] * LIMIT}])
def test_a_body_of_many_values_is_refused_before_it_is_decoded(small, body):
    error = small.refused(body)
    assert "--max_request_cost" in error and str(LIMIT) in error
    assert small.predict({"inputs": [1] * 1000}).status_code == 200


def test_a_long_text_is_one_value(small):
    answer = small.predict({"signature_name": "text", "inputs": ["x" * 10 ** 6]})
    assert answer.status_code == 200


def test_a_compressed_body_of_many_values_is_refused(small):
    body = gzip.compress(b'{"inputs": [' + b"1," * 10 ** 6 + b"1]}")
    answer = small.post(body, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400 and "--max_request_cost" in answer.json()["error"]


def test_examples_of_many_values_are_refused(small):
    answer = small.post({"signature_name": "regress", "examples": [{"x": 1.}] * LIMIT}, ":regress")
    assert answer.status_code == 400 and "--max_request_cost" in answer.json()["error"]


@pytest.mark.parametrize("shape", [[LIMIT + 1], [100, 100]])
def test_a_message_that_declares_many_values_is_refused(limited, shape):
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

    request = predict_pb2.PredictRequest()
    request.model_spec.name = MODEL
    request.inputs["x"].dtype = 1
    for length in shape:
        request.inputs["x"].tensor_shape.dim.add(size=length)
    with grpc.insecure_channel(limited.grpc_address) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
        assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "--max_request_cost" in raised.value.details()
        assert predicted(channel, MODEL, x=np.float32([1])) == {"y": [3]}


def test_bytes_that_are_no_message_are_an_error_of_the_client(limited):
    with grpc.insecure_channel(limited.grpc_address) as channel:
        call = channel.unary_unary("/tensorflow.serving.PredictionService/Predict")
        with pytest.raises(grpc.RpcError) as raised:
            call(b"\xff\xff", timeout=30)
        assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_large_bodies_wait_for_their_turn_or_are_refused(limited, small, monkeypatch):
    body = b'{"inputs": [1]' + b" " * work.LARGE_BODY + b"}"
    monkeypatch.setattr(work, "LARGE_BODY", 1000)
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(Rest(limited.rest_url).predict(body).status_code))
               for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503} and 200 in statuses
    assert small.predict(body).json() == {"outputs": [3]}


def test_a_ranking_for_many_users_equals_rankings_for_each_and_is_limited(tiny_export, monkeypatch):
    monkeypatch.setattr(work, "EXPENSIVE", 1)  # every user is a slice
    server = model_server.start("m", os.path.join(tiny_export, "serve"), max_request_cost=10 ** 5)
    try:
        client, users = ModelClient(server.rest_url, "m", timeout=60), np.arange(5, dtype=np.int32)
        for signature in (wire.RANK, wire.RANK_UNBOUGHT):
            answer = client.predict(signature, {wire.USER: users, wire.TOP_K: 3})
            for user in users:
                alone = client.predict(signature, {wire.USER: [user], wire.TOP_K: 3})
                for name, array in alone.items():
                    np.testing.assert_array_equal(answer[name][user], array[0])
        with pytest.raises(ModelServerError, match="--max_request_cost") as raised:
            client.predict(wire.RANK, {wire.USER: np.resize(users, 20000), wire.TOP_K: 3})
        assert raised.value.reason == INVALID
    finally:
        server.stop()
