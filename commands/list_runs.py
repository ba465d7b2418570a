"""`./run runs`: all runs side by side, one line each.

- val RMSE uncalibrated: validation error of the best epoch, before the calibration, which sets kappa, the weights of
  what is shown, rho, g and k by validation data at the end of training.
- val RMSE calibrated: the same error after that; "-" for a run that is unfinished or of an older version. It is fitted
  to these ratings, so it is no estimate of the error on new ones.
- test RMSE: error on held-out test ratings, from ./run evaluate. It comes after calibration, so compare it with the
  second number, not with the first.
- own AUC: how well the best epoch finds the user's own validation review among the reviews of the item (chance: 0.5).
"""
import argparse
import json
import os

from models.run_folder import layout, overview
from runtime import cli
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run runs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", default=layout.RUNS, help=f"folder of all runs; default: {layout.RUNS}")
    parser.add_argument("--sort", default="age", choices=overview.SORTS,
                        help="field to sort by, the best, oldest or alphabetically first run on top; default: age")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    names = overview.candidates(args.runs)
    if not names:
        raise UserError(
            f"no run in {args.runs}/; train one with ./run train, or make a complete example with ./run demo")
    records = overview.ordered([overview.describe(os.path.join(args.runs, name)) for name in names], args.sort)
    print(json.dumps(records, indent=1, sort_keys=True) if args.json else overview.table(records))


if __name__ == "__main__":
    cli.run(main)
