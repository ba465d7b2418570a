"""Which epoch of a run is the best, and which epochs may still become the best.

A record holds at least {"epoch", "validation_rmse", "validation_own_auc"}, see `metrics.jsonl` of a run.
"""
RMSE_TIE = .005  # stars; records this close to the least RMSE are compared by the retrieval of own reviews


def tie(config):
    """Returns within how many stars of the least RMSE the own-review AUC decides; 0 where no loss trains that AUC.

    Without such a loss, as in NARRE and DeepCoNN, the AUC stays near .5 by chance and says nothing about an epoch.
    """
    return RMSE_TIE if config.own_review_loss else 0


def best_index(records, rmse_tie):
    """Returns the index of the best record.

    The best record has the largest own-review AUC among those whose validation RMSE is within `rmse_tie` of the least.
    The AUC decides because the rating error alone can prefer an attention that is not trained yet. Of equal records the
    first is the best.

    Args:
      records: one or more {"validation_rmse", "validation_own_auc"}, of epochs or of whole runs.
      rmse_tie: stars, see `tie`.
    """
    return max(_near(records, rmse_tie), key=lambda index: records[index]["validation_own_auc"])


def best(history, rmse_tie):
    """Returns the record of the best epoch so far; see `best_index`."""
    return history[best_index(history, rmse_tie)]


def best_epoch(history, rmse_tie):
    """Returns the number of the best epoch so far; see `best_index`."""
    return best(history, rmse_tie)["epoch"]


def candidates(history, rmse_tie):
    """Returns the numbers of the epochs that are the best, or may become it when a later one lowers the least RMSE.

    The best epoch can be an earlier one again: when the least RMSE falls, an epoch with a larger AUC may no longer be
    within `rmse_tie` of it. An epoch that another one beats in both measures is no candidate.
    """
    near = [history[index] for index in _near(history, rmse_tie)]
    return [record["epoch"] for record in near if not any(_beats(rival, record) for rival in near)]


def _near(records, rmse_tie):
    """Returns the indices of the records within `rmse_tie` stars of the least RMSE."""
    least = min(record["validation_rmse"] for record in records)
    return [index for index, record in enumerate(records) if record["validation_rmse"] <= least + rmse_tie]


def _beats(rival, record):
    """Whether `rival` is preferred to `record` as long as it is near the least RMSE; of equals the earlier is."""
    return rival["validation_rmse"] <= record["validation_rmse"] and (
        (rival["validation_own_auc"], -rival["epoch"]) > (record["validation_own_auc"], -record["epoch"]))
