"""Rating error, in stars, of predictions clipped to 1..5."""
import numpy as np


def rmse(predicted, rating):
    """Root mean squared error of predictions [n] against ratings [n]."""
    return float(np.sqrt(np.mean((_stars(predicted) - rating) ** 2)))


def mae(predicted, rating):
    """Mean absolute error of predictions [n] against ratings [n]."""
    return float(np.mean(np.abs(_stars(predicted) - rating)))


def _stars(predicted):
    return np.clip(np.asarray(predicted, np.float64), 1, 5)
