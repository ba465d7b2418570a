"""`./run explain`: the reviews of an item in the order that suits a shopper, with their weights.

Without --item the shopper's best items that the shopper has not reviewed; --pairs explains many pairs.
Computed in this process from the run, no server needed.
"""
import json

from models.run_folder import runs
from runtime import cli


def parse_args(argv=None):
    parser = cli.Parser("./run explain", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--user", help="raw id of a shopper")
    which.add_argument("--pairs", metavar="FILE.tsv", help="a line a pair: shopper<TAB>item, raw ids")
    parser.add_argument("--item", help="raw id of an item, with --user")
    parser.add_argument("--top", type=int, default=3,
                        help="items without --item, and reviews an item in plain text")
    parser.add_argument("--json", action="store_true", help="a line of JSON a pair, with all reviews")
    args = parser.parse_args(argv)
    if args.item and not args.user:
        parser.error("--item goes with --user")
    if args.top < 1:
        parser.error(f"--top {args.top}: give 1 or more")
    return args


def main(argv=None):
    args = parse_args(argv)
    from evaluation import explained  # TensorFlow only once all arguments are known to be right
    from models.inference import trained

    run = trained.load(runs.folder_of(args.run or runs.latest(args.runs), args.runs))
    names = explained.Names(run.data_folder)
    if args.pairs:
        pairs = explained.read_pairs(args.pairs, names)
    else:
        user = names.user(args.user, "--user")
        items = [names.item(args.item, "--item")] if args.item else explained.best_items(run, user, args.top)
        pairs = [(user, item) for item in items]
    for record in explained.explanations(run, names, pairs) if pairs else ():
        print(json.dumps(record, ensure_ascii=False) if args.json else explained.plain(record, args.top))


if __name__ == "__main__":
    cli.run(main)
