"""`./run bench rank`: latency, start and memory of an exported model, in a TensorFlow session and in the model server.

The model has random weights, an order of items at random, and an artificial corpus. Requests are sent one at a time.
The same run is also exported by stars, without its order, and its matrix of purchases is built.
"""
import os
import tempfile
import time

from benchmarks import flags, separate_process, shapes
from benchmarks.report import say, verdict, write
from benchmarks.serving import model_server, served_model
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient

MAX_RANK, MAX_EXPLAIN = 15, 5  # ms in a session; explain also by gRPC
MAX_SERVED, MAX_START, MAX_MIB = 20, 10, 900  # rank by REST in ms, seconds to the first answer and MiB of a server
MAX_BUILD_SECONDS, MAX_BUILD_MIB = 300, 3072  # of the matrix of purchases
PROTOCOLS = ("rest", "grpc")
BY_STARS = "by_stars"
MATRICES = {"matrix": False, "matrices": True}  # name in the figures: whether all matrices are fitted


def parse_args(argv=None):
    parser = cli.Parser("./run bench rank", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES), help="sizes of the corpus")
    parser.add_argument("--factor", type=float, default=1., help="multiplies reviews, users and items of the shape")
    parser.add_argument("--requests", type=int, default=200, help="number of requests of each signature")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="set a field of ModelConfig; repeatable")
    parser.add_argument("--folder", help="keep corpus, run and model in this folder, and reuse those in it")
    args = flags.parse(parser, argv, "factor", "requests")
    args.fields = parser.settings(args.set)
    return args


def measure(args, folder):
    """Returns all figures of the export with the order of items; below BY_STARS those without, and of the MATRICES."""
    corpus = dict(folder=folder, shape=args.shape, factor=args.factor)
    figures = _measure_export(args, dict(corpus, fields=args.fields, by_stars=False), 1)
    figures[BY_STARS] = _measure_export(args, dict(corpus, fields=args.fields, by_stars=True), 4)
    cli.log.info("step 7 of 7: the matrix of purchases, alone and chosen among all")
    figures.update({name: separate_process.call("benchmarks.serving.purchases", "build", dict(corpus, whole=whole))
                    for name, whole in MATRICES.items()})
    return figures


def _measure_export(args, arguments, step):
    """Returns all figures of one export, one session and one server; its steps are numbered from `step`."""
    cli.log.info("step %d of 7: corpus, run and export%s", step, " by stars" if arguments["by_stars"] else "")
    figures = separate_process.call("benchmarks.serving.served_model", "export", arguments)
    cli.log.info("step %d of 7: %d requests of each signature in a TensorFlow session", step + 1, args.requests)
    figures.update(separate_process.call("benchmarks.serving.served_model", "time_session", dict(
        model=figures["model"], count=args.requests)))
    cli.log.info("step %d of 7: the model server", step + 2)
    figures["server"] = measure_server(os.path.dirname(figures["model"]), args.requests)
    return figures


def measure_server(versions, count):
    """Measures seconds to a server's first answer, its memory after all requests, and milliseconds of each kind."""
    start = time.time()
    requests = served_model.requests(model_server.latest(versions), count)
    with model_server.server(os.path.abspath(versions)) as server:
        clients = {name: ModelClient(getattr(server, name), timeout=30) for name in PROTOCOLS}
        clients["rest"].predict(wire.RANK, requests[wire.RANK][0])
        figures = {"first_answer_seconds": time.time() - start}
        for protocol, client in clients.items():
            for name in (wire.RANK, wire.EXPLAIN):
                client.predict(name, requests[name][0])
                figures[f"{name} by {protocol}"] = served_model.milliseconds(client.predict, name, requests[name])
        return dict(figures, resident_mib=server.memory())


def report(figures):
    """Prints the figures with their targets, which are set for the shape of Toys & Games."""
    say(f"export: {figures['export_seconds']:.1f} s, peak memory {figures['export_peak_mib']:.0f} MiB, "
        f"{figures['mib']:.0f} MiB in {figures['model']}")
    start = figures["first_answer_seconds"]
    say(f"session: loaded after {figures['load_seconds']:.1f} s, first answer after {start:.1f} s; target below "
        f"{MAX_START}: {verdict(start < MAX_START)}")
    say(f"session: resident memory {figures['resident_mib']:.0f} MiB, peak {figures['peak_mib']:.0f}, before loading "
        f"{figures['tensorflow_mib']:.0f}")
    _table(figures)
    rank, explain = figures[wire.RANK]["p50"], figures[wire.EXPLAIN]["p50"]
    say(f"target for rank p50 at most {MAX_RANK} ms: {verdict(rank <= MAX_RANK)}")
    say(f"target for explain p50 at most {MAX_EXPLAIN} ms: {verdict(explain <= MAX_EXPLAIN)}")
    report_server(figures["server"])
    report_order(figures)


def report_order(figures):
    """Prints what the order of items costs: the export with it beside that by stars, and the matrix of purchases."""
    say("                      with the order   by stars   ratio")
    for name, measure in (("export, MiB", lambda part: part["mib"]),
                          ("session, MiB", lambda part: part["resident_mib"]),
                          ("server, MiB", lambda part: part["server"]["resident_mib"]),
                          ("rank, session, ms", lambda part: part[wire.RANK]["p50"]),
                          ("rank, REST, ms", lambda part: part["server"][f"{wire.RANK} by rest"]["p50"])):
        ours, stars = measure(figures), measure(figures[BY_STARS])
        say(f"  {name:22}{ours:12.1f}{stars:11.1f}{ours / stars:8.2f}")
    for name, title in zip(MATRICES, ("text-EASE alone", "all matrices, chosen on validation items")):
        built = figures[name]
        met = built["seconds"] <= MAX_BUILD_SECONDS and built["peak_mib"] <= MAX_BUILD_MIB
        say(f"matrix of purchases, {title}: {built['seconds']:.0f} s, peak memory {built['peak_mib']:.0f} MiB (data "
            f"{built['before_mib']:.0f}); target at most {MAX_BUILD_SECONDS} s and {MAX_BUILD_MIB} MiB: {verdict(met)}")


def report_server(figures):
    """Prints the figures of the model server with their targets."""
    start, memory = figures["first_answer_seconds"], figures["resident_mib"]
    say(f"model server: first answer after {start:.1f} s; target below {MAX_START}: {verdict(start < MAX_START)}")
    say(f"model server: {memory:.0f} MiB resident after all requests; target at most {MAX_MIB}: "
        f"{verdict(memory <= MAX_MIB)}")
    _table(figures)
    rank, explain = (figures[f"{name} by {protocol}"]["p50"]
                     for name, protocol in ((wire.RANK, "rest"), (wire.EXPLAIN, "grpc")))
    say(f"target for rank p50 by REST at most {MAX_SERVED} ms: {verdict(rank <= MAX_SERVED)}; explain p50 by gRPC at "
        f"most {MAX_EXPLAIN}: {verdict(explain <= MAX_EXPLAIN)}")


def _table(figures):
    say("milliseconds per request     p50      p90      p99")
    for name, times in figures.items():
        if isinstance(times, dict) and "p50" in times:
            say(f"  {name:22}" + "".join(f"{times[part]:9.2f}" for part in ("p50", "p90", "p99")))


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        figures = measure(args, args.folder or scratch)
    report(figures)
    write(args, dict(figures, shape=args.shape, factor=args.factor, cores=os.cpu_count()))


if __name__ == "__main__":
    cli.run(main)
