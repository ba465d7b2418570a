"""`./run bench chain`: time and memory of the whole chain, from raw reviews to the pages of the shop.

Makes artificial reviews in the shape of Amazon Toys & Games, then runs the project's own commands one after the other,
each in its own process: preprocess, train, evaluate, export, and `./run bench shop`, which starts model server and
shop and requests pages. What was finished in the folder of `--folder` is not repeated.
"""
import json
import os
import tempfile
import time

from benchmarks import flags, process_memory, separate_process
from benchmarks.corpora import raw_reviews
from benchmarks.report import say, verdict, write
from runtime import cli, files, project
from runtime.processes import Children

MAX_MIB, MAX_MINUTES = 4096, 60  # of a million reviews
NAME, FIGURES = "made", "figures.json"
SIZES = "reviews", "epochs", "users"  # flags on which the figures of the steps depend


def parse_args(argv=None):
    parser = cli.Parser("./run bench chain", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--reviews", type=int, default=1000000, help="number of reviews")
    parser.add_argument("--epochs", type=int, default=1, help="of the training")
    parser.add_argument("--users", type=int, default=2000, help="whose test pairs are measured")
    parser.add_argument("--seconds", type=float, default=12., help="of requests for each kind of page")
    parser.add_argument("--shoppers", type=int, default=1, help="clients that request pages at the same time")
    parser.add_argument("--folder", help="keep all that is made in this folder, and go on from what is there; default: "
                                         "a temporary folder")
    args = flags.parse(parser, argv, "epochs", "users", "seconds", "shoppers")
    if args.reviews < 1000:
        parser.error(f"--reviews {args.reviews}: give 1000 or more")
    return args


def steps(args, folder):
    """Returns {name of a step: arguments of Python}, in the order in which they need each other."""
    raw, data, runs, models = (os.path.join(folder, name) for name in ("reviews.json.gz", "data", "runs", "models"))
    run = os.path.join(runs, NAME)
    return {
        "generate": project.module("benchmarks.corpora.chain") + ["generate", json.dumps(
            {"path": raw, "reviews": args.reviews})],
        "preprocess": project.module("preprocessing") + ["--reviews", raw, "--name", NAME, "--data_dir", data],
        "train": project.module("train") + ["--data", NAME, "--data_dir", data, "--runs", runs, "--name", NAME,
                                            "--epochs", str(args.epochs)],
        "evaluate": project.module("commands.evaluate") + ["--run", NAME, "--runs", runs, "--users", str(args.users)],
        "export": project.module("tensorflow_serving") + ["--run", NAME, "--runs", runs, "--out", models],
        "shop": project.module("benchmarks") + [
            "shop", "--run", run, "--model_base_path", models, "--seconds", str(args.seconds), "--shoppers",
            str(args.shoppers), "--pages", "ranked", "item", "search", "--out", os.path.join(folder, "pages.json")]}


def measure(name, arguments):
    """Runs a step. Returns its figures; exits where it fails.

    Returns:
      {"seconds", "cpu" (seconds), "mib" (peak of all its processes), "own_mib" (the same without pages of files, which
      the system takes back where it needs memory)}.
    """
    start = time.monotonic()
    with Children() as children, process_memory.TreePeak() as peak:
        children.run(name, arguments)
    return {"seconds": time.monotonic() - start, "cpu": peak.cpu, "mib": peak.mib, "own_mib": peak.own_mib}


def measure_all(args, folder):
    """Runs the steps whose figures are not in the folder yet; returns {step: figures} of all of them.

    Raises UserError where the folder holds figures of other sizes.
    """
    path, sizes = os.path.join(folder, FIGURES), {name: getattr(args, name) for name in SIZES}
    kept = files.read_json(path) or {"sizes": sizes, "steps": {}}
    if kept["sizes"] != sizes:
        raise cli.UserError(f"{path}: the figures of {kept['sizes']}, not of {sizes}; give another --folder")
    figures = kept["steps"]
    for name, arguments in steps(args, folder).items():
        if name not in figures:
            figures[name] = measure(name, arguments)
            files.write_json(path, kept)
        say("{:<12} {seconds:>7.0f} {cpu:>12.0f} {mib:>9.0f} {own_mib:>14.0f}".format(name, **figures[name]))
    return figures


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="recsys-") as scratch:
        folder = args.folder or scratch
        say("step         seconds  CPU seconds  peak MiB  without files")
        figures = measure_all(args, folder)
        pages = files.read_json(os.path.join(folder, "pages.json"))["kinds"]
    minutes, most = sum(step["seconds"] for step in figures.values()) / 60, max(
        step["own_mib"] for step in figures.values())
    for kind, found in pages.items():
        say(f"pages of the kind {kind}: p95 {found['p95']:.0f} ms, {found['failed']} failed")
    say(f"in all {minutes:.1f} minutes, target {MAX_MINUTES}: {verdict(minutes <= MAX_MINUTES)}; at most "
        f"{most:.0f} MiB without files, target {MAX_MIB}: {verdict(most <= MAX_MIB)}")
    write(args, {"steps": figures, "pages": pages})


def generate(path, reviews):
    """The step `generate`, in its own process."""
    raw_reviews.write(path, reviews)


if __name__ == "__main__":
    separate_process.main(globals())
