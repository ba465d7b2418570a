"""`./run preprocess`: turns raw review files into the artefact data/NAME/."""
import functools
import os
import shlex

from preprocessing import artefact as contract
from preprocessing import pipeline, readers, split
from preprocessing.artefact import DATA
from preprocessing.corpus.numbered import NO_TIME
from preprocessing.reading import columns, opening, tally
from preprocessing.summary import coverage, page
from preprocessing.tokenise import TOKENISERS
from runtime import cli, files
from runtime.cli import UserError

DEFAULTS = pipeline.Options()
PYTHON, SPARK = ENGINES = ("python", "spark")
LOCAL = "local[*]"  # Spark on all cores of this machine


def parse_args(argv=None):
    parser = cli.Parser("./run preprocess", description="Turns raw review files into the artefact data/NAME/.")
    _add_file_flags(parser)
    _add_split_flags(parser)
    _add_word_flags(parser)
    _add_engine_flags(parser)
    args = parser.parse_args(argv)
    _check(parser, args)
    args.how = _reading(parser, args)
    return args


def _add_file_flags(parser):
    """What is read, and how it is to be understood; where the artefact is written."""
    parser.add_argument("--reviews", required=True, nargs="+", metavar="FILE",
                        help="files of reviews: JSON lines, a JSON array, CSV, TSV or Parquet, also compressed; - is "
                             "the standard input")
    parser.add_argument("--meta", nargs="+", metavar="FILE", help="files of the items' metadata, in the same formats")
    parser.add_argument("--columns", metavar="FIELD=COLUMN,...", help="columns whose names are not known, such as "
                        f"user=who,text=opinion; the fields are {', '.join(columns.OPTIONS)}")
    parser.add_argument("--stars", metavar="LOWEST..HIGHEST",
                        help="scale of the ratings in the file; they become 1 to 5 stars (default: found from the "
                             "ratings, 1..5 where they do not clearly show another one)")
    parser.add_argument("--repeated", choices=(readers.FIRST, readers.LAST), default=readers.LAST,
                        help="which review of the same user and item is kept: the first of the file, or the last by "
                             "time")
    parser.add_argument("--name", required=True, help="name of the data: the folder data/NAME/ is written")
    parser.add_argument("--data_dir", default=DATA, help="folder of all artefacts")


def _add_split_flags(parser):
    """What is training data, and how much of it a model reads."""
    parser.add_argument("--split", default=DEFAULTS.split, choices=split.PROTOCOLS,
                        help="random: 80/10/10 of the reviews; time: the same by time, the latest for the test; last: "
                             "of each user the last review for the test, the one before for validation; users, items: "
                             "80/10/10 of the users or items with all of their reviews, so that those of the test "
                             "have no training review")
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed, help="seed of the split, word vectors and topics")
    parser.add_argument("--percentile", type=float, default=DEFAULTS.percentile,
                        help="cap words per review, reviews per user and reviews per item at this percentile of the "
                             "training reviews")


def _add_word_flags(parser):
    """What a word is, which words are known, and how their vectors and topics are learned."""
    parser.add_argument("--min_reviews", type=int, default=DEFAULTS.min_reviews,
                        help="a word in fewer training reviews is unknown")
    parser.add_argument("--most_words", type=int, default=DEFAULTS.most_words,
                        help="size of the vocabulary at most: the most frequent words are kept. The memory of "
                             "training, export and shop grows with it")
    parser.add_argument("--tokens", default=DEFAULTS.tokens, choices=sorted(TOKENISERS),
                        help="what a word is: words of every script by Unicode, or letters a to z alone, as "
                             "published")
    parser.add_argument("--word_dim", type=int, default=DEFAULTS.word_dim, help="dimensions of a word vector")
    parser.add_argument("--topics", type=int, default=DEFAULTS.topics, help="number of topics (LSI)")
    parser.add_argument("--word_method", choices=pipeline.WORD_METHODS, default=DEFAULTS.word_method,
                        help="how word vectors are learned: by word2vec, from counts of words that are near each "
                             "other (many times as fast, of 16 million words at most), or auto: by word2vec up to a "
                             "million words of training text, from counts beyond")
    parser.add_argument("--vectors", help="file of word vectors in word2vec or GloVe format; default: train them")


def _add_engine_flags(parser):
    """What reads the files."""
    parser.add_argument("--engine", choices=ENGINES, default=PYTHON,
                        help="what reads the reviews: this process, or the workers of Apache Spark, with the same "
                             "result (packages of requirements/spark.txt, and Java 17)")
    parser.add_argument("--master", metavar="URL", help="the cluster of --engine spark, such as spark://HOST:7077, "
                                                        f"yarn or local[2]; default: {LOCAL}, this machine")


