"""`./run train`: an artefact -> a run, `runs/<name>/`. Test ratings are not read here."""
import os

from models import config as configs
from models.run_folder import progress, runs
from runtime import cli
from runtime.cli import UserError


def parse_args(argv=None):
    default = configs.ModelConfig()
    parser = cli.Parser("./run train", description=__doc__)
    parser.add_argument("--data", default="sample", help="name of the data in --data_dir, or a folder")
    parser.add_argument("--data_dir", default=runs.DATA)
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--name", help="of the run; default: the data's name and the preset's")
    parser.add_argument("--preset", default="default", choices=sorted(configs.PRESETS))
    parser.add_argument("--config", help="a JSON file of model fields, as in a run's config.json")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="any field of ModelConfig (repeatable)")
    for flags, field, kind in ((("-l", "--lr"), "learning_rate", float), (("-r", "--reg"), "l2", float),
                               (("-d", "--dropout"), "dropout_keep_prob", float),
                               (("-e", "--epoch", "--epochs"), "epochs", int), (("-s", "--seed"), "seed", int)):
        note = "a keep probability" if field == "dropout_keep_prob" else field
        parser.add_argument(*flags, dest=field, type=kind, help=f"{note}, {getattr(default, field)} by default")
    parser.add_argument("--resume", action="store_true", help="go on from the run's last complete epoch")
    args = parser.parse_args(argv)
    args.settings = parser.settings(args.set)
    for field in ("learning_rate", "l2", "dropout_keep_prob", "epochs", "seed"):
        if getattr(args, field) is not None:
            args.settings[field] = getattr(args, field)
    parser.require_plain("--name", args.name)
    return args


def main(argv=None):
    args = parse_args(argv)
    base = configs.load(args.config) if args.config else configs.PRESETS[args.preset]
    config = configs.override(base, args.settings)
    data_folder = runs.data_folder(args.data, args.data_dir)
    name = args.name or f"{os.path.basename(os.path.normpath(data_folder))}-{args.preset}"
    folder = os.path.join(args.runs, name)
    if args.resume:
        folder = runs.folder_of(name, args.runs)
        _, config, artefact = runs.load(folder)
        if configs.override(config, args.settings) != config:
            raise UserError(f"{folder}: --resume goes on as the run was configured; give a run of other settings "
                            "another --name")
        progress.require_unfinished(folder)
    else:
        artefact = runs.contract.load(data_folder)
        configs.check_data(config, artefact)
        runs.create(folder, data_folder, args.preset, config)
    with progress.hold(folder), cli.terminable(), cli.stage("training"):
        try:
            from models.training.trainer import Trainer  # slow to import: only once all arguments are known good

            trainer = Trainer(config, artefact, folder)
            del artefact  # of which the trainer keeps what it needs
            best = trainer.train(args.resume)
        except KeyboardInterrupt as stop:
            raise type(stop)(f"stopped; {progress.last_good(folder)}; go on with "
                             f"{progress.resume_command(folder)}") from None
    cli.log.info("%s: best epoch %d, validation RMSE %.4f", folder, best["epoch"], best["validation_rmse"])


if __name__ == "__main__":
    cli.run(main)
