"""`./run tsne`: draws two t-SNE maps of a run's users, before the attention layers and in them.

Writes into the run's folder `users/`: two pictures, both maps as the table `tsne.tsv`, and the two nearest users with
their reviews side by side as `neighbours.md`. Colours are groups of users by attention query, the same in both
pictures, each with the words that distinguish its reviews.
"""
import os
import sys

if __name__ == "__main__" and not __package__:  # python tSNE/tSNE_visualization.py
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from runtime import openmp  # noqa: E402

openmp.let_idle_threads_sleep()  # before scikit-learn is imported

from models.run_folder import layout  # noqa: E402
from runtime import cli  # noqa: E402
from tSNE import groups  # noqa: E402


def parse_args(argv=None):
    parser = cli.Parser("./run tsne", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; default: the latest run")
    parser.add_argument("--runs", default=layout.RUNS, help="folder of all runs")
    parser.add_argument("--out", help="folder of the two pictures; default: the folder users/ of the run")
    parser.add_argument("--perplexity", type=float, default=30., help="t-SNE perplexity; lowered to a third of the "
                        "number of users where it is above that")
    parser.add_argument("--groups", type=int, help="number of groups of users; default: the number that separates "
                        f"the users best, or {groups.FALLBACK} where no number separates them")
    parser.add_argument("--seed", type=int, default=0, help="seed of the groups, the maps and the samples")
    args = parser.parse_args(argv)
    if not 1 <= args.perplexity < 1e6:
        parser.error(f"--perplexity {args.perplexity}: must be a number from 1 to 1000000")
    if args.groups is not None and args.groups not in groups.COUNTS:
        parser.error(f"--groups {args.groups}: must be a number from {groups.COUNTS[0]} to {groups.COUNTS[-1]}")
    if not 0 <= args.seed < 2 ** 32:
        parser.error(f"--seed {args.seed}: must be a number from 0 to 4294967295")
    return args


def main(argv=None):
    args = parse_args(argv)
    # Imports TensorFlow: not for --help.
    from tSNE import neighbours, results, user_maps

    run_folder = layout.folder_of(args.run, args.runs)
    made = user_maps.make(run_folder, args.perplexity, args.groups, args.seed)
    pictures = results.write_pictures(args.out or os.path.join(run_folder, os.path.dirname(layout.USERS_MAP)), made)
    tables = results.write_tables(run_folder, made)
    print(made.measures + "\n\n" + neighbours.plain(made.nearest))
    cli.log.info("Wrote %s. Open the pictures to see the maps. Next: ./run shop %s, which shows the table on each "
                 "shopper's profile", ", ".join(pictures + tables), layout.flags_of(run_folder))


if __name__ == "__main__":
    cli.run(main)
