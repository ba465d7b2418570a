"""Rating error in stars, of predictions clipped to 1..5 or as they come, over all pairs or by groups."""
import numpy as np

GROUPS = (("0", 0, 0), ("1-2", 1, 2), ("3-4", 3, 4), ("5-9", 5, 9), ("10+", 10, np.inf))  # training rows


def rmse(predicted, rating, clipped=True):
    """Root mean squared error of predictions [n] against ratings [n]."""
    return float(np.sqrt(np.mean((_stars(predicted, clipped) - rating) ** 2)))


def mae(predicted, rating, clipped=True):
    """Mean absolute error of predictions [n] against ratings [n]."""
    return float(np.mean(np.abs(_stars(predicted, clipped) - rating)))


def errors(predicted, rating):
    """{"rmse", "mae"} of clipped predictions [n], and {"rmse_unclipped", "mae_unclipped"}."""
    return {"rmse": rmse(predicted, rating), "mae": mae(predicted, rating),
            "rmse_unclipped": rmse(predicted, rating, False), "mae_unclipped": mae(predicted, rating, False)}


def squared_errors(predicted, rating):
    """Squared error [n] of each clipped prediction: what two models are compared by, pair by pair."""
    return (_stars(predicted, True) - rating) ** 2


def by_rows(predicted, rating, rows):
    """{group: {"pairs", "rmse", "mae"}} by the training rows [n] of each pair's user, or of its item.

    Groups are GROUPS, and "warm" for all but 0 rows, which is "cold"; a group without a pair is absent.
    """
    rows = np.asarray(rows)
    chosen = [(name, (rows >= low) & (rows <= high)) for name, low, high in GROUPS]
    chosen += [("cold", rows == 0), ("warm", rows > 0)]
    return {name: {"pairs": int(there.sum()), "rmse": rmse(predicted[there], rating[there]),
                   "mae": mae(predicted[there], rating[there])} for name, there in chosen if there.any()}


def _stars(predicted, clipped):
    predicted = np.asarray(predicted, np.float64)
    return np.clip(predicted, 1, 5) if clipped else predicted
