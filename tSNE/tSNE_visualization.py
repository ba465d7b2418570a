"""`./run tsne`: draws two t-SNE maps of a run's users, before the attention layers and in them, and measures clusters.

Writes into the run's folder `users/`: the interactive page of both maps, `map.html`; the maps as pictures and as the
table `tsne.tsv`; the two nearest users with their reviews side by side as `neighbours.md`; whether users lie in
clusters as `clusters.json` and `clusters.md`; and the queries as `tensors.tsv` and `metadata.tsv` for the TensorBoard
projector.
"""
import os
import sys

if __name__ == "__main__" and not __package__:  # python tSNE/tSNE_visualization.py
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from runtime import openmp  # noqa: E402

openmp.let_idle_threads_sleep()  # before scikit-learn is imported

from models.run_folder import layout  # noqa: E402
from runtime import cli, files  # noqa: E402
from tSNE import colours, groups  # noqa: E402


def parse_args(argv=None):
    parser = cli.Parser("./run tsne", description=__doc__.splitlines()[0] + " To explore them, open the page map.html "
                        "in the folder users/ of the run in a browser.")
    layout.add_flags(parser)
    parser.add_argument("--out", help="folder of the pictures; default: the folder users/ of the run")
    parser.add_argument("--perplexity", type=float, default=30., help="t-SNE perplexity; lowered to a third of the "
                        "number of other users where it is above that")
    parser.add_argument("--groups", type=int, help="number of groups of users; default: the number that separates "
                        f"the users best, or {groups.FALLBACK} where no number separates them")
    parser.add_argument("--colour", choices=colours.NAMES, help="what the users are coloured by: their dominant "
                        "aspect, their group, their mean stars or their number of reviews; default: aspect where the "
                        "run has aspects (./run aspects), else group")
    parser.add_argument("--seed", type=int, default=0, help="seed of the groups, the maps and the samples")
    args = parser.parse_args(argv)
    if not 1 <= args.perplexity < 1e6:
        parser.error(f"--perplexity {args.perplexity}: must be a number from 1 to 1000000")
    if args.groups is not None and args.groups not in groups.COUNTS:
        parser.error(f"--groups {args.groups}: must be a number from {groups.COUNTS[0]} to {groups.COUNTS[-1]}")
    parser.require_seed(args.seed)
    return args


def main(argv=None):
    args = parse_args(argv)
    # Imports TensorFlow: not for --help.
    from tSNE import evidence, neighbours, results, user_maps

    run_folder = layout.folder_of(args.run, args.runs)
    files.require_writable(run_folder, "the maps are written there; make it writable")
    made = user_maps.make(run_folder, args.perplexity, args.groups, args.seed, args.colour)
    tables, pictures = results.tables(made), results.pictures(made)
    out = args.out or os.path.join(run_folder, os.path.dirname(layout.USERS_MAP))
    paths = results.write(out, pictures) + results.write(run_folder, tables)
    print(evidence.page(made.evidence, made.caption) + "\n" + neighbours.plain(made.nearest))
    cli.log.info("Wrote %s. Open %s in a browser to explore the maps. Next: ./run shop %s, which shows the table on "
                 "each shopper's profile", ", ".join(paths), os.path.join(run_folder, layout.MAP_PAGE),
                 layout.flags_of(run_folder))


if __name__ == "__main__":
    cli.run(main)
