"""`./run preprocess`: turns raw review files into the artefact data/NAME/."""
import os
import shlex

from preprocessing import artefact as contract
from preprocessing import pipeline, readers, split
from preprocessing.artefact import DATA
from runtime import cli
from runtime.cli import UserError

DEFAULTS = pipeline.Options()


def parse_args(argv=None):
    parser = cli.Parser("./run preprocess", description="Turns raw review files into the artefact data/NAME/.")
    parser.add_argument("--reviews", required=True, help="file of Amazon reviews, JSON lines, plain or gzip")
    parser.add_argument("--meta", help="file of the items' metadata, in the same formats")
    parser.add_argument("--name", required=True, help="name of the data: the folder data/NAME/ is written")
    parser.add_argument("--data_dir", default=DATA, help="folder of all artefacts")
    parser.add_argument("--split", default=DEFAULTS.split, choices=split.PROTOCOLS,
                        help="random: 80/10/10 of the reviews; time: the same by time, the latest for the test; last: "
                             "of each user the last review for the test, the one before for validation")
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed, help="seed of the split, word vectors and topics")
    parser.add_argument("--percentile", type=float, default=DEFAULTS.percentile,
                        help="cap words per review, reviews per user and reviews per item at this percentile of the "
                             "training reviews")
    parser.add_argument("--min_reviews", type=int, default=DEFAULTS.min_reviews,
                        help="a word in fewer training reviews is unknown")
    parser.add_argument("--word_dim", type=int, default=DEFAULTS.word_dim, help="dimensions of a word vector")
    parser.add_argument("--topics", type=int, default=DEFAULTS.topics, help="number of topics (LSI)")
    parser.add_argument("--vectors", help="file of word vectors in word2vec or GloVe format; default: train them")
    args = parser.parse_args(argv)
    if not args.name:
        parser.error("--name '': give a plain folder name")
    parser.require_plain("--name", args.name)
    if not 0 < args.percentile <= 100:
        parser.error(f"--percentile {args.percentile}: give a number above 0, at most 100")
    for flag in ("min_reviews", "word_dim", "topics"):
        if getattr(args, flag) < 1:
            parser.error(f"--{flag} {getattr(args, flag)}: give 1 or more")
    if not 0 <= args.seed < 2 ** 32:
        parser.error(f"--seed {args.seed}: give a number from 0 to 4294967295")
    return args


def main(argv=None):
    args = parse_args(argv)
    options = pipeline.Options(**{field: getattr(args, field) for field in pipeline.Options._fields})
    folder = os.path.join(args.data_dir, args.name)
    contract.require_replaceable(folder, [path for path in (args.reviews, args.meta, args.vectors) if path])
    with cli.stage("preprocessing"):
        with cli.stage("read"):
            reviews, dropped = readers.read_reviews(args.reviews)
            items = readers.read_items(args.meta) if args.meta else {}
            sources = [pipeline.source(path) for path in (args.reviews, args.meta) if path]
        without = sum(review.time is None for review in reviews) if options.split != "random" else 0
        if without:
            raise UserError(f"{args.reviews}: {without} of {len(reviews)} reviews without unixReviewTime, by which "
                            f"--split {options.split} orders them; use --split random")
        artefact = pipeline.build(reviews, options, args.name, sources, dropped)
        if options.split == "last":
            _log_last(split.last_counts(artefact.review_time[1:], artefact.review_user[1:]))
        truth = os.path.join(os.path.dirname(args.reviews), contract.TRUTH)  # beside the files of a sample corpus
        pipeline.write(artefact, reviews, items, folder, truth if os.path.isfile(truth) else None)
    _log_result(artefact.meta, folder, args)


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
    cli.log.info("caps: %(L)d words per review, %(R_user)d reviews per user, %(R_item)d reviews per item; "
                 "vocabulary: %(V)d words", meta["sizes"])
    cli.log.info("Next: ./run train --data %s", shlex.quote(args.name if args.data_dir == DATA else folder))


if __name__ == "__main__":
    cli.run(main)
