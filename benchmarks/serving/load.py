"""`./run bench load` and `./run bench swap`: several clients send `explain` requests without pause.

load measures latency, requests per second and errors. swap does the same while new versions are added and old ones
removed: no request may fail, and each response must come from one version, never from an older one than the response
before. Failed requests are not repeated.
"""
import collections
import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from typing import NamedTuple

import numpy as np

from benchmarks import flags, report
from benchmarks.serving import model_server
from models.run_folder import layout
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient
from serving.errors import ModelServerError

PAIRS = 50  # different requests of a client


class Answers(NamedTuple):
    """What one client measured."""
    seconds: list  # of each answered request
    errors: collections.Counter  # by their text
    faults: collections.Counter  # responses that are "mixed" or "older"
    newest: int  # largest version seen


def parse_args(name, argv=None):
    parser = cli.Parser(f"./run bench {name}", description=__doc__)
    parser.add_argument("--model_base_path", default=layout.MODELS, help="folder of versions, made by ./run export")
    parser.add_argument("--clients", type=int, default=8, help="processes that send requests at the same time")
    parser.add_argument("--seconds", type=float, default=60., help="duration of the measurement")
    parser.add_argument("--items", type=int, default=10, help="items explained in one request")
    parser.add_argument("--protocol", choices=("rest", "grpc"), default="rest", help="interface of the server to use")
    parser.add_argument("--every", type=float, default=8., help="seconds between two new versions (swap only)")
    return flags.parse(parser, argv, "clients", "seconds", "items", "every")


def requests_of(seed, users, items, count):
    """Returns the requests of a client: `PAIRS` times one user and `count` items."""
    random = np.random.RandomState(seed)
    return [{wire.USER: np.full(count, random.randint(users), np.int32),
             wire.ITEM: random.randint(items, size=count).astype(np.int32)} for _ in range(PAIRS)]


def run_client(job):
    """One client, in its own process. Returns its `Answers`.

    `job` is (URL, requests, responses of the unscaled model or None, seconds).
    """
    url, requests, expected, seconds = job
    client = ModelClient(url, timeout=30, retries=0)
    durations, errors, faults, newest, number = [], collections.Counter(), collections.Counter(), 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            answer = client.predict(wire.EXPLAIN, requests[number % PAIRS])
        except ModelServerError as error:
            errors[str(error)[:200]] += 1
        else:
            durations.append(time.perf_counter() - start)
            version = version_of(answer, expected[number % PAIRS]) if expected else 0
            faults["mixed"] += version is None
            faults["older"] += version is not None and version < newest
            newest = max(newest, version or 0)
        number += 1
    return Answers(durations, errors, faults, newest)


def version_of(answer, base):
    """Returns the version of the variant that gave an answer, found by the first rating; None if the outputs come from
    different versions. `base` is the answer of the unscaled model."""
    version = int(round((answer[wire.RATING][0] / base[wire.RATING][0] - 1) / model_server.STEP))
    whole = set(answer) == set(base) and all(
        np.allclose(answer[name], array * np.float32(1 + model_server.STEP * version), rtol=1e-5, atol=1e-6)
        if array.dtype.kind == "f" else np.array_equal(answer[name], array) for name, array in base.items())
    return version if whole else None


def replace(base_path, source, args):
    """Writes a new variant every `--every` seconds and removes the oldest one. Returns the number of the last one."""
    version, end = 1, time.monotonic() + args.seconds
    while time.monotonic() + args.every < end:
        report.wait(args.every, f"until version {version + 1}, {end - time.monotonic():.0f} s left")
        version += 1
        model_server.write_variant(source, base_path, version)
        if version > 2:
            shutil.rmtree(os.path.join(base_path, str(version - 2)))
    return version


def clients(count):
    """Returns a pool of processes that end at once on SIGTERM."""
    return multiprocessing.Pool(count, signal.signal, (signal.SIGTERM, signal.SIG_DFL))


def measure(args, swaps):
    """Returns all figures of one benchmark."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        base_path, source = args.model_base_path, model_server.latest(args.model_base_path)
        if swaps:
            base_path = scratch
            model_server.write_variant(source, base_path, 1)
        with model_server.server(base_path) as server, clients(args.clients) as pool:
            url = server.rest if args.protocol == "rest" else server.grpc
            client = ModelClient(server.rest, timeout=30)
            users, items = model_server.sizes(client)
            requests = [requests_of(seed, users, items, args.items) for seed in range(args.clients)]
            expected = [[unscaled(client.predict(wire.EXPLAIN, request)) for request in of_client] if swaps else None
                        for of_client in requests]
            before = server.memory()
            running = pool.map_async(run_client, [(url, *job, args.seconds) for job in zip(requests, expected)])
            if swaps:
                versions = replace(base_path, source, args)
            else:
                versions = 1
                report.wait(args.seconds, f"{args.clients} clients")
            figures = summary(running.get(args.seconds + 60), args)
            return dict(figures, versions=versions, server_alive=server.alive(), memory_before_mib=round(before),
                        memory_after_mib=round(server.memory()))


def unscaled(answer):
    """Returns the answer of the model itself, given the answer of its variant with version 1."""
    return {name: array / np.float32(1 + model_server.STEP) if array.dtype.kind == "f" else array
            for name, array in answer.items()}


def summary(results, args):
    """Returns the figures of the `Answers` of all clients. Raises `UserError` if no request was answered."""
    milliseconds = np.concatenate([np.array(result.seconds) for result in results]) * 1e3
    errors = sum((result.errors for result in results), collections.Counter())
    faults = sum((result.faults for result in results), collections.Counter())
    if not len(milliseconds):
        raise cli.UserError(f"bench: no request was answered: {dict(errors)}")
    return {"protocol": args.protocol, "clients": args.clients, "seconds": args.seconds, "items": args.items,
            "requests": len(milliseconds) + sum(errors.values()), "failed": sum(errors.values()),
            "errors": dict(errors), "mixed": faults["mixed"], "older": faults["older"],
            "newest": max(result.newest for result in results),
            "requests_per_second": round(len(milliseconds) / args.seconds, 1),
            **{f"p{share}_ms": round(float(np.percentile(milliseconds, share)), 2) for share in (50, 90, 99, 100)}}


def load(argv=None):
    run("load", argv)


def swap(argv=None):
    run("swap", argv)


def run(name, argv):
    args, swaps = parse_args(name, argv), name == "swap"
    figures = measure(args, swaps)
    report.say(json.dumps(figures, indent=1))
    report.write(args, figures)
    late = swaps and figures["newest"] < 2
    if figures["failed"] or figures["mixed"] or figures["older"] or late or not figures["server_alive"]:
        raise cli.UserError(f"bench {name}: requests failed, a response mixed versions, or no new version was served")
