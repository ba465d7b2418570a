"""`./run train`: trains the network on a preprocessed data set and writes a run, `runs/<name>/`.

Test ratings are never read here.
"""
import contextlib
import os
import sys

from models import config as configs
from models import config_json
from models.run_folder import layout, progress, runs
from models.training.workers import launch, seats
from preprocessing import artefact as contract
from runtime import cli, files
from runtime.cli import UserError

OF_FILE = "config"  # recorded in the place of the preset of a run whose configuration is that of a file


def parse_args(argv=None):
    default = configs.ModelConfig()
    parser = cli.Parser("./run train", description=__doc__)
    parser.add_argument("--data", default="sample", help="name of the data set in --data_dir, or its folder")
    parser.add_argument("--data_dir", default=layout.DATA, help="folder of all preprocessed data sets")
    parser.add_argument("--runs", default=layout.RUNS, help="folder of all runs")
    parser.add_argument("--name", help="name of the run; default: NAME_OF_DATA-PRESET, or "
                        f"NAME_OF_DATA-{OF_FILE} with --config")
    parser.add_argument("--preset", choices=sorted(configs.PRESETS), help="values of all fields of the model and its "
                        f"training, see docs/model.md; default: {configs.DEFAULT}")
    parser.add_argument("--config", metavar="FILE", help="JSON file with values of all fields instead of a preset, "
                        "such as the config.json of a run")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="changes one field of the model or its training; can be repeated")
    for flags, field, kind in ((("-l", "--lr"), "learning_rate", float), (("-r", "--reg"), "l2", float),
                               (("-d", "--dropout"), "dropout_keep_prob", float),
                               (("-e", "--epoch", "--epochs"), "epochs", int), (("-s", "--seed"), "seed", int)):
        note = "dropout_keep_prob, a keep probability" if field == "dropout_keep_prob" else field
        parser.add_argument(*flags, dest=field, type=kind,
                            help=f"sets the field {note}; default of deeprecsys: {getattr(default, field)}")
    parser.add_argument("--resume", action="store_true", help="resume the run after its last complete epoch")
    parser.add_argument("--workers", type=int, default=1, help="processes that share every batch, on this machine; on "
                        "several hosts see docs/operations.md")
    parser.add_argument("--engine", default=seats.ENGINES[0], choices=seats.ENGINES,
                        help="how workers exchange gradients; Horovod is an optional package")
    args = parser.parse_args(argv)
    if args.workers < 1:
        parser.error(f"--workers {args.workers}: give 1 or more")
    if args.config and args.preset:
        parser.error(f"--config {args.config} has values of all fields, and so has --preset {args.preset}; give one of "
                     "the two, and change single fields by --set FIELD=VALUE")
    args.preset = args.preset or (OF_FILE if args.config else configs.DEFAULT)
    args.settings = parser.settings(args.set)
    for field in ("learning_rate", "l2", "dropout_keep_prob", "epochs", "seed"):
        if getattr(args, field) is not None:
            args.settings[field] = getattr(args, field)
    parser.require_plain("--name", args.name)
    return args


def main(argv=None):
    args = parse_args(argv)
    base = config_json.load(args.config) if args.config else configs.PRESETS[args.preset]
    config = configs.override(base, args.settings)
    data_folder = layout.data_folder(args.data, args.data_dir)
    name = args.name or f"{os.path.basename(os.path.normpath(data_folder))}-{args.preset}"
    seat = seats.seat(args.workers, args.engine)
    folder = layout.folder_of(name, args.runs) if args.resume else os.path.join(args.runs, name)
    if args.resume and seat is None and progress.lacks_order(folder):
        return _choose_order(folder, args.settings)
    if args.workers > 1 and seat is None:
        batch_size = (runs.read(folder).config if args.resume else config).batch_size
        return launch.start(sys.argv[1:] if argv is None else argv, args.workers, args.engine, folder, batch_size)
    if args.resume:
        config, artefact = _of_run(folder, args.settings)
    else:
        artefact = contract.load(data_folder)
        config = configs.fitted(config, artefact)
    with seats.reporting(seat, folder), cli.plain_interrupts(), contextlib.ExitStack() as held:
        team = seats.join(seat, config_json.to_json(config), artefact.meta) if seat else None
        if team:
            held.callback(team.close)
        leads = team is None or team.leads
        if leads:
            if not args.resume:
                runs.create(folder, data_folder, args.preset, config)
            _hold(folder, held, artefact, config)
        from models.inference import trained
        from models.training.trainer import Trainer  # slow to import: only after the arguments are checked
        from user_modeling import aspects

        trainer = Trainer(config, artefact, folder, team=team)
        del artefact  # the trainer keeps what it needs of it
        best = trainer.train(args.resume)
        if not leads:
            return
        corpus = trainer.corpus
        trainer.close()
        del trainer  # the moments of Adam are twice as large as the network, which is enough from here on
        aspects.choose_order(trained.predictor_of(folder, corpus), folder)
    _log_result(folder, best)


def _hold(folder, held, artefact, config):
    """Holds the run until the ExitStack `held` ends, so that no other process trains it, and logs what is trained."""
    held.enter_context(progress.hold(folder))
    held.enter_context(cli.stage("training"))
    cli.log.info("Training deeprecsys in %s: %d ratings of %s, at most %d epochs; building the network.",
                 folder, len(artefact.train.rating), artefact.meta["name"], config.epochs)


def _log_result(folder, best):
    """Logs what was written, and the commands that come next; `best` is the record of the best epoch."""
    cli.log.info("Wrote %s: best epoch %d, validation RMSE %.4f before calibration, %.4f after it.", folder,
                 best["epoch"], best["validation_rmse"], best[progress.CALIBRATED_RMSE])
    cli.log.info("Next: ./run evaluate %s; ./run export %s", *[layout.flags_of(folder)] * 2)


def _choose_order(folder, settings):
    """Completes a run that was killed after its training, before its order of items was chosen."""
    from models.inference import trained
    from user_modeling import aspects

    _require_same(runs.read(folder).config, settings, folder)
    files.require_writable(folder, "the order of items is written there; make it writable")
    with progress.hold(folder), cli.stage("training"):
        run = trained.load(folder, with_order=False)
        aspects.choose_order(run.predictor, folder)
    cli.log.info("Wrote %s. Next: ./run evaluate %s", layout.order_of(folder), layout.flags_of(folder))


def _of_run(folder, settings):
    """Returns the config and the Artefact of a run to resume. Raises UserError where it is finished or has others."""
    existing = runs.load(folder)
    _require_same(existing.config, settings, folder)
    progress.require_unfinished(folder)
    return existing.config, existing.artefact


def _require_same(config, settings, folder):
    """Raises UserError where settings would change the config of a run to resume."""
    if configs.override(config, settings) != config:
        raise UserError(f"{folder}: --resume cannot change the settings of a run; give a run with other settings "
                        "another --name")


if __name__ == "__main__":
    cli.run(main)
