"""The final network of a run: its best epoch, calibrated on validation data."""
from metrics import rating
from models.run_folder import progress
from models.training import calibration
from runtime import cli


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
    cli.log.info("best epoch %d; calibrated on validation data: %s", state["best"], ", ".join(
        f"{name} {value:.3g}" for name, value in sorted(calibrated.items())))
    return dict(state, calibrated=calibrated,
                **{progress.CALIBRATED_RMSE: rating.rmse(held_out.ratings(), ratings)})
