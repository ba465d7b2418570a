"""Counts of requests: the text that Prometheus reads, of one and of several processes; request ids."""
import multiprocessing
import re

from prometheus_client.parser import text_string_to_metric_families

from flask_app.web.metrics import COUNT, LIMITS, SECONDS, Metrics


def samples(text):
    """{(name, labels): value} of a page of metrics, as the library of Prometheus reads it."""
    return {(sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def test_answers_are_counted_by_endpoint_and_class_and_timed():
    metrics = Metrics(["pages.item", "about.about"])
    for status, seconds in ((200, .003), (200, .3), (404, .003), (503, 7.)):
        metrics.count("pages.item", status, seconds)
    metrics.count(None, 404, .1)
    metrics.count("no such endpoint", 99, .1)
    found = samples(metrics.page())
    item = ("endpoint", "pages.item")
    assert found[(COUNT, item, ("status", "2xx"))] == 2
    assert found[(COUNT, item, ("status", "4xx"))] == found[(COUNT, item, ("status", "5xx"))] == 1
    assert found[(COUNT, ("endpoint", "unknown"), ("status", "4xx"))] == 1
    assert found[(SECONDS + "_count", item)] == 4 and abs(found[(SECONDS + "_sum", item)] - 7.306) < 1e-6
    buckets = [found[(SECONDS + "_bucket", item, ("le", str(limit)))] for limit in LIMITS + ("+Inf",)]
    assert buckets == [2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4]
    assert not [key for key in found if ("endpoint", "about.about") in key]


def test_every_process_answers_for_all_of_them():
    metrics = Metrics(["start"], processes=3)

    def work(number):
        metrics.begin(number)
        for _ in range(number + 1):
            metrics.count("start", 200, .01)

    processes = [multiprocessing.get_context("fork").Process(target=work, args=(number,)) for number in (0, 1, 2, 1)]
    for process in processes:  # number 1 twice, as a process that was started again
        process.start()
        process.join()
    assert samples(metrics.page())[(COUNT, ("endpoint", "start"), ("status", "2xx"))] == 1 + 2 + 3 + 2


def test_the_shop_answers_with_its_metrics_and_each_answer_has_an_id_that_is_logged(client, caplog):
    caplog.set_level("INFO", "recsys")
    before = samples(client.get("/metrics").get_data(as_text=True))
    ids = [client.get("/healthz", headers={"X-Request-ID": "typed"}).headers["X-Request-ID"] for _ in range(3)]
    client.get("/nowhere/at/all")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    key = (COUNT, ("endpoint", "pages.healthz"), ("status", "2xx"))
    text = answer.get_data(as_text=True)
    assert samples(text)[key] == before.get(key, 0) + 3 and "nowhere" not in text
    assert len(set(ids)) == 3 and all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
    assert all(re.search(rf"GET /healthz 200 \d+ ms {one}", caplog.text) for one in ids)
    assert "typed" not in caplog.text
