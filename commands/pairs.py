"""`./run pairs`: writes the pairs that an evaluation asks about, as a table for `./run evaluate --scores`.

With --data, the ids alone: a program of yours adds the columns score, personal, rating and ranking. With --run, the
same rows with the answers of a run. docs/benchmark.md describes the columns.
"""
import os

import numpy as np

from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import cli


def parse_args(argv=None):
    parser = cli.Parser("./run pairs", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", help="name of preprocessed data in --data_dir, or its folder")
    what.add_argument("--run", help="name or folder of a run whose answers are written, too")
    parser.add_argument("--data_dir", default=contract.DATA, help="folder of all preprocessed data")
    parser.add_argument("--runs", default=layout.RUNS, help="folder of all runs")
    parser.add_argument("--out", required=True, metavar="FILE.tsv[.gz]", help="file to write; gzip if it ends in .gz")
    parser.add_argument("--catalogue", action="store_true", help="also all items of the users whose rankings are "
                        "measured, without which rankings are absent from the report")
    parser.add_argument("--seed", type=int, default=0, help="seed of the evaluation: it draws the other users")
    args = parser.parse_args(argv)
    parser.require_seed(args.seed)
    parser.require_folder("--out", os.path.dirname(args.out))
    return args


def main(argv=None):
    args = parse_args(argv)
    from evaluation import explained  # slow to import, as all that follows: only after the arguments are checked
    from evaluation.systems import pairs, table

    system, name = None, None
    if args.run is None:
        folder = layout.data_folder(args.data, args.data_dir)
        artefact = contract.load(folder)
        candidates = pairs.candidates(artefact)
    else:
        system, name = _system(layout.folder_of(args.run, args.runs))
        artefact, folder = system.data.artefact, system.data.data_folder
        candidates = system.data.corpus.served_slots.item
    asked, keys = pairs.asked(artefact, candidates, args.seed), pairs.Keys(artefact)
    user, item, by_stars = pairs.in_catalogue(artefact, args.seed) if args.catalogue else (np.zeros(0, np.int64),) * 3
    scores = np.concatenate(keys.all_of(asked))
    items = np.unique(np.concatenate([keys.pair(artefact.test.user, artefact.test.item), keys.pair(user, item)]))
    values = None if system is None else system.values(asked, (user, item, by_stars.astype(bool)))
    table.write(args.out, explained.Names(folder), keys, np.sort(scores), items, values)
    cli.log.info("Wrote %s: %d scores of reviews and %d pairs of a user and an item. Next: ./run evaluate --data %s "
                 "--scores FILE --name %s", args.out, len(scores), len(items), folder, name or "NAME")


def _system(folder):
    """(RunSystem of a run's folder, a name for its scores)."""
    from evaluation.systems.system import RunSystem
    from models.inference import trained

    name = os.path.basename(os.path.normpath(folder))
    return RunSystem(trained.load(folder), name), f"{name}-scores"


if __name__ == "__main__":
    cli.run(main)
