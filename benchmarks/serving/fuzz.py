"""`./run bench fuzz`: thousands of generated requests that are wrong in every way; the server must not mind.

Bodies come from hypothesis: valid requests with a wrong type, rank, depth or number somewhere, cut short, with bad
UTF-8; JSON of any shape; noise; then a few of many megabytes and of deep nesting, and clients that never finish.
"""
import collections
import gzip
import json
import socket
import time

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks import flags
from benchmarks.serving import model_server
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient

ALLOWED = {200, 400, 404, 413, 501}  # 501 is the contract's for types that JSON has no numbers for
MAX_GROWTH = 48  # MiB that may stay
PARTS = ("bodies", "large", "slow")
SLOW = 300  # clients that never finish
NUMBERS = st.sampled_from([-1, 2 ** 31, -2 ** 31 - 1, 2 ** 63, 2 ** 64, 10 ** 400, 1e308, .5, float("nan"),
                           float("inf")])
PATHS = ["", "", "", "/versions/1", "/versions/99", "/versions/" + "9" * 40, "/labels/x", "/versions/-1", "/metadata"]
METHODS = [":predict", ":predict", ":predict", ":predict", ":classify", ":regress", ":PREDICT", ":explode", ""]


def parse_args(argv=None):
    parser = cli.Parser("./run bench fuzz", description=__doc__)
    parser.add_argument("--model_base_path", default="model_serve", help="folder of versions, as of ./run export")
    parser.add_argument("--bodies", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", choices=PARTS, help="repeatable; default: all parts")
    parser.add_argument("--out", help="a JSON file for the figures")
    return flags.parse(parser, argv, "bodies")


def odd():
    """A JSON value that fits nowhere in particular."""
    plain = st.none() | st.booleans() | st.integers() | st.floats() | NUMBERS | st.text(max_size=5)
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["uid", "iid", "k", "b64", "x"]), inner, max_size=3), max_leaves=12) | st.integers(
        2, 60).map(nested)


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def documents():
    """Requests that are valid but for one place, at most."""
    valid = [
        {"signature_name": wire.EXPLAIN, "inputs": {wire.USER: [0, 1], wire.ITEM: [1, 0]}},
        {"signature_name": wire.EXPLAIN, "instances": [{wire.USER: 0, wire.ITEM: 1}, {wire.USER: 1, wire.ITEM: 0}]},
        {"signature_name": wire.RANK, "inputs": {wire.USER: [0], wire.TOP_K: 3}},
        {"inputs": {wire.TEXTS_USER: [[[1]]], wire.TEXTS_ITEM: [[[1]]], wire.USER: [[0]], wire.ITEM: [[0]],
                    wire.RESIDUALS_ITEM: [[.5]]}}]

    @st.composite
    def build(draw):
        document = json.loads(json.dumps(draw(st.sampled_from(valid))))
        place = document
        while True:
            key = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
            if not isinstance(place[key], (dict, list)) or not place[key] or draw(st.booleans()):
                place[key] = draw(odd())
                return document
            place = place[key]

    return build()


def bodies():
    """Bodies as bytes."""
    encoded = st.one_of(documents(), documents(), odd()).map(lambda value: json.dumps(value).encode())
    cut = st.tuples(encoded, st.integers(1, 40)).map(lambda pair: pair[0][:-pair[1]])
    noise = st.sampled_from([b"\xff", b"\xc3", b"\x00", b"\xed\xa0\x80", b"\\u"])
    spoilt = st.tuples(encoded, st.integers(0, 60), noise).map(
        lambda parts: parts[0][:parts[1]] + parts[2] + parts[0][parts[1]:])
    return st.one_of(encoded, encoded, encoded, cut, spoilt, st.binary(max_size=200))


