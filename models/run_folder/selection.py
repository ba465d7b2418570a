"""Which epoch of a run counts, and which ones still may."""
RMSE_TIE = .003  # epochs within so many stars of the best are told apart by own-review retrieval


def best(history):
    """The record of the best epoch so far: of least validation RMSE; among those within RMSE_TIE of it the one that
    finds shoppers' own held-out reviews best, for rating error alone can pick an untrained attention.

    Args:
      history: records of epochs, {"epoch", "validation_rmse", "validation_own_auc"}.
    """
    return max(_near(history), key=lambda record: record["validation_own_auc"])


def best_epoch(history):
    """Number of the best epoch so far; see `best`."""
    return best(history)["epoch"]


def candidates(history):
    """Numbers of the epochs that are the best, or may become it when a later one lowers the least RMSE.

    The best can go back to an earlier epoch: one that found own reviews better falls out of the tie. None can
    that another one beats in both.
    """
    near = _near(history)
    return [record["epoch"] for record in near if not any(_beats(other, record) for other in near)]


def _near(history):
    least = min(record["validation_rmse"] for record in history)
    return [record for record in history if record["validation_rmse"] <= least + RMSE_TIE]


def _beats(one, other):
    """Whether one epoch is preferred to another as long as the other is near: of equals the earlier is."""
    return one["validation_rmse"] <= other["validation_rmse"] and (
        (one["validation_own_auc"], -one["epoch"]) > (other["validation_own_auc"], -other["epoch"]))
