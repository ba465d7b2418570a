"""`./run aspects`: finds what the reviews of a run's data speak of, and whether they praise it."""
from models.run_folder import layout
from runtime import cli, openmp


def parse_args(argv=None):
    parser = cli.Parser("./run aspects", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run; default: the latest run")
    parser.add_argument("--runs", default=layout.RUNS, help="folder of all runs")
    parser.add_argument("--number", type=int, help="number of aspects; default: chosen by stability")
    parser.add_argument("--seed", type=int, default=2017, help="seed of all random choices")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    openmp.let_idle_threads_sleep()
    from models.run_folder import aspect_tables, runs  # slow to import: only after the arguments are checked
    from user_modeling import aspects

    run = runs.load(folder)
    with cli.stage("aspects"):
        tables = aspects.learn(run.artefact, run.data_folder, args.seed, args.number)
        aspect_tables.save(folder, tables)
    for aspect, count in zip(tables.aspects, tables.item_mentions.sum(axis=0)):
        print(f"{aspect.name:24} {count:7} reviews  {', '.join(aspect.words[:8])}")
    cli.log.info("Wrote %s", layout.aspects_of(folder))


if __name__ == "__main__":
    cli.run(main)