class Fuzz:
    """Requests to one server, and what came back."""

    def __init__(self, url):
        self.url, self.session = f"{url}/v1/models/{wire.MODEL_NAME}", requests.Session()
        self.session.trust_env = False
        self.statuses, self.wrong = collections.Counter(), []

    def send(self, body, path=":predict", packed=False, method="POST"):
        headers = {"Content-Encoding": "gzip"} if packed else {}
        answer = self.session.request(method, self.url + path, data=gzip.compress(body) if packed else body,
                                      headers=headers, timeout=60)
        self.statuses[answer.status_code] += 1
        try:
            told = answer.json()
            fine = answer.status_code == 200 or list(told) == ["error"] and told["error"]
        except ValueError:
            fine = answer.status_code in (404, 413)  # outside of the API; too large to be read
        if answer.status_code not in ALLOWED or not fine:
            self.wrong.append((answer.status_code, body[:200], path, answer.text[:200]))

    def generated(self, count, number):
        @seed(number)
        @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=HealthCheck.all())
        @given(bodies(), st.sampled_from(PATHS), st.sampled_from(METHODS), st.booleans(),
               st.sampled_from(["POST"] * 9 + ["GET"]))
        def one(body, which, how, packed, method):
            self.send(body, which + how, packed and len(body) % 7 == 0, method)

        one()

    def large(self):
        """Bodies of many megabytes, and of deep nesting."""
        mebi = 2 ** 20
        for body in (b'{"inputs": [' + b"1," * (50 * mebi) + b"1]}", b"x" * (100 * mebi), b" " * (30 * mebi),
                     b'{"inputs": [' + b"1," * (15 * mebi) + b"1]}", b'{"inputs": "' + b"a" * (30 * mebi) + b'"}',
                     b"[" * mebi, b'{"inputs": ' + b"[" * 900 + b"]" * 900 + b"}", b'{"a":' * 10 ** 5,
                     b'{"inputs": [' + b"9" * (20 * mebi) + b"]}"):
            self.send(body)
        self.send(b" " * (200 * mebi), packed=True)


def slow_clients(server, fuzz):
    """The longest of 200 answers, in ms, while clients that never finish hold their connections."""
    host, port = server.rest[len("http://"):].split(":")
    body = json.dumps({"signature_name": wire.EXPLAIN, "inputs": {wire.USER: [0], wire.ITEM: [0]}}).encode()
    waiting, longest = [], 0
    try:
        for number in range(SLOW):
            wait = socket.create_connection((host, int(port)), timeout=30)
            waiting.append(wait)
            wait.sendall([b"P", b"POST /v1/models/x:predict HTTP/1.1\r\nContent-Length: 99\r\n\r\n{",
                          b"GET /v1/models/deeprecsys/metadata HTTP/1.1\r\n\r\n" * 50][number % 3])
        for _ in range(200):
            start = time.perf_counter()
            fuzz.send(body)
            longest = max(longest, time.perf_counter() - start)
    finally:
        for wait in waiting:
            wait.close()
    return longest * 1e3


def measure(server, fuzz, args):
    """All figures of a run."""
    client, right, parts = ModelClient(server.rest, timeout=30), {wire.USER: [0], wire.ITEM: [0]}, args.only or PARTS
    answer = client.predict(wire.EXPLAIN, right)
    fuzz.generated(min(200, args.bodies), args.seed + 1)  # warms up what grows once
    fuzz.statuses.clear()
    found, start = {"memory_before_mib": round(server.memory())}, time.monotonic()
    if "bodies" in parts:
        fuzz.generated(args.bodies, args.seed)
        found.update(bodies=sum(fuzz.statuses.values()), seconds=round(time.monotonic() - start, 1),
                     memory_after_bodies_mib=round(server.memory()))
    if "large" in parts:
        for _ in range(2):  # what grows with each would show
            fuzz.large()
    if "slow" in parts:
        found["longest_answer_beside_slow_clients_ms"] = round(slow_clients(server, fuzz), 1)
    time.sleep(1)
    again = client.predict(wire.EXPLAIN, right)
    return dict(found, statuses=dict(sorted(fuzz.statuses.items())), wrong=len(fuzz.wrong), server_alive=server.alive(),
                memory_after_all_mib=round(server.memory()),
                same_answer_after=all((again[name] == answer[name]).all() for name in answer))


def main(argv=None):
    args = parse_args(argv)
    model_server.latest(args.model_base_path)
    with model_server.server(args.model_base_path) as server:
        fuzz = Fuzz(server.rest)
        found = measure(server, fuzz, args)
    print(json.dumps(found, indent=1), flush=True)
    for wrong in fuzz.wrong[:10]:
        print(wrong, flush=True)
    flags.write(args, found)
    if found["wrong"] or not found["server_alive"] or not found["same_answer_after"] or \
            found["memory_after_all_mib"] > found["memory_before_mib"] + MAX_GROWTH:
        raise cli.UserError("bench fuzz: the server minded; see above")
