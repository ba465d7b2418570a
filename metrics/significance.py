"""How sure a difference is, and many differences together."""
import numpy as np

DRAWS = 2000
LEVEL = .95
KEPT = 4  # sets of draws that are remembered


class Bootstrap:
    """Draws of users with replacement, the same for all differences of the same pairs.

    Users, not pairs, are drawn, for the pairs of a user are alike (Efron & Tibshirani, "An introduction
    to the bootstrap", 1993, section 13.3: percentile interval).

    Args:
      users: [n] each pair's user.
      random: RandomState.
    """

    def __init__(self, users, random):
        self.users, self.random, self.kept = np.asarray(users), random, {}

    def difference(self, one, other):
        """Mean of `one - other` [n] and its interval; NaN in either leaves a pair out.

        Returns:
          {"difference", "low", "high"} of the 95 % interval, and "p": twice the share of draws on the
          other side of zero; None where no pair is left.
        """
        difference = np.asarray(one, np.float64) - np.asarray(other, np.float64)
        kept = np.isfinite(difference)
        if not kept.any():
            return None
        group, count, draws = self._draws(kept)
        means = draws @ np.bincount(group, difference[kept]) / (draws @ count)
        low, high = np.percentile(means, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
        side = min(np.sum(means <= 0), np.sum(means >= 0))
        return {"difference": float(difference[kept].mean()), "low": float(low), "high": float(high),
                "p": float(min(1, 2 * (1 + side) / (1 + DRAWS)))}

    def _draws(self, kept):
        """(user [kept pairs], pairs a user, how often each draw has each user [DRAWS, users])."""
        key = kept.tobytes()
        if key not in self.kept:
            _, group, count = np.unique(self.users[kept], return_inverse=True, return_counts=True)
            size = len(count)
            drawn = self.random.randint(0, size, (DRAWS, size)) + np.arange(DRAWS)[:, None] * size
            often = np.bincount(drawn.ravel(), minlength=DRAWS * size).reshape(DRAWS, size)
            if len(self.kept) == KEPT:
                self.kept.clear()
            self.kept[key] = group, count, often.astype(np.float32)
        return self.kept[key]


def paired_difference(one, other, users, random):
    """The `difference` of a Bootstrap of its own."""
    return Bootstrap(users, random).difference(one, other)


def holm(values):
    """p-values [n] corrected for being many (Holm, "A simple sequentially rejective multiple test procedure", 1979).

    The i-th least of n is multiplied by n - i + 1, and is at least the one before it, at most 1.
    """
    values = np.asarray(values, np.float64)
    order = np.argsort(values, kind="stable")
    raised = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), 1)
    corrected = np.empty_like(raised)
    corrected[order] = raised
    return corrected
