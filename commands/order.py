"""`./run order`: chooses the order of items of a finished run once more, or of a run made by an older version."""
from models.run_folder import layout, progress
from runtime import cli, files


def parse_args(argv=None):
    parser = cli.Parser("./run order", description=__doc__)
    layout.add_flags(parser)
    parser.add_argument("--without_praise", action="store_true", help="leave the praise of aspects out, also where "
                        "validation items say that it ranks better: to measure what it adds")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    progress.require_finished(folder)
    files.require_writable(folder, "the order of items is written there; make it writable")
    from models.inference import trained  # slow to import: only after the arguments are checked
    from user_modeling import aspects

    with cli.stage("order"):
        run = trained.load(folder, with_order=False)
        aspects.choose_order(run.predictor, folder, with_praise=not args.without_praise)
    cli.log.info("Wrote %s. Next: ./run export %s", layout.order_of(folder), layout.flags_of(folder))


if __name__ == "__main__":
    cli.run(main)
