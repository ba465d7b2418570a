"""The flags that the commands of studies share."""
import os

from models.run_folder import layout
from runtime import cli

FIRST_SEED = 2017  # of the published split


def parser_of(prog, description, study, seeds, epochs):
    """A parser of the shared flags.

    Args:
      study: name of the study, which names the folder of its runs.
      seeds, epochs: defaults of the flags.
    """
    parser = cli.Parser(prog, description=description)
    parser.add_argument("--data_dir", default=layout.DATA, help="folder that holds all preprocessed data")
    parser.add_argument("--seeds", type=int, default=seeds, metavar="N",
                        help=f"number of seeds: {FIRST_SEED}, {FIRST_SEED + 1}, ...")
    parser.add_argument("--epochs", type=int, default=epochs, metavar="N",
                        help="greatest number of epochs of each training" + (
                            "" if epochs else "; default: that of the preset"))
    parser.add_argument("--runs", default=os.path.join(layout.RUNS, study), metavar="DIR",
                        help="folder of the study's runs; a study that was stopped continues there")
    parser.add_argument("--out", metavar="DIR", help="folder that tables and plots are written to; "
                        "default: the folder `tables` in the folder of --runs")
    parser.add_argument("--workers", type=int, default=cores(), metavar="N",
                        help="number of runs that are trained at the same time")
    return parser


def cores():
    """Number of processors that this process may use; of all that there are, where the system does not say (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parse(parser, argv):
    """The parsed and checked flags of `parser_of`; `seeds` is the range of the seeds."""
    args = parser.parse_args(argv)
    if args.seeds < 1 or (args.epochs is not None and args.epochs < 1):
        parser.error("--seeds and --epochs must be 1 or more")
    if args.workers < 1:
        parser.error("--workers must be 1 or more")
    parser.require_folder("--runs", args.runs)
    args.out = args.out or os.path.join(args.runs, "tables")
    parser.require_folder("--out", args.out)
    args.seeds = range(FIRST_SEED, FIRST_SEED + args.seeds)
    return args
