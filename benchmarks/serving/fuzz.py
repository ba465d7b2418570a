"""`./run bench fuzz`: sends thousands of generated invalid requests; the server must answer as the contract says.

Hypothesis generates the bodies: valid requests with one wrong type, rank, depth or number, truncated bodies, invalid
UTF-8, arbitrary JSON, random bytes. Then follow bodies of many megabytes, deep nesting, and clients that never finish
their request. The benchmark fails if a response has another status than the contract's, if the server ends, or if its
memory has grown.
"""
import collections
import gzip
import json
import socket
import time

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tqdm import tqdm

from benchmarks import flags, report
from benchmarks.serving import model_server
from models.run_folder import layout
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient

ALLOWED = {200, 400, 404, 413, 501}  # 501: types that the contract does not convert to JSON
MAX_GROWTH = 48  # MiB by which the memory may have grown at the end
PARTS = ("bodies", "large", "slow")
SLOW_CLIENTS = 300  # that never finish their request
NUMBERS = st.sampled_from([-1, 2 ** 31, -2 ** 31 - 1, 2 ** 63, 2 ** 64, 10 ** 400, 1e308, .5, float("nan"),
                           float("inf")])
PATHS = ["", "", "", "/versions/1", "/versions/99", "/versions/" + "9" * 40, "/labels/x", "/versions/-1", "/metadata"]
METHODS = [":predict", ":predict", ":predict", ":predict", ":classify", ":regress", ":PREDICT", ":explode", ""]


def parse_args(argv=None):
    parser = cli.Parser("./run bench fuzz", description=__doc__)
    parser.add_argument("--model_base_path", default=layout.MODELS, help="folder of versions, made by ./run export")
    parser.add_argument("--bodies", type=int, default=5000, help="number of generated requests")
    parser.add_argument("--seed", type=int, default=0, help="seed of the generated requests")
    parser.add_argument("--only", action="append", choices=PARTS, help="run this part; repeatable; default: all parts")
    return flags.parse(parser, argv, "bodies")


def arbitrary_json():
    """Returns a strategy of arbitrary JSON values."""
    plain = st.none() | st.booleans() | st.integers() | st.floats() | NUMBERS | st.text(max_size=5)
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["uid", "iid", "k", "b64", "x"]), inner, max_size=3), max_leaves=12) | st.integers(
        2, 60).map(nested)


def nested(depth):
    """Returns the number 1 in `depth` nested lists."""
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def documents():
    """Returns a strategy of requests: a few are valid, all others are valid except for one value."""
    valid = [
        {"signature_name": wire.EXPLAIN, "inputs": {wire.USER: [0, 1], wire.ITEM: [1, 0]}},
        {"signature_name": wire.EXPLAIN, "instances": [{wire.USER: 0, wire.ITEM: 1}, {wire.USER: 1, wire.ITEM: 0}]},
        {"signature_name": wire.RANK, "inputs": {wire.USER: [0], wire.TOP_K: 3}},
        {"inputs": {wire.TEXTS_USER: [[[1]]], wire.TEXTS_ITEM: [[[1]]], wire.USER: [[0]], wire.ITEM: [[0]],
                    wire.RESIDUALS_ITEM: [[.5]]}}]

    @st.composite
    def build(draw):
        document = json.loads(json.dumps(draw(st.sampled_from(valid))))
        node = document
        if draw(st.integers(0, 7)) == 0:
            return document
        while True:
            key = draw(st.sampled_from(sorted(node)) if isinstance(node, dict) else st.integers(0, len(node) - 1))
            if not isinstance(node[key], (dict, list)) or not node[key] or draw(st.booleans()):
                node[key] = draw(arbitrary_json())
                return document
            node = node[key]

    return build()


def bodies():
    """Returns a strategy of bodies (bytes)."""
    encoded = st.one_of(documents(), documents(), arbitrary_json()).map(lambda value: json.dumps(value).encode())
    cut = st.tuples(encoded, st.integers(1, 40)).map(lambda pair: pair[0][:-pair[1]])
    noise = st.sampled_from([b"\xff", b"\xc3", b"\x00", b"\xed\xa0\x80", b"\\u"])
    damaged = st.tuples(encoded, st.integers(0, 60), noise).map(
        lambda parts: parts[0][:parts[1]] + parts[2] + parts[0][parts[1]:])
    return st.one_of(encoded, encoded, encoded, cut, damaged, st.binary(max_size=200))


