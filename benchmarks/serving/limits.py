"""`./run bench limits`: what one client can do to the others at the model server.

Measures latency of small requests alone, and while another client sends expensive ones without pause, in turns, so that
other programs on the machine slow both down alike; then memory after bodies of 31 MiB with as many values as fit.
"""
import collections
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import numpy as np

from benchmarks import flags
from benchmarks.report import say, verdict, write
from benchmarks.serving import model_server
from models.run_folder import layout
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient
from serving.errors import ModelServerError

BODY = 31 * 2 ** 20  # bytes
TURNS = 10  # measurements of each kind
MAX_RATIO = 2  # of the latency beside the expensive requests to that alone
KINDS = {"objects": b"{},", "lists": b"[],", "numbers": b"1,", "records": b'{"uid":1},'}


def parse_args(argv=None):
    parser = cli.Parser("./run bench limits", description=__doc__)
    parser.add_argument("--model_base_path", default=layout.MODELS, help="folder of versions, made by ./run export")
    parser.add_argument("--users", type=int, default=80, help="users in one expensive request")
    parser.add_argument("--seconds", type=float, default=5., help="duration of the measurements of one kind, together")
    return flags.parse(parser, argv, "users", "seconds")


def small_requests(users, items):
    """Yields (signature, function that gives the next request)."""
    random = np.random.RandomState(0)
    yield wire.EXPLAIN, lambda: {wire.USER: np.full(10, random.randint(users)),
                                 wire.ITEM: random.randint(items, size=10)}
    yield wire.RANK_UNBOUGHT, lambda: {wire.USER: [random.randint(users)], wire.TOP_K: min(10, items)}


def latency(client, signature, request, seconds):
    """Returns the milliseconds of requests that are sent one after another."""
    durations, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        inputs, start = request(), time.perf_counter()
        client.predict(signature, inputs)
        durations.append((time.perf_counter() - start) * 1e3)
    return durations


def percentiles(durations):
    return dict({f"p{part}": round(float(np.percentile(durations, part)), 1) for part in (50, 95, 99)},
                requests=len(durations))


class Expensive:
    """A client that ranks for many users without pause, as a context; the counter `answers` counts its requests."""

    def __init__(self, url, users, known, answers):
        self._client, self._inputs = ModelClient(url, timeout=60, retries=0), {
            wire.USER: np.arange(users) % known, wire.TOP_K: 1}
        self._answers, self._ended = answers, threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def _send(self):
        while not self._ended.is_set():
            try:
                self._client.predict(wire.RANK, self._inputs)
                self._answers["answered"] += 1
            except ModelServerError:
                self._answers["refused"] += 1
                self._ended.wait(.2)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()


def bodies(server):
    """Returns {kind of body: HTTP status, and peak memory of the server so far in MiB}."""
    figures = {}
    for name, piece in KINDS.items():
        connection = http.client.HTTPConnection(urlsplit(server.rest).netloc, timeout=300)
        connection.request("POST", f"/v1/models/{wire.MODEL_NAME}:predict",
                           b'{"instances":[' + piece * (BODY // len(piece)) + b"1]}")
        figures[name] = {"status": connection.getresponse().status, "mib": round(server.memory())}
        connection.close()
    return figures


def beside_expensive(server, client, signature, request, known, args):
    """Returns the figures of the small requests `request` alone and beside expensive ones; `known` users exist."""
    alone, beside, answers = [], [], collections.Counter(answered=0, refused=0)
    for _ in range(TURNS):
        alone += latency(client, signature, request, args.seconds / TURNS)
        with Expensive(server.rest, args.users, known, answers):
            beside += latency(client, signature, request, args.seconds / TURNS)
    figures = {"alone": percentiles(alone), "beside": percentiles(beside), "expensive": dict(answers)}
    figures["ratio"] = {name: round(figures["beside"][name] / max(.1, figures["alone"][name]), 2)
                        for name in ("p50", "p95")}
    return figures


def main(argv=None):
    args, figures = parse_args(argv), {}
    with model_server.server(args.model_base_path) as server:
        client = ModelClient(server.rest, timeout=60)
        users, items = model_server.sizes(client)
        for signature, request in small_requests(users, items):
            figures[signature] = of = beside_expensive(server, client, signature, request, users, args)
            alone, beside, ratio = of["alone"], of["beside"], of["ratio"]
            say(f"{signature}: alone p50 {alone['p50']} p95 {alone['p95']} ms; beside rank of {args.users} users p50 "
                f"{beside['p50']} p95 {beside['p95']} ms, {ratio['p50']} and {ratio['p95']} times as long; target at "
                f"most {MAX_RATIO} times: {verdict(max(ratio.values()) <= MAX_RATIO)}; that client: "
                f"{json.dumps(of['expensive'])}")
        figures["mib_before"] = round(server.memory())
        figures["bodies"] = bodies(server)
        say(f"memory before {figures['mib_before']} MiB; after each body of {BODY >> 20} MiB: "
            + ", ".join(f"{name} {body['mib']} MiB (status {body['status']})"
                        for name, body in figures["bodies"].items()))
    write(args, figures)


if __name__ == "__main__":
    cli.run(main)
