"""`./run bench preprocess`: time and memory of preprocessing, for corpora of several sizes."""
import os
import shutil
import tempfile
import time

from benchmarks import flags, process_memory, separate_process
from benchmarks.corpora import raw_reviews
from benchmarks.report import say, write
from preprocessing import __main__ as command
from runtime import cli

SIZES = (10000, 30000, 100000, 300000)


def parse_args(argv=None):
    parser = cli.Parser("./run bench preprocess", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N",
                        help="numbers of reviews, random text in the shape of Amazon Toys & Games")
    parser.add_argument("--words", choices=("learned", "given"), default="learned",
                        help="learned: everything; given: word vectors of a file and one topic, which leaves the cost "
                             "of reading, counting and writing")
    parser.add_argument("--engine", choices=command.ENGINES, default=command.PYTHON,
                        help="of ./run preprocess; time and memory are those of all its processes")
    parser.add_argument("--folder", help="where the raw files are made, and kept for the next time; default: a "
                                         "temporary folder")
    args = flags.parse(parser, argv)
    if min(args.sizes) < 100:
        parser.error(f"--sizes {min(args.sizes)}: give 100 or more")
    return args


def preprocess(raw, folder, options):
    """Preprocesses a raw file in this process and those that it starts.

    Returns:
      {"seconds", "cpu" (seconds of all threads and processes), "mib" (peak)}.
    """
    start = time.monotonic()
    with process_memory.TreePeak() as peak:
        command.main(["--reviews", raw, "--name", "made", "--data_dir", folder] + options)
    return {"seconds": time.monotonic() - start, "cpu": peak.cpu, "mib": peak.mib}


def measured(size, folder, words, engine):
    """The figures of `preprocess` for a corpus of `size` reviews, with the raw file in `folder`."""
    raw, options = os.path.join(folder, f"reviews_{size}.json.gz"), ["--engine", engine]
    if not os.path.isfile(raw):
        cli.log.info("making %s", raw)
        raw_reviews.write(raw, size)
    if words == "given":
        vectors = os.path.join(folder, "vectors.txt")
        options += ["--vectors", vectors, "--word_dim", "2", "--topics", "1"]
        with open(vectors, "w", encoding="utf-8") as out:
            out.writelines(f"{raw_reviews.word_of(number)} 1 {number}\n" for number in range(9))
    target = tempfile.mkdtemp(prefix="artefact-", dir=folder)
    try:
        return separate_process.call("benchmarks.corpora.preprocess", "preprocess", {
            "raw": raw, "folder": target, "options": options})
    finally:
        shutil.rmtree(target)


def main(argv=None):
    args, figures = parse_args(argv), {}
    folder = args.folder or tempfile.mkdtemp(prefix="recsys-")
    try:
        say("reviews    seconds  CPU seconds  peak MiB")
        for size in args.sizes:
            figures[str(size)] = found = measured(size, folder, args.words, args.engine)
            say(f"{size:<10,} {found['seconds']:>7.1f} {found['cpu']:>12.1f} {found['mib']:>9.0f}")
    finally:
        if not args.folder:
            shutil.rmtree(folder)
    write(args, figures)


if __name__ == "__main__":
    separate_process.main(globals())
