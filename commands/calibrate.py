"""`./run calibrate`: makes a new run of the best epoch of a finished run, calibrated by this version."""
import os

from models.run_folder import layout, progress, runs
from runtime import cli


def parse_args(argv=None):
    parser = cli.Parser("./run calibrate", description=__doc__, epilog="The finished run stays as it is. Which "
                        "reviews the new one shows first, its predicted stars and its order of items may differ.")
    layout.add_flags(parser)
    parser.add_argument("--name", required=True, help="name of the new run, in --runs")
    args = parser.parse_args(argv)
    parser.require_plain("--name", args.name)
    return args


def main(argv=None):
    args = parse_args(argv)
    finished, folder = layout.folder_of(args.run, args.runs), os.path.join(args.runs, args.name)
    progress.require_finished(finished)
    from models.inference import trained  # slow to import: only after the arguments are checked
    from models.run_folder import checkpoints
    from models.training import final
    from user_modeling import aspects

    run = runs.load(finished)
    runs.create(folder, run.data_folder, run.record.get("preset"), run.config,
                fill=lambda draft: checkpoints.copy_unfinished(finished, draft))
    with progress.hold(folder), cli.stage("calibrate"):
        run = trained.load(folder, with_order=False)
        final.calibrate_and_save(folder, run.predictor, run.artefact.validation, run.config.seed)
        aspects.choose_order(run.predictor, folder)
    cli.log.info("Wrote %s, validation RMSE %.4f. Next: ./run evaluate %s; ./run export %s", folder,
                 progress.read(folder)[progress.CALIBRATED_RMSE], *[layout.flags_of(folder)] * 2)


if __name__ == "__main__":
    cli.run(main)
