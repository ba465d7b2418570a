"""How sure a difference is."""
import numpy as np

DRAWS = 2000
LEVEL = .95


def paired_difference(one, other, users, random):
    """Mean of `one - other` and its interval, by a bootstrap over users.

    Users, not pairs, are drawn with replacement, for the pairs of a user are alike (Efron & Tibshirani, "An
    introduction to the bootstrap", 1993, section 13.3: percentile interval).

    Args:
      one, other: [n] values of the same pairs; NaN in either leaves the pair out.
      users: [n] each pair's user.
      random: RandomState.

    Returns:
      {"difference", "low", "high"} of the 95 % interval; None where no pair is left.
    """
    difference = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    kept = np.isfinite(difference)
    if not kept.any():
        return None
    _, group = np.unique(np.asarray(users)[kept], return_inverse=True)
    total, count = np.bincount(group, difference[kept]), np.bincount(group)
    draws = random.multinomial(len(total), np.full(len(total), 1 / len(total)), DRAWS)  # [draws, users]
    low, high = np.percentile(draws @ total / (draws @ count), [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return {"difference": float(difference[kept].mean()), "low": float(low), "high": float(high)}
