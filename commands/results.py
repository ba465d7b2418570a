"""`./run results`: ratings, rankings and explanations of all models on the given data, over several seeds.

Each seed is another split and another start; 2017, the published split, is the first. The settings of every model
are chosen from a grid of one budget, on the validation split of the first seed. A study that was stopped continues.
"""
import shlex

from experiments import comparison, flags
from models import config as configs
from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import cli, processes


def parse_args(argv=None):
    parser = flags.parser_of("./run results", __doc__.splitlines()[0], "results", seeds=5, epochs=None)
    parser.add_argument("--data", nargs="+", default=["sample"], metavar="DATA",
                        help="names of preprocessed data in --data_dir, or their folders")
    parser.add_argument("--presets", nargs="+", default=list(comparison.PRESETS), choices=sorted(configs.PRESETS),
                        metavar="PRESET", help=f"networks to train, of {', '.join(sorted(configs.PRESETS))}; `default` "
                        "is deeprecsys and always among them")
    parser.add_argument("--budget", type=int, default=7, metavar="N",
                        help="number of settings of each model's grid (experiments/grids) that are tried")
    parser.add_argument("--own_budget", type=int, metavar="N",
                        help="the same for deeprecsys alone; default: that of --budget")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="sets a field of ModelConfig for all presets and all settings of their grids")
    parser.add_argument("--quick", action="store_true",
                        help="checks the command itself: two networks, one seed, a tiny sample corpus")
    parser.add_argument("--from", nargs="+", dest="records", metavar="FILE",
                        help="trains nothing: makes tables and plots of these .json files of earlier studies and "
                        "ablations anew, and overview plots of all of them that have several seeds")
    args = flags.parse(parser, argv)
    if args.own_budget is None:
        args.own_budget = args.budget
    if min(args.budget, args.own_budget) < 1:
        parser.error("--budget and --own_budget must be 1 or more")
    args.presets = [configs.DEFAULT] + [preset for preset in args.presets if preset != configs.DEFAULT]
    args.settings = parser.settings(args.set)
    if args.quick:
        args.presets, args.seeds = [configs.DEFAULT, "narre"], args.seeds[:1]
        args.budget = args.own_budget = 1
        args.settings, args.data = dict(comparison.QUICK, **args.settings), []
    if args.records:
        args.data = []
    for preset in args.presets:
        configs.override(configs.PRESETS[preset], args.settings)  # a wrong setting is found before anything is made
    args.data = [layout.data_folder(data, args.data_dir) for data in args.data]
    for folder in args.data:
        contract.load_meta(folder)  # missing data are found before anything is made
    return args


def main(argv=None):
    args = parse_args(argv)
    from experiments import plots, records  # matplotlib is slow to import: only once all arguments are checked

    if args.records:
        cli.log.info("Wrote %s. Next: open the plots; ./run figures --only results redraws those of docs/results",
                     ", ".join(records.render(args.records, args.out)))
        return
    with processes.Children() as children:
        for folder in args.data or [comparison.quick_data(children, args)]:
            study = comparison.Comparison(children, folder, args)
            made = study.record(study.make())
            figures = dict(plots.of_record(made.record), **plots.of_runs(made.record, made.first, made.distances))
            written = records.write(args.out, made.record, figures)
            print("\n".join([f"## {study.name}", ""] + written.lines + [""]), flush=True)
            cli.log.info("Wrote %s. Next: open the plots; ./run ablation --data %s measures what each part of the "
                         "network contributes", ", ".join(written.paths), shlex.quote(folder))


if __name__ == "__main__":
    cli.run(main)
