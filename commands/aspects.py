"""`./run aspects`: finds what the reviews of a run's data speak of, and whether they praise it."""
from models.run_folder import layout
from runtime import cli, files, openmp

MOST = 200  # aspects


def parse_args(argv=None):
    parser = cli.Parser("./run aspects", description=__doc__)
    layout.add_flags(parser)
    parser.add_argument("--aspects", metavar="FILE", help="names and seed words of the aspects, as JSON or TSV; "
                        "default: aspects are found in the text")
    parser.add_argument("--number", type=int,
                        help=f"at most so many aspects, 1 to {MOST}; default: as many as the text has")
    parser.add_argument("--seed", type=int, default=2017, help="seed of all random choices")
    args = parser.parse_args(argv)
    if args.number is not None and not 1 <= args.number <= MOST:
        parser.error(f"--number {args.number}: give a number from 1 to {MOST}")
    if args.number is not None and args.aspects:
        parser.error("--number is that of aspects found in the text: give it, or --aspects FILE")
    parser.require_seed(args.seed, most=2 ** 32 - 101)
    return args


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    files.require_writable(folder, "the aspects are written there; make it writable")
    openmp.let_idle_threads_sleep()
    from models.run_folder import aspect_tables, runs  # slow to import: only after the arguments are checked
    from user_modeling import aspects

    run = runs.load(folder)
    with cli.stage("aspects"):
        tables = aspects.learn(run.artefact, run.data_folder, args.seed, args.number, args.aspects)
        aspect_tables.save(folder, tables)
    for aspect, count in zip(tables.aspects, tables.item_mentions.sum(axis=0)):
        print(f"{aspect.name:<28}{int(count):>8} reviews   {', '.join(aspect.words[:8])}")
    if not tables.aspects:
        cli.log.warning("No aspect was found: the training reviews hold too few words that some users or items have "
                        "more often than others; --aspects FILE gives them")
    cli.log.info("Wrote %s. Next: ./run evaluate %s measures them", layout.aspects_of(folder), layout.flags_of(folder))


if __name__ == "__main__":
    cli.run(main)
