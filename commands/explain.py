"""Explains ratings: lists an item's reviews in the order that deeprecsys shows them to a user, with their weights.

Without --item: the first items for the user that the user has not rated in training. With --pairs: many pairs. The
run's network answers in this process; no server is needed.
"""
import json
import sys

from evaluation import explained
from models.run_folder import layout, runs
from runtime import cli


def parse_args(argv=None):
    parser = cli.Parser("./run explain", description=__doc__)
    layout.add_flags(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--user", help="raw id of a user (reviewerID)")
    which.add_argument("--pairs", metavar="FILE.tsv", help="file with user<TAB>item on each line, raw ids")
    parser.add_argument("--item", help="raw id of an item (asin), with --user")
    parser.add_argument("--top", type=int, default=3,
                        help="number of items where --item is not given, and of reviews of each item in plain text")
    parser.add_argument("--json", action="store_true",
                        help="print one line of JSON for each pair, with titles and all reviews")
    args = parser.parse_args(argv)
    if args.item and not args.user:
        parser.error("--item goes with --user")
    if args.top < 1:
        parser.error(f"--top {args.top}: give 1 or more")
    return args


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    names = explained.Names(runs.read(folder).data_folder)
    if args.pairs:
        pairs = explained.read_pairs(args.pairs, names)
    else:
        user = names.user(args.user, "--user")
        pairs = [(user, names.item(args.item, "--item"))] if args.item else None
    cli.log.info("Loading the run %s ...", folder)
    from models.inference import trained  # imports TensorFlow: only after arguments and ids are checked

    run = trained.load(folder)
    if pairs is None:
        pairs = [(user, item) for item in explained.best_items(run, user, args.top)]
        if not pairs:
            cli.log.info("%s has rated every item in training, so none is left to rank; name one with --item",
                         args.user)
            return
    for record in explained.explanations(run, names, pairs) if pairs else ():
        print(json.dumps(record, ensure_ascii=False) if args.json else explained.plain(record, args.top))
    sys.stdout.flush()
    cli.log.info("Explained pairs of a user and an item: %d. Next: ./run export %s, to read explanations in the shop",
                 len(pairs), layout.flags_of(folder))


if __name__ == "__main__":
    cli.run(main)