class Fuzz:
    """Sends requests to one server and collects the statuses and the wrong responses."""

    def __init__(self, url):
        self.url, self.session = f"{url}/v1/models/{wire.MODEL_NAME}", requests.Session()
        self.session.trust_env = False
        self.statuses, self.wrong = collections.Counter(), []

    def send(self, body, path=":predict", compressed=False, method="POST"):
        """Sends one request and checks the response."""
        headers = {"Content-Encoding": "gzip"} if compressed else {}
        answer = self.session.request(method, self.url + path, data=gzip.compress(body) if compressed else body,
                                      headers=headers, timeout=60)
        self.statuses[answer.status_code] += 1
        try:
            content = answer.json()
            valid = answer.status_code == 200 or list(content) == ["error"] and content["error"]
        except ValueError:
            valid = answer.status_code in (404, 413)  # a path outside of the API; a body too large to be read
        if answer.status_code not in ALLOWED or not valid:
            self.wrong.append((answer.status_code, body[:200], path, answer.text[:200]))

    def generated(self, count, number):
        """Sends `count` generated requests; `number` is the seed."""
        progress = tqdm(total=count, desc="generated requests", disable=None)

        @seed(number)
        @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=HealthCheck.all())
        @given(bodies(), st.sampled_from(PATHS), st.sampled_from(METHODS), st.booleans(),
               st.sampled_from(["POST"] * 9 + ["GET"]))
        def send(body, path, method, compressed, http_method):
            self.send(body, path + method, compressed and len(body) % 7 == 0, http_method)
            progress.update()

        with progress:
            send()

    def large(self):
        """Sends bodies of many megabytes, and of deep nesting."""
        mebi = 2 ** 20
        for body in (b'{"inputs": [' + b"1," * (50 * mebi) + b"1]}", b"x" * (100 * mebi), b" " * (30 * mebi),
                     b'{"inputs": [' + b"1," * (15 * mebi) + b"1]}", b'{"inputs": "' + b"a" * (30 * mebi) + b'"}',
                     b"[" * mebi, b'{"inputs": ' + b"[" * 900 + b"]" * 900 + b"}", b'{"a":' * 10 ** 5,
                     b'{"inputs": [' + b"9" * (20 * mebi) + b"]}"):
            self.send(body)
        self.send(b" " * (200 * mebi), compressed=True)


def slow_clients(server, fuzz):
    """Returns the longest response time of 200 requests in ms, while slow clients keep their connections open."""
    host, port = server.rest[len("http://"):].split(":")
    body = json.dumps({"signature_name": wire.EXPLAIN, "inputs": {wire.USER: [0], wire.ITEM: [0]}}).encode()
    connections, longest = [], 0
    try:
        for number in range(SLOW_CLIENTS):
            connection = socket.create_connection((host, int(port)), timeout=30)
            connections.append(connection)
            connection.sendall([b"P", b"POST /v1/models/x:predict HTTP/1.1\r\nContent-Length: 99\r\n\r\n{",
                                b"GET /v1/models/deeprecsys/metadata HTTP/1.1\r\n\r\n" * 50][number % 3])
        for _ in range(200):
            start = time.perf_counter()
            fuzz.send(body)
            longest = max(longest, time.perf_counter() - start)
    finally:
        for connection in connections:
            connection.close()
    return longest * 1e3


def measure(server, fuzz, args):
    """Returns all figures of one benchmark."""
    client, valid, parts = ModelClient(server.rest, timeout=30), {wire.USER: [0], wire.ITEM: [0]}, args.only or PARTS
    answer = client.predict(wire.EXPLAIN, valid)
    fuzz.generated(min(200, args.bodies), args.seed + 1)  # memory that is allocated once is allocated now
    fuzz.statuses.clear()
    figures, start = {"memory_before_mib": round(server.memory())}, time.monotonic()
    if "bodies" in parts:
        fuzz.generated(args.bodies, args.seed)
        figures.update(bodies=sum(fuzz.statuses.values()), seconds=round(time.monotonic() - start, 1),
                       memory_after_bodies_mib=round(server.memory()))
    if "large" in parts:
        cli.log.info("sending bodies of up to 100 MB")
        for _ in range(2):  # twice, to see memory that grows with each request
            fuzz.large()
    if "slow" in parts:
        cli.log.info("sending requests beside %d clients that never finish", SLOW_CLIENTS)
        figures["longest_answer_beside_slow_clients_ms"] = round(slow_clients(server, fuzz), 1)
    time.sleep(1)
    again = client.predict(wire.EXPLAIN, valid)
    return dict(figures, statuses={str(status): count for status, count in sorted(fuzz.statuses.items())},
                wrong=len(fuzz.wrong), server_alive=server.alive(), memory_after_all_mib=round(server.memory()),
                same_answer_after=all((again[name] == answer[name]).all() for name in answer))


def main(argv=None):
    args = parse_args(argv)
    model_server.latest(args.model_base_path)
    with model_server.server(args.model_base_path) as server:
        fuzz = Fuzz(server.rest)
        figures = measure(server, fuzz, args)
    report.say(json.dumps(figures, indent=1))
    for wrong in fuzz.wrong[:10]:
        report.say(wrong)
    report.write(args, figures)
    if figures["wrong"] or not figures["server_alive"] or not figures["same_answer_after"] or \
            figures["memory_after_all_mib"] > figures["memory_before_mib"] + MAX_GROWTH:
        raise cli.UserError("bench fuzz: wrong responses, a changed answer, too much memory or no server; see above")
