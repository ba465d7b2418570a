"""`./run calibrate`: calibrates a finished run once more, or a run made by an older version, and orders its items."""
from models.run_folder import layout, progress
from runtime import cli, files
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run calibrate", description=__doc__)
    layout.add_flags(parser)
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    progress.require_finished(folder)
    files.require_writable(folder, "the calibrated network is written there; make it writable")
    from models.inference import trained  # slow to import: only after the arguments are checked
    from models.run_folder.checkpoints import Checkpoints
    from models.training import final
    from runtime.tf1 import tf
    from user_modeling import aspects

    with progress.hold(folder), cli.stage("calibrate"):
        run = trained.load(folder, with_order=False, checkpoint="best")
        with run.predictor.session.graph.as_default():
            checkpoints = Checkpoints(folder, tf.global_variables())
        state = final.calibrate(checkpoints, run.predictor, run.artefact.validation, run.config.seed)
        try:
            checkpoints.save_final(run.predictor.session, state)
        except (OSError, tf.errors.OpError) as error:
            raise UserError(f"{folder}: the calibrated network cannot be written ({files.reason(error)}); the run is "
                            "as it was") from error
        aspects.choose_order(run.predictor, folder)  # the order depends on the personal scores, and so on kappa
    cli.log.info("Wrote %s, validation RMSE %.4f. Next: ./run evaluate %s", folder, state[progress.CALIBRATED_RMSE],
                 layout.flags_of(folder))


if __name__ == "__main__":
    cli.run(main)
