"""`./run bench rank`: what a served model costs in a plain session: time, start and memory.

A run of random weights on a corpus of random text of a given shape is exported, and asked one request at a
time.
"""
import json
import os
import tempfile

import command
from benchmarks import apart, shapes
from benchmarks.training import say, verdict
from serving import signatures as wire

MOST_RANK, GOAL_RANK, MOST_EXPLAIN, MOST_START, MOST_MIB = 40, 15, 5, 10, 900  # ms, ms, ms, s, MiB


def parse_args(argv=None):
    parser = command.Parser("./run bench rank", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES))
    parser.add_argument("--factor", type=float, default=1., help="of the shape's reviews, users and items")
    parser.add_argument("--requests", type=int, default=200, help="of each signature")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a field of ModelConfig")
    parser.add_argument("--folder", help="keeps corpus, run and model there, and uses what stands there")
    parser.add_argument("--out", help="a JSON file for all figures")
    args = parser.parse_args(argv)
    for name in ("factor", "requests"):
        if not getattr(args, name) > 0:
            parser.error(f"--{name} {getattr(args, name)}: give a number above 0")
    args.fields = parser.settings(args.set)
    for flag, folder in (("--folder", args.folder), ("--out", os.path.dirname(args.out or ""))):
        parser.require_folder(flag, folder)
    return args


def measure(args, folder):
    """All figures of one export and one session."""
    found = apart.call("benchmarks.served", "export", dict(
        folder=folder, shape=args.shape, factor=args.factor, fields=args.fields))
    found.update(apart.call("benchmarks.served", "time_session", dict(model=found["model"], count=args.requests)))
    return found


def report(found):
    """Prints the figures beside their targets, which hold for the shape of Toys & Games."""
    say(f"export: {found['export_seconds']:.1f} s, peak memory {found['export_peak_mib']:.0f} MiB, "
        f"{found['mib']:.0f} MiB in {found['model']}")
    start = found["first_answer_seconds"]
    say(f"start: loaded after {found['load_seconds']:.1f} s, first answer after {start:.1f} s; target below "
        f"{MOST_START}: {verdict(start < MOST_START)}")
    say(f"resident memory: {found['resident_mib']:.0f} MiB, peak {found['peak_mib']:.0f}, before loading "
        f"{found['tensorflow_mib']:.0f}; target of a whole server at most {MOST_MIB}: "
        f"{verdict(found['peak_mib'] <= MOST_MIB)}")
    say("milliseconds a request       p50      p90      p99")
    for name in (name for name in found if isinstance(found[name], dict)):
        say(f"  {name:22}" + "".join(f"{found[name][part]:9.2f}" for part in ("p50", "p90", "p99")))
    rank, explain = found[wire.RANK]["p50"], found[wire.EXPLAIN]["p50"]
    say(f"rank p50 at most {MOST_RANK} ms: {verdict(rank <= MOST_RANK)}; goal {GOAL_RANK}: "
        f"{verdict(rank <= GOAL_RANK)}")
    say(f"explain p50 at most {MOST_EXPLAIN} ms: {verdict(explain <= MOST_EXPLAIN)}")


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        found = measure(args, args.folder or scratch)
    report(found)
    if args.out:
        with open(args.out, "w", encoding="utf-8") as out:
            json.dump(dict(found, shape=args.shape, factor=args.factor, cores=os.cpu_count()), out, indent=1)
            out.write("\n")


if __name__ == "__main__":
    command.run(main)
