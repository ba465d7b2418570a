"""`./run users`: groups the users of a run by aspect, lists who writes helpful reviews, and compares neighbours."""
from models.run_folder import layout, users_report
from runtime import cli, files, openmp

MOST = 200  # groups


def parse_args(argv=None):
    parser = cli.Parser("./run users", description=__doc__)
    layout.add_flags(parser)
    parser.add_argument("--user", metavar="ID", help="a user who is shown beside the nearest one; default: the two "
                        "nearest users with enough reviews")
    parser.add_argument("--groups", type=int, help=f"number of groups, 1 to {MOST}; default: the smallest number on "
                        "which resamples of the users agree about as well as they do on any")
    parser.add_argument("--by", help="how helpful reviewers are found: attention, 'attention, not corrected', length, "
                        "'number of reviews', 'mean stars' or centroid; default: the way that agrees best with votes")
    parser.add_argument("--seed", type=int, default=2017, help="seed of all random choices")
    args = parser.parse_args(argv)
    if args.groups is not None and not 1 <= args.groups <= MOST:
        parser.error(f"--groups {args.groups}: give a number from 1 to {MOST}")
    parser.require_seed(args.seed)
    return args


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    files.require_writable(folder, "the users are written there; make it writable")
    openmp.let_idle_threads_sleep()
    # Imports TensorFlow: not for --help.
    from evaluation import user_groups
    from user_modeling import helpful_reviewers
    from user_modeling.user_report import folder as users_folder, survey, terminal

    if args.by is not None and args.by not in helpful_reviewers.METHODS:
        raise cli.UserError(f"--by {args.by}: give one of {', '.join(map(repr, helpful_reviewers.METHODS))}")
    made = survey.make(folder, args.seed, args.groups, args.user, args.by)
    with cli.stage("write the tables and the page"):
        paths = users_folder.write(folder, made)
    print(terminal.summary(made))
    planted = user_groups.planted(made.groups, layout.data_of(folder, made.record), made.user_ids)
    if planted is not None:
        print(f"\nAdjusted Rand index of the groups and the planted tastes: {planted:.3f}")
    print("\n" + terminal.pair(made))
    shown = next(path for path in paths if path.endswith(users_report.PAGE))
    cli.log.info("Wrote %s and %d tables. Open the page, or show another pair by --user ID", shown,
                 len([path for path in paths if path.endswith(".csv")]))


if __name__ == "__main__":
    cli.run(main)
