"""`./run runs`: all runs side by side, one line each."""
import json
import os

from models.run_folder import overview, runs
from runtime import cli
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run runs", description=__doc__)
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--sort", default="age", choices=overview.SORTS,
                        help="best, oldest or first in the alphabet on top")
    parser.add_argument("--json", action="store_true", help="a JSON list instead of a table")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    names = overview.candidates(args.runs)
    if not names:
        raise UserError(
            f"no run in {args.runs}/; train one with ./run train, or make all with ./run demo")
    records = overview.ordered([overview.describe(os.path.join(args.runs, name)) for name in names], args.sort)
    print(json.dumps(records, indent=1, sort_keys=True) if args.json else overview.table(records))


if __name__ == "__main__":
    cli.run(main)
