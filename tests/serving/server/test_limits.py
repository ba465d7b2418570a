"""The limits of a running server: work of one request, values of a body, bodies that are decoded at the same time."""
import gzip
import json
import os
import threading

import grpc
import numpy as np
import pytest

from serving import signatures as wire
from serving.client import ModelClient
from serving.errors import INVALID, ModelServerError
from serving.server import start as model_server
from serving.server.servables import costs, work
from serving.server.servables.saved_model import SavedModel
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


USERS, ITEMS = np.arange(5, dtype=np.int32), np.int32([3, 14, 0, 7, 3])
EXCLUDING = {wire.USER: USERS, wire.TOP_K: np.int32(3), wire.UNBOUGHT: np.array(True),
             wire.EXCLUDED: np.int32([[1], [-1], [0], [4], [2]])}
REQUESTS = {wire.RANK: {wire.USER: USERS, wire.TOP_K: np.int32(3)},
            wire.RANK_UNBOUGHT: {wire.USER: USERS, wire.TOP_K: np.int32(3)},
            wire.RANK_EXCLUDING: EXCLUDING, wire.RANK_EVIDENCE: EXCLUDING,
            wire.EXPLAIN: {wire.USER: USERS, wire.ITEM: ITEMS},
            wire.FOLD_IN_EXPLAIN: {wire.TEXTS: np.int32([[[2, 3], [4, 0]]]), wire.RATED_ITEMS: np.int32([[4, -1]]),
                                   wire.STARS: np.float32([[5, 0]]), wire.ITEM: ITEMS}}


def texts(folder):
    """A request to the signature serving_default of five rows, with as many reviews and words as the model has."""
    with open(os.path.join(folder, "assets", "meta.json"), encoding="utf-8") as text:
        sizes = json.load(text)["sizes"]
    random = np.random.RandomState(0)
    reviews = {name: random.randint(0, sizes["V"], (5, sizes[side], sizes["L"])).astype(np.int32)
               for name, side in ((wire.TEXTS_USER, "R_user"), (wire.TEXTS_ITEM, "R_item"))}
    return dict(reviews, **{wire.USER: USERS[:, None], wire.ITEM: ITEMS[:, None],
                            wire.RESIDUALS_ITEM: random.normal(size=(5, sizes["R_item"])).astype(np.float32)})


def test_slices_of_an_expensive_request_equal_the_whole(tiny_export, monkeypatch):
    monkeypatch.setattr(work, "EXPENSIVE", 1)  # every row is a slice
    folder = os.path.join(tiny_export, "serve", "1")
    model = SavedModel(folder, 1)
    requests = dict(REQUESTS, **{wire.SERVING_DEFAULT: texts(folder)})
    assert set(requests) == set(costs.SLICED)
    for signature, inputs in requests.items():
        model.work = None
        whole = model.predict(signature, inputs)
        model.work = work.Work(10 ** 9, 8)
        for name, array in model.predict(signature, inputs).items():
            np.testing.assert_allclose(array, whole[name], rtol=1e-5, atol=1e-6)
    model.close()


def test_every_signature_of_an_export_has_a_cost_and_a_limit(tiny_export):
    folder = os.path.join(tiny_export, "serve")
    server = model_server.start("m", folder, max_request_cost=10 ** 5)
    try:
        client = ModelClient(server.rest_url, "m", timeout=60)
        with server._models.use("m") as model:
            known = costs.RANKING + costs.FOLDING_IN + costs.EXPLAINING + (wire.SERVING_DEFAULT,)
            assert set(known) == set(model.signatures)
        for signature, inputs in REQUESTS.items():
            many = {name: np.resize(array, (20000,) + array.shape[1:])
                    if array.ndim and name not in costs.OF_NEW_USER else array for name, array in inputs.items()}
            with pytest.raises(ModelServerError, match="--max_request_cost") as raised:
                client.predict(signature, many)
            assert raised.value.reason == INVALID
    finally:
        server.stop()


def new_user(texts):
    return {wire.TEXTS: np.ones((1, texts, 1), np.int32), wire.RATED_ITEMS: np.full((1, texts), -1, np.int32),
            wire.STARS: np.zeros((1, texts), np.float32)}


def test_a_new_user_of_many_texts_is_refused_by_the_graph_and_by_the_cost(tiny_export):
    server = model_server.start("m", os.path.join(tiny_export, "serve"))
    try:
        for url in (server.rest_url, "grpc://" + server.grpc_address):
            client = ModelClient(url, "m", timeout=60)
            for signature, more in ((wire.FOLD_IN, {wire.TOP_K: 3}), (wire.FOLD_IN_EVIDENCE, {wire.TOP_K: 3}),
                                    (wire.FOLD_IN_EXPLAIN, {wire.ITEM: [0]})):
                client.predict(signature, dict(new_user(wire.MOST_TEXTS), **more))
                for texts, says in ((wire.MOST_TEXTS + 1, "texts must hold at most 256 texts"),
                                    (400000, "--max_request_cost")):
                    with pytest.raises(ModelServerError, match=says) as raised:
                        client.predict(signature, dict(new_user(texts), **more))
                    assert raised.value.reason == INVALID and raised.value.status in (400, "INVALID_ARGUMENT")
    finally:
        server.stop()
