"""Rating errors in stars (RMSE, MAE), of clipped or unclipped predictions, over all pairs or by groups."""
import numpy as np

# (name, least and greatest number of training ratings)
GROUPS = (("0", 0, 0), ("1-2", 1, 2), ("3-4", 3, 4), ("5-9", 5, 9), ("10+", 10, np.inf))


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
    """Squared error [n] of each clipped prediction: two models are compared by it, pair by pair."""
    return (_stars(predicted, True) - rating) ** 2


def by_rows(predicted, rating, rows):
    """{group: {"pairs", "rmse", "mae"}} by the number of training ratings [n] of each pair's user, or of its item.

    The groups are GROUPS, "cold" (no training rating) and "warm" (all others); a group without a pair is left out.
    """
    rows = np.asarray(rows)
    chosen = [(name, (rows >= low) & (rows <= high)) for name, low, high in GROUPS]
    chosen += [("cold", rows == 0), ("warm", rows > 0)]
    return {name: {"pairs": int(members.sum()), "rmse": rmse(predicted[members], rating[members]),
                   "mae": mae(predicted[members], rating[members])} for name, members in chosen if members.any()}


def _stars(predicted, clipped):
    predicted = np.asarray(predicted, np.float64)
    return np.clip(predicted, 1, 5) if clipped else predicted
