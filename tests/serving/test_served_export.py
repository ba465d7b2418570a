"""A real export: REST equals gRPC equals the session, and a batch equals its rows."""
import os

import numpy as np
import pytest

from serving import signatures as wire
from serving.client import ModelClient
from serving.errors import INVALID, ModelServerError
from serving.server import start as model_server
from serving.server.config import Batching
from serving.server.servables.saved_model import SavedModel
from tests.serving.failing import reason

USERS, ITEMS = np.int32([3, 0, 39, 3, 17]), np.int32([0, 14, 7, 2, 7])
REQUESTS = [(wire.EXPLAIN, {wire.USER: USERS, wire.ITEM: ITEMS}),
            (wire.RANK, {wire.USER: USERS, wire.TOP_K: np.int32(7)}),
            (wire.RANK_UNBOUGHT, {wire.USER: USERS[:2], wire.TOP_K: np.int32(15)})]


@pytest.fixture(scope="module")
def version_folder(tiny_export):
    return os.path.join(tiny_export, "serve", "1")


@pytest.fixture(scope="module")
def served(version_folder):
    """The session, and clients over REST and gRPC."""
    base_path = os.path.dirname(version_folder)
    server = model_server.start(wire.MODEL_NAME, base_path)
    yield [SavedModel(version_folder, 1)] + [
        ModelClient(url, timeout=30) for url in (server.rest_url, "grpc://" + server.grpc_address)]
    server.stop()


@pytest.mark.parametrize("signature, inputs", REQUESTS)
def test_rest_and_grpc_equal_the_session(served, signature, inputs):
    expected, *others = (way.predict(signature, inputs) for way in served)
    for answer in others:
        assert set(answer) == set(expected)
        for name, array in expected.items():
            assert answer[name].dtype == array.dtype
            np.testing.assert_allclose(answer[name], array, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("signature, inputs", REQUESTS)
def test_a_batch_equals_its_single_rows(served, signature, inputs):
    client, rows = served[2], len(inputs[wire.USER])
    batch = client.predict(signature, inputs)
    for row in range(rows):
        single = {name: array[row:row + 1] if array.ndim else array for name, array in inputs.items()}
        for name, array in client.predict(signature, single).items():
            width = array.shape[1:]  # a batch is as wide as its widest row, the rest is zero
            expected = batch[name][row]
            if width:
                assert not expected[width[0]:].any()
                expected = expected[:width[0]]
            np.testing.assert_allclose(array[0], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("users, items", [
    ([40], [0]), ([0], [15]), ([-1], [0]), ([0], [-1]), ([0, 1], [0])])
def test_unknown_ids_are_invalid_over_rest_and_grpc(served, users, items):
    for client in served[1:]:
        inputs = {wire.USER: users, wire.ITEM: items}
        assert reason(client.predict, wire.EXPLAIN, inputs)[0] == INVALID


def test_batched_explanations_equal_single_ones(served, version_folder):
    server = model_server.start(wire.MODEL_NAME, os.path.dirname(version_folder),
                                batching=Batching(64))
    try:
        client = ModelClient("grpc://" + server.grpc_address, timeout=30)
        for name, array in served[0].predict(*REQUESTS[0]).items():
            answer = client.predict(*REQUESTS[0])
            np.testing.assert_allclose(answer[name], array, rtol=1e-5, atol=1e-6)
        with pytest.raises(ModelServerError, match="at least one dimension"):  # k is no batch
            client.predict(*REQUESTS[1])
    finally:
        server.stop()
