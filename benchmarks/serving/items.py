"""`./run bench items`: rankings of catalogues of growing size, exact ones and those in two stages.

Corpora, networks and orders are random; items have genres, with words and users of their own. Each size is exported
both ways; requests are sent one at a time. CPU times are those of all threads, and depend less on other work.
"""
import os
import tempfile
import time

import numpy as np

from benchmarks import flags, separate_process, shapes
from benchmarks.report import say, verdict, write
from benchmarks.serving import served_model
from runtime import cli
from serving import signatures as wire

SIZES = {10000: 14, 100000: 14, 1000000: 2}  # items: reviews of an item that --reviews_per_item does not name
REVIEWS_OF_A_USER, GENRES, TOP = 9, 64, 100
LEAST_RECALL, MOST_MS = .99, 250
EXACT, STAGES = "exact", "two stages"


def parse_args(argv=None):
    parser = cli.Parser("./run bench items", description=__doc__)
    parser.add_argument("--items", type=int, action="append", metavar="N",
                        help=f"size of a catalogue; repeatable; default: {' '.join(map(str, SIZES))}")
    parser.add_argument("--reviews_per_item", type=int, metavar="N",
                        help="mean number of reviews of an item; default: 14, and 2 for a million items")
    parser.add_argument("--words", type=int, default=16, help="largest number of words of a review")
    parser.add_argument("--requests", type=int, default=50, help="number of requests of each signature")
    parser.add_argument("--folder", help="keep corpora, runs and models in this folder, and reuse those in it")
    args = flags.parse(parser, argv, "words", "requests")
    for flag, values in (("items", args.items or ()), ("reviews_per_item", [args.reviews_per_item])):
        for value in values:
            if value is not None and value < 1:
                parser.error(f"--{flag} {value}: give a number above 0")
    args.items = args.items or list(SIZES)
    return args


def shape_of(items, reviews_per_item, words):
    """Returns the Shape of a catalogue of genres."""
    reviews = items * reviews_per_item
    return shapes.Shape(reviews, max(3, reviews // REVIEWS_OF_A_USER), items, 16, 32, words, 20000, 32, 64,
                        genres=GENRES, least=1, popularity=.8)


def export(folder, items, reviews_per_item, words, in_stages):
    """Exports a run with random weights either way. Returns folder, seconds, CPU seconds, peak memory and size."""
    from benchmarks import random_run
    from models.export import publish
    from preprocessing import artefact as contract
    from runtime import files

    data = os.path.join(folder, "data")
    if not os.path.isdir(data):
        with files.written_folder(data) as draft:
            contract.save(shapes.build(shape_of(items, reviews_per_item, words)), draft)
    run = random_run.build(folder, None, None, **random_run.large(items))
    start, used = time.time(), time.process_time()
    model = publish.export(run, os.path.join(folder, STAGES if in_stages else EXACT),
                           exact_up_to=0 if in_stages else None)
    return {"model": model, "seconds": time.time() - start, "cpu_seconds": time.process_time() - used,
            "peak_mib": cli.peak_memory(), "mib": publish.size_of(model) / 2 ** 20}


def time_ranks(model, count, seed):
    """Measures milliseconds and CPU milliseconds of `rank`, and the memory after it; returns also the first items."""
    requests = served_model.requests(model, count, seed)
    session, top = served_model.Session(model), np.int32(min(TOP, served_model.meta_of(model)["sizes"]["I"]))
    lists = [session(wire.RANK, dict(request, **{wire.TOP_K: top}))[wire.ITEM][0].tolist()
             for request in requests[wire.RANK]]
    figures = {"lists": lists}
    for name in (wire.RANK_UNBOUGHT, wire.FOLD_IN, wire.EXPLAIN):
        session(name, requests[name][0])
        used = time.process_time()
        figures[name] = served_model.milliseconds(session, name, requests[name])
        figures[name]["cpu"] = (time.process_time() - used) / count * 1e3
    return dict(figures, resident_mib=served_model.resident(), peak_mib=cli.peak_memory())


def measure(args, folder, items):
    """Returns all figures of one size."""
    reviews = args.reviews_per_item or next(reviews for most, reviews in sorted(
        SIZES.items()) + [(float("inf"), 2)] if items <= most)
    figures = {"items": items, "reviews_per_item": reviews}
    for name in (EXACT, STAGES):
        cli.log.info("%d items, %s: export", items, name)
        made = separate_process.call("benchmarks.serving.items", "export", dict(
            folder=folder, items=items, reviews_per_item=reviews, words=args.words, in_stages=name == STAGES))
        cli.log.info("%d items, %s: %d requests", items, name, args.requests)
        figures[name] = dict(made, **separate_process.call("benchmarks.serving.items", "time_ranks", dict(
            model=made["model"], count=args.requests, seed=7)))
    lists = [figures[name].pop("lists") for name in (EXACT, STAGES)]
    figures["recall"] = float(np.mean([np.isin(*pair).mean() for pair in zip(*lists)]))
    figures["choice"] = served_model.meta_of(figures[STAGES]["model"])["rank"]
    return figures


def report(figures):
    """Prints the table of one size."""
    choice, ours = figures["choice"], figures[STAGES]
    say(f"{figures['items']} items of {figures['reviews_per_item']} reviews: {choice['candidates']} candidates")
    say("                             " + "".join(f"{name:>14}" for name in (EXACT, STAGES)))
    for title, value in (
            [("export, s", lambda part: part["seconds"]), ("export, CPU s", lambda part: part["cpu_seconds"]),
             ("export, peak MiB", lambda part: part["peak_mib"]), ("export, size in MiB", lambda part: part["mib"]),
             ("session, resident MiB", lambda part: part["resident_mib"])]
            + [(f"{name}, {unit}", lambda part, name=name, key=key: part[name][key])
               for name in (wire.RANK_UNBOUGHT, wire.FOLD_IN, wire.EXPLAIN)
               for key, unit in (("p50", "median ms"), ("cpu", "CPU ms"))]):
        say(f"  {title:27}" + "".join(f"{value(figures[name]):14.1f}" for name in (EXACT, STAGES)))
    say(f"  Recall@{TOP} of {figures['recall']:.4f}; target at least {LEAST_RECALL}: "
        f"{verdict(figures['recall'] >= LEAST_RECALL)}; rank_unbought in at most {MOST_MS} ms: "
        f"{verdict(ours[wire.RANK_UNBOUGHT]['p50'] <= MOST_MS)}")


def main(argv=None):
    args = parse_args(argv)
    everything = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for items in args.items:
            everything.append(measure(args, os.path.join(args.folder or scratch, str(items)), items))
            report(everything[-1])
    write(args, {"sizes": everything, "cores": os.cpu_count()})


if __name__ == "__main__":
    separate_process.main(globals())
