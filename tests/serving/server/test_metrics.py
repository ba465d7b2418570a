"""The metrics page, parsed by the library of Prometheus."""
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from serving.client import ModelClient
from serving.server import start as model_server
from serving.server.metrics import COUNT, LATENCY, LOADS, Metrics
from tests.serving.conftest import MODEL


def samples(page):
    """(name, labels) -> value."""
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(page) for sample in family.samples}


def find(page, name, **labels):
    if name in (COUNT, LOADS):
        name += "_total"  # so the library calls every counter
    return samples(page).get((name, tuple(sorted(labels.items()))))


def test_requests_and_loads_are_counted(model_folder):
    server = model_server.start(MODEL, str(model_folder / MODEL), metrics_path="/monitoring/m")
    try:
        for url in (server.rest_url, "grpc://" + server.grpc_address):
            client = ModelClient(url, MODEL, timeout=30)
            client.predict("scalar", {"x": [1]})
            with pytest.raises(Exception):
                client.predict("gather", {"id": [9]})
        requests.post(f"{server.rest_url}/v1/models/absent:predict", data=b"{}", timeout=30)
        answer = requests.get(server.rest_url + "/monitoring/m", timeout=30)
        assert answer.headers["Content-Type"] == "text/plain"
        page = answer.text
        assert requests.get(server.rest_url + "/monitoring/n", timeout=30).status_code == 404
    finally:
        server.stop()
    assert find(page, COUNT, model_name=MODEL, status="INVALID_ARGUMENT") >= 2
    assert find(page, COUNT, model_name=MODEL, status="OK") >= 2
    assert find(page, COUNT, model_name="", status="NOT_FOUND") == 1
    assert find(page, LOADS, model_path=str(model_folder / MODEL / "3"), status="success") == 1
    for entry in ("REST", "GRPC"):
        labels = {"model_name": MODEL, "API": "Predict", "entrypoint": entry}
        count = find(page, LATENCY + "_count", **labels)
        assert count == find(page, LATENCY + "_bucket", le="+Inf", **labels) >= 2
        assert find(page, LATENCY + "_sum", **labels) > 0


def test_without_metrics_there_is_no_page(rest):
    assert requests.get(rest.url + "/monitoring/prometheus/metrics", timeout=30).status_code == 404


def test_special_characters_in_a_label_are_escaped():
    metrics = Metrics()
    metrics.count(LOADS, model_path='a"b\\c\nd', status="x")
    assert find(metrics.page(), LOADS, model_path='a"b\\c\nd', status="x") == 1


def test_an_internal_error_is_counted():
    metrics = Metrics()
    with pytest.raises(RuntimeError), metrics.request("m", "Predict", "REST"):
        raise RuntimeError
    assert find(metrics.page(), COUNT, model_name="m", status="INTERNAL") == 1