def _check(parser, args):
    """Exits with an error where the value of a flag is out of range, or contradicts another."""
    if args.master is not None and args.engine != SPARK:
        parser.error(f"--master {args.master}: this is for --engine {SPARK}")
    if not args.name:
        parser.error("--name '': give a plain folder name")
    parser.require_plain("--name", args.name)
    if not 0 < args.percentile <= 100:
        parser.error(f"--percentile {args.percentile}: give a number above 0, at most 100")
    for flag in ("min_reviews", "most_words", "word_dim", "topics"):
        if getattr(args, flag) < 1:
            parser.error(f"--{flag} {getattr(args, flag)}: give 1 or more")
    parser.require_seed(args.seed)


def _reading(parser, args):
    """The `readers.Reading` of the flags."""
    try:
        given = columns.parse(args.columns) if args.columns else None
    except ValueError as error:
        parser.error(f"--columns: {error}")
    if args.stars is None:
        return readers.Reading(given, None, args.repeated)
    lowest, _, highest = args.stars.partition("..")
    try:
        scale = float(lowest), float(highest)
    except ValueError:
        scale = 0., 0.
    if not -1e6 < scale[0] < scale[1] < 1e6:
        parser.error(f"--stars {args.stars}: give two numbers, the lower one first, such as 1..10")
    return readers.Reading(given, scale, args.repeated)


def main(argv=None):
    args = parse_args(argv)
    options = pipeline.Options(**{field: getattr(args, field) for field in pipeline.Options._fields})
    folder = os.path.join(args.data_dir, args.name)
    with opening.local(args.reviews) as reviews, opening.local(args.meta or []) as meta:
        contract.require_replaceable(folder, reviews + meta + ([args.vectors] if args.vectors else []))
        files.require_writable(args.data_dir, "give another --data_dir")
        with cli.stage("preprocessing"):
            _preprocess(reviews, meta, options, args, folder)


def _preprocess(review_files, meta_files, options, args, folder):
    """Reads the files, and writes the artefact into `folder`."""
    counts, item_counts = tally.Tally(), tally.Tally()
    with cli.stage("read and tokenise"):
        corpus, dropped = _reader(args)(review_files, args.how, counts, TOKENISERS[options.tokens],
                                        files.existing_above(args.data_dir))
        items = readers.read_items(meta_files, args.how.columns, item_counts) if meta_files else {}
        sources = [pipeline.source(path) for path in review_files + meta_files]
    reading = coverage.reading(corpus, items, counts, item_counts, meta_files)
    for line in coverage.lines(reading, counts, item_counts):
        cli.log.info("%s", line)
    without = int((corpus.time == NO_TIME).sum()) if options.split in split.BY_TIME else 0
    if without:
        raise _without_time(review_files[0], without, len(corpus), options.split, counts)
    artefact = pipeline.build(corpus, options, args.name, sources, dropped, reading)
    if options.split == "last":
        _log_last(split.last_counts(artefact.review_time[1:], artefact.review_user[1:]))
    truth = os.path.join(os.path.dirname(review_files[0]), contract.TRUTH)  # beside the files of a sample corpus
    pipeline.write(artefact, corpus, items, folder, truth if os.path.isfile(truth) else None)
    _log_result(artefact.meta, folder, args)


def _reader(args):
    """The function that reads reviews: `readers.read_reviews`, or the same on Spark."""
    if args.engine == PYTHON:
        return readers.read_reviews
    from preprocessing.spark import reading

    return functools.partial(reading.read_reviews, master=args.master or LOCAL)


def _without_time(path, without, count, protocol, counts):
    """The UserError of a split by time of reviews that lack it; it says how the unreadable times are written."""
    example = counts.unreadable_examples.get("time")
    hint = f" (first: {example}); write dates as 2014-05-13" if example else "; name its column with --columns time=..."
    return UserError(f"{path}: {without} of {count} reviews without a readable time, by which --split {protocol} "
                     f"orders them{hint}, or use --split random")


def _log_last(counts):
    """Logs how many users the split has left out reviews of."""
    cli.log.info("split: the last two reviews of %d users are held out; %d users with fewer than %d reviews are in "
                 "training alone; of %d users the order of the file decides between reviews of the same time",
                 counts.held, counts.whole, split.LEAST, counts.tied)


def _log_result(meta, folder, args):
    """Logs what was written, and the command that comes next."""
    cli.log.info("Wrote %s: %d reviews (%d dropped), %d users, %d items, mean rating %.4f, %d empty texts",
                 folder, meta["sizes"]["N"], sum(meta["dropped"].values()), meta["sizes"]["U"], meta["sizes"]["I"],
                 meta["mean_rating"], meta["empty_texts"])
    for text in page.warnings(meta):
        cli.log.warning("warning: %s", text)
    cli.log.info("%s shows distributions, caps and warnings", os.path.join(folder, contract.REPORT))
    cli.log.info("caps: %(L)d words per review, %(R_user)d reviews per user, %(R_item)d reviews per item; "
                 "vocabulary: %(V)d words", meta["sizes"])
    cli.log.info("Next: ./run train --data %s", shlex.quote(args.name if args.data_dir == DATA else folder))


if __name__ == "__main__":
    cli.run(main)
