"""`./run bench rank`: what a served model costs, in a plain session and by the embedded server: time, start, memory.

A run of random weights on a corpus of random text of a given shape is exported, and asked one request at a
time.
"""
import os
import tempfile
import time

from benchmarks import flags, separate_process, shapes
from benchmarks.flags import say, verdict
from benchmarks.serving import model_server, served_model
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient

MOST_RANK, GOAL_RANK, MOST_EXPLAIN = 40, 15, 5  # ms in a session; explain by gRPC
MOST_SERVED, MOST_START, MOST_MIB = 55, 10, 900  # rank by REST in ms, s to the first answer and MiB of a server
PROTOCOLS = ("rest", "grpc")


def parse_args(argv=None):
    parser = cli.Parser("./run bench rank", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES))
    parser.add_argument("--factor", type=float, default=1., help="of the shape's reviews, users and items")
    parser.add_argument("--requests", type=int, default=200, help="of each signature")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a field of ModelConfig")
    parser.add_argument("--folder", help="keeps corpus, run and model there, and uses what stands there")
    parser.add_argument("--out", help="a JSON file for all figures")
    args = flags.parse(parser, argv, "factor", "requests")
    args.fields = parser.settings(args.set)
    return args


def measure(args, folder):
    """All figures of one export and one session."""
    found = separate_process.call("benchmarks.serving.served_model", "export", dict(
        folder=folder, shape=args.shape, factor=args.factor, fields=args.fields))
    found.update(separate_process.call("benchmarks.serving.served_model", "time_session", dict(
        model=found["model"], count=args.requests)))
    found["server"] = measure_server(os.path.dirname(found["model"]), args.requests)
    return found


def measure_server(versions, count):
    """Seconds to a server's first answer, its memory after all requests, and milliseconds of each kind."""
    start = time.time()
    asked = served_model.requests(model_server.latest(versions), count)
    with model_server.server(os.path.abspath(versions)) as server:
        clients = {name: ModelClient(getattr(server, name), timeout=30) for name in PROTOCOLS}
        clients["rest"].predict(wire.RANK, asked[wire.RANK][0])
        found = {"first_answer_seconds": time.time() - start}
        for protocol, client in clients.items():
            for name in (wire.RANK, wire.EXPLAIN):
                client.predict(name, asked[name][0])
                found[f"{name} by {protocol}"] = served_model.milliseconds(client.predict, name, asked[name])
        return dict(found, resident_mib=server.memory())


def report(found):
    """Prints the figures beside their targets, which hold for the shape of Toys & Games."""
    say(f"export: {found['export_seconds']:.1f} s, peak memory {found['export_peak_mib']:.0f} MiB, "
        f"{found['mib']:.0f} MiB in {found['model']}")
    start = found["first_answer_seconds"]
    say(f"start: loaded after {found['load_seconds']:.1f} s, first answer after {start:.1f} s; target below "
        f"{MOST_START}: {verdict(start < MOST_START)}")
    say(f"resident memory: {found['resident_mib']:.0f} MiB, peak {found['peak_mib']:.0f}, before loading "
        f"{found['tensorflow_mib']:.0f}")
    _table(found)
    rank, explain = found[wire.RANK]["p50"], found[wire.EXPLAIN]["p50"]
    say(f"rank p50 at most {MOST_RANK} ms: {verdict(rank <= MOST_RANK)}; goal {GOAL_RANK}: "
        f"{verdict(rank <= GOAL_RANK)}")
    say(f"explain p50 at most {MOST_EXPLAIN} ms: {verdict(explain <= MOST_EXPLAIN)}")
    report_server(found["server"])


def report_server(found):
    """Prints what the embedded server took, beside the targets."""
    start, memory = found["first_answer_seconds"], found["resident_mib"]
    say(f"embedded server: first answer after {start:.1f} s; target below {MOST_START}: {verdict(start < MOST_START)}")
    say(f"embedded server: {memory:.0f} MiB resident after all requests; target at most {MOST_MIB}: "
        f"{verdict(memory <= MOST_MIB)}")
    _table(found)
    rank, explain = (found[f"{name} by {how}"]["p50"] for name, how in ((wire.RANK, "rest"), (wire.EXPLAIN, "grpc")))
    say(f"rank p50 by REST at most {MOST_SERVED} ms: {verdict(rank <= MOST_SERVED)}; explain p50 by gRPC at most "
        f"{MOST_EXPLAIN}: {verdict(explain <= MOST_EXPLAIN)}")


def _table(found):
    say("milliseconds a request       p50      p90      p99")
    for name, times in found.items():
        if isinstance(times, dict) and "p50" in times:
            say(f"  {name:22}" + "".join(f"{times[part]:9.2f}" for part in ("p50", "p90", "p99")))


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        found = measure(args, args.folder or scratch)
    report(found)
    flags.write(args, dict(found, shape=args.shape, factor=args.factor, cores=os.cpu_count()))


if __name__ == "__main__":
    cli.run(main)
