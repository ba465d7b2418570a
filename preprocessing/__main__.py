"""`./run preprocess`: raw review files -> data/<name>/."""
import os

from preprocessing import artefact as contract
from preprocessing import pipeline, readers, split
from runtime import cli
from runtime.cli import UserError

DEFAULTS = pipeline.Options()


def parse_args(argv=None):
    parser = cli.Parser("./run preprocess", description=__doc__)
    parser.add_argument("--reviews", required=True, help="Amazon reviews, JSON lines, plain or gzip")
    parser.add_argument("--meta", help="the items' metadata, likewise")
    parser.add_argument("--name", required=True, help="of the data: data/NAME/ is written")
    parser.add_argument("--data_dir", default="data", help="folder of all data")
    parser.add_argument("--split", default=DEFAULTS.split, choices=split.PROTOCOLS)
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed, help="of split, vectors and topics")
    parser.add_argument("--percentile", type=float, default=DEFAULTS.percentile,
                        help="caps words a review, reviews a user and an item at this percentile")
    parser.add_argument("--min_reviews", type=int, default=DEFAULTS.min_reviews,
                        help="a word in fewer training reviews counts as unknown")
    parser.add_argument("--word_dim", type=int, default=DEFAULTS.word_dim)
    parser.add_argument("--topics", type=int, default=DEFAULTS.topics)
    parser.add_argument("--vectors", help="word vectors in word2vec or GloVe format, instead of training them")
    args = parser.parse_args(argv)
    if not args.name or os.path.basename(args.name) != args.name or args.name.startswith("."):
        parser.error(f"--name {args.name!r}: give a plain folder name, without / or a leading dot")
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
    with cli.stage("preprocessing"):
        with cli.stage("read"):
            reviews, dropped = readers.read_reviews(args.reviews)
            items = readers.read_items(args.meta) if args.meta else {}
        if options.split == "time" and any(review.time is None for review in reviews):
            raise UserError(f"{args.reviews}: reviews without unixReviewTime; use --split random")
        sources = [pipeline.source(path) for path in (args.reviews, args.meta) if path]
        artefact = pipeline.build(reviews, options, args.name, sources, dropped)
        folder = os.path.join(args.data_dir, args.name)
        truth = os.path.join(os.path.dirname(args.reviews), contract.TRUTH)  # beside a sample corpus
        pipeline.write(artefact, reviews, items, folder, truth if os.path.isfile(truth) else None)
    meta = artefact.meta
    cli.log.info("%s: %d reviews (%s dropped), %d users, %d items, mean rating %.4f, %d empty texts",
                 folder, meta["sizes"]["N"], sum(dropped.values()), meta["sizes"]["U"],
                 meta["sizes"]["I"], meta["mean_rating"], meta["empty_texts"])
    cli.log.info("caps: %(L)d words a review, %(R_user)d reviews a user, %(R_item)d an item; "
                 "%(V)d words", meta["sizes"])


if __name__ == "__main__":
    cli.run(main)
