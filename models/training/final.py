"""The final network of a run: its best epoch, calibrated on validation data."""
from metrics import rating
from models.run_folder import progress
from models.run_folder.checkpoints import Checkpoints
from models.training import calibration
from runtime import cli
from runtime.cli import UserError
from runtime.files import reason
from runtime.tf1 import tf


def calibrate(checkpoints, predictor, split, seed):
    """Restores and calibrates the best epoch of a run; returns the pointer's record of the result, which is not saved.

    Args:
      checkpoints: Checkpoints of the run.
      predictor: Predictor of its network.
      split: validation Split.
      seed: of the sample of it.
    """
    state = checkpoints.restore(predictor.session, "best")
    held_out = calibration.HeldOut(predictor, split, seed)
    ratings = held_out.split.rating
    cli.log.info("Calibrating the best epoch on %d validation ratings.", len(ratings))
    calibrated = calibration.calibrate(held_out)
    listed = ", ".join(f"{name} {value:.3g}" for name, value in sorted(calibrated.items()))
    cli.log.info("best epoch %d; calibrated on validation data: %s", state["best"],
                 listed or "nothing, as this network has no such weights")
    return dict(state, calibrated=calibrated,
                **{progress.CALIBRATED_RMSE: rating.rmse(held_out.ratings(), ratings)})


def calibrate_and_save(folder, predictor, split, seed):
    """Calibrates an unfinished run, and finishes it. Raises UserError where it cannot be written; see `calibrate`."""
    with predictor.session.graph.as_default():
        checkpoints = Checkpoints(folder, tf.global_variables())
    state = calibrate(checkpoints, predictor, split, seed)
    try:
        checkpoints.save_final(predictor.session, state)
    except (OSError, tf.errors.OpError) as error:
        raise UserError(f"{folder}: the calibrated network cannot be written ({reason(error)}); solve this, then "
                        f"{progress.resume_command(folder)} completes the run") from error
