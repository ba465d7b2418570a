"""`./run results`: ratings, rankings and explanations of all models on the given data, over seeds, as tables.

Each seed is another split and another start; 2017, the published split, is the first. Settings are chosen on
its validation split, of every model from a grid of one budget. A study that was stopped goes on.
"""
from experiments import comparison, plots, study
from models import config as configs
from models.run_folder import runs
from preprocessing import artefact as contract
from runtime import cli, processes


def parse_args(argv=None):
    parser = study.parser_of("./run results", __doc__.splitlines()[0], "results", seeds=5, epochs=None)
    parser.add_argument("--data", nargs="+", default=["sample"], help="names of data in --data_dir, or folders")
    parser.add_argument("--presets", nargs="+", default=list(comparison.PRESETS), choices=sorted(configs.PRESETS))
    parser.add_argument("--budget", type=int, default=7, help="settings of each model's grid that are tried")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="a field of ModelConfig, of all presets, whatever their grids say")
    parser.add_argument("--quick", action="store_true", help="two models, one seed, a tiny sample: does it work?")
    args = study.parse(parser, argv)
    if args.budget < 1:
        parser.error("--budget must be 1 or more")
    args.presets = [configs.DEFAULT] + [preset for preset in args.presets if preset != configs.DEFAULT]
    args.settings = parser.settings(args.set)
    if args.quick:
        args.presets, args.seeds, args.budget = [configs.DEFAULT, "narre"], args.seeds[:1], 1
        args.settings, args.data = dict(comparison.QUICK, **args.settings), []
    for preset in args.presets:
        configs.override(configs.PRESETS[preset], args.settings)  # sound, before anything is made
    args.data = [runs.data_folder(data, args.data_dir) for data in args.data]
    for folder in args.data:
        contract.load_meta(folder)  # all are there, before the first is worked on
    return args


def main(argv=None):
    args = parse_args(argv)
    with processes.Children() as children:
        for folder in args.data or [comparison.quick_data(children, args)]:
            one = comparison.Study(children, folder, args)
            record, sights = one.record(one.make())
            lines = comparison.write(args.out, record, plots.of(record, *sights))
            print("\n".join([f"## {one.name}", ""] + lines + [""]))


if __name__ == "__main__":
    cli.run(main)
