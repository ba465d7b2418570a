"""`./run bench load` and `./run bench swap`: clients ask for explanations, without a pause.

load: latency, rate and errors. swap: meanwhile new versions arrive and old ones go; no request may fail, and each
answer must be of one version, never of one older than the answer before. Nothing is tried twice.
"""
import collections
import json
import multiprocessing
import os
import shutil
import tempfile
import time

import numpy as np

from benchmarks import flags
from benchmarks.serving import model_server
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient, ModelServerError

PAIRS = 50  # different requests of a client


def parse_args(name, argv=None):
    parser = cli.Parser(f"./run bench {name}", description=__doc__)
    parser.add_argument("--model_base_path", default="model_serve", help="folder of versions, as of ./run export")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.)
    parser.add_argument("--items", type=int, default=10, help="explained in one request")
    parser.add_argument("--protocol", choices=("rest", "grpc"), default="rest")
    parser.add_argument("--every", type=float, default=8., help="seconds between two new versions (swap)")
    parser.add_argument("--out", help="a JSON file for the figures")
    args = flags.parse(parser, argv, "clients", "seconds", "items", "every")
    return args


def requests_of(seed, users, items, count):
    """The requests of a client: `PAIRS` times one user and `count` items."""
    random = np.random.RandomState(seed)
    return [{wire.USER: np.full(count, random.randint(users), np.int32),
             wire.ITEM: random.randint(items, size=count).astype(np.int32)} for _ in range(PAIRS)]


def ask(job):
    """One client, in a process of its own: seconds of each request, errors by reason, mixed and older answers."""
    url, asked, expected, seconds = job
    client = ModelClient(url, timeout=30, retries=0)
    taken, errors, faults, newest, number = [], collections.Counter(), collections.Counter(), 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            answer = client.predict(wire.EXPLAIN, asked[number % PAIRS])
        except ModelServerError as error:
            errors[str(error)[:200]] += 1
        else:
            taken.append(time.perf_counter() - start)
            version = version_of(answer, expected[number % PAIRS]) if expected else 0
            faults["mixed"] += version is None
            faults["older"] += version is not None and version < newest
            newest = max(newest, version or 0)
        number += 1
    return taken, errors, faults, newest


def version_of(answer, base):
    """The variant whose answer this is, told by the first rating; None if not all of it is that variant's."""
    version = int(round((answer[wire.RATING][0] / base[wire.RATING][0] - 1) / model_server.STEP))
    whole = set(answer) == set(base) and all(
        np.allclose(answer[name], base[name] * np.float32(1 + model_server.STEP * version), rtol=1e-5, atol=1e-7)
        if name in model_server.FACES else np.array_equal(answer[name], base[name]) for name in base)
    return version if whole else None


def replace(base_path, source, args):
    """Writes a variant every few seconds, and takes the oldest away. Returns the last version's number."""
    version, end = 1, time.monotonic() + args.seconds
    while time.monotonic() + args.every < end:
        time.sleep(args.every)
        version += 1
        model_server.write_variant(source, base_path, version)
        if version > 2:
            shutil.rmtree(os.path.join(base_path, str(version - 2)))
    return version


def measure(args, swaps):
    """All figures of a run."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        base_path, source = args.model_base_path, model_server.latest(args.model_base_path)
        if swaps:
            base_path = scratch
            model_server.write_variant(source, base_path, 1)
        with model_server.server(base_path) as server, multiprocessing.Pool(args.clients) as pool:
            url = server.rest if args.protocol == "rest" else server.grpc
            client = ModelClient(server.rest, timeout=30)
            users, items = model_server.sizes(client)
            asked = [requests_of(seed, users, items, args.items) for seed in range(args.clients)]
            expected = [[unscaled(client.predict(wire.EXPLAIN, one)) for one in requests] if swaps else None
                        for requests in asked]
            before = server.memory()
            running = pool.map_async(ask, [(url, *job, args.seconds) for job in zip(asked, expected)])
            versions = replace(base_path, source, args) if swaps else 1
            results = running.get(args.seconds + 60)
            found = summary(results, args)
            found.update(versions=versions, server_alive=server.alive(), memory_before_mib=round(before),
                         memory_after_mib=round(server.memory()))
            return found


def unscaled(answer):
    """The answer of version 1, as the model itself gives it."""
    return {name: array / np.float32(1 + model_server.STEP) if name in model_server.FACES else array
            for name, array in answer.items()}


def summary(results, args):
    taken = np.sort(np.concatenate([np.array(result[0]) for result in results])) * 1e3
    errors, faults = (sum((result[place] for result in results), collections.Counter()) for place in (1, 2))
    if not len(taken):
        raise cli.UserError(f"bench: no request was answered: {dict(errors)}")
    return {"protocol": args.protocol, "clients": args.clients, "seconds": args.seconds, "items": args.items,
            "requests": len(taken) + sum(errors.values()), "failed": sum(errors.values()), "errors": dict(errors),
            "mixed": faults["mixed"], "older": faults["older"], "newest": max(result[3] for result in results),
            "requests_per_second": round(len(taken) / args.seconds, 1),
            **{f"p{share}_ms": round(float(np.percentile(taken, share)), 2) for share in (50, 90, 99, 100)}}


def load(argv=None):
    run("load", argv)


def swap(argv=None):
    run("swap", argv)


def run(name, argv):
    args, swaps = parse_args(name, argv), name == "swap"
    found = measure(args, swaps)
    print(json.dumps(found, indent=1), flush=True)
    flags.write(args, found)
    late = swaps and found["newest"] < 2
    if found["failed"] or found["mixed"] or found["older"] or late or not found["server_alive"]:
        raise cli.UserError(f"bench {name}: requests failed, answers mixed versions, or no new one came")
