"""`./run bench users`: speed and memory of what `./run users` says of the users of a run.

The run has random weights and an artificial corpus; its aspects are words of that corpus. Everything is done in one
process of its own: loading the run, encoding its reviews, groups, neighbours, helpful reviewers, tables and page.
"""
import os
import tempfile
import time

from benchmarks import flags, random_catalogue, random_run, report, separate_process, shapes
from benchmarks.report import say, verdict
from runtime import cli

MAX_SECONDS, MAX_MIB = 60, 1536  # targets, at the shape of Toys & Games


def parse_args(argv=None):
    parser = cli.Parser("./run bench users", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES), help="sizes of the corpus")
    parser.add_argument("--factor", type=float, default=1., help="multiplies reviews, users and items of the shape")
    parser.add_argument("--folder", help="keep corpus and run in this folder, and reuse those in it")
    return flags.parse(parser, argv, "factor")


def prepare(folder, shape, factor):
    """Makes corpus, catalogue, run and aspects below a folder unless they exist. Returns the folder of the run."""
    run = random_run.build(folder, shape, factor)
    random_catalogue.write_catalogue(os.path.join(folder, "data"))
    random_catalogue.write_aspects(folder, run)
    return run


def measure(run):
    """Returns {"seconds", "cpu_seconds" of all threads, "peak_mib"} of all that is said of the users of a run, with
    loading it and without the import of TensorFlow, and its sizes."""
    from user_modeling.user_report import folder, survey

    start, used = time.monotonic(), time.process_time()
    made = survey.make(run)
    folder.write(run, made)
    return {"seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - used,
            "peak_mib": cli.peak_memory(), "sizes": made.artefact.meta["sizes"], "groups": len(made.groups.names),
            "readers": made.readers}


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        made = args.folder or temporary
        cli.log.info("corpus, run and aspects in %s", made)
        run = separate_process.call("benchmarks.users", "prepare", dict(
            folder=made, shape=args.shape, factor=args.factor))
        cli.log.info("all that is said of users")
        figures = separate_process.call("benchmarks.users", "measure", {"run": run})
    sizes = figures["sizes"]
    say(f"{sizes['U']:,} users, {sizes['I']:,} items, {sizes['N']:,} reviews, {random_catalogue.ASPECTS} aspects")
    say(f"all that is said of users: {figures['seconds']:.1f} s ({figures['cpu_seconds']:.1f} s of all cores "
        f"together); at most {MAX_SECONDS}: {verdict(figures['seconds'] <= MAX_SECONDS)}")
    say(f"peak memory: {figures['peak_mib']:.0f} MiB; at most {MAX_MIB}: {verdict(figures['peak_mib'] <= MAX_MIB)}")
    report.write(args, figures)


if __name__ == "__main__":
    separate_process.main(globals())
