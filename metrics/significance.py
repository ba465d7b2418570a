"""Bootstrap intervals and p-values of paired differences, and Holm's correction for many tests."""
import numpy as np

DRAWS = 2000  # bootstrap samples
LEVEL = .95  # of the intervals
LEAST_USERS = 5  # with fewer there is no interval: that of one user would have no width, so any difference would count
BLOCK = 2 ** 22  # entries of draws that are computed at a time
MOST_KEPT = 2 ** 28  # bytes of draws that are kept in memory; others are drawn again for each difference


class Bootstrap:
    """Draws users with replacement; all differences of equally many users use the same draws, in whatever order.

    Users are drawn, not pairs, because the pairs of one user are not independent (Efron & Tibshirani, "An introduction
    to the bootstrap", 1993, section 13.3: percentile interval).

    Args:
      users: [n] each pair's user.
      random: RandomState, of which one number is drawn.
    """

    def __init__(self, users, random):
        self.users, self.seed = np.asarray(users), random.randint(2 ** 31)
        self.kept, self.bytes = {}, 0

    def difference(self, ours, theirs):
        """Mean of `ours - theirs` [n] and its interval; a pair with NaN in either is left out.

        Returns:
          {"difference", "low", "high"} of the 95 % interval, and "p": twice the share of draws on the
          other side of zero. None where the pairs that are left are of fewer than LEAST_USERS users.
        """
        difference = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
        kept = np.isfinite(difference)
        if not kept.any():
            return None
        group, count, blocks = self._draws(kept)
        if len(count) < LEAST_USERS:
            return None
        total = np.bincount(group, difference[kept])
        means = np.concatenate([often @ total / (often @ count) for often in (
            block.astype(np.float64) for block in (blocks or self._blocks(len(count))))])
        return interval_of(means, difference[kept].mean())

    def _draws(self, kept):
        """(user index of each kept pair, pairs of each user, `_blocks` as a list; None: too large to be kept)."""
        key = kept.tobytes()
        if key not in self.kept:
            _, group, count = np.unique(self.users[kept], return_inverse=True, return_counts=True)
            size = DRAWS * len(count)
            if self.bytes + size > MOST_KEPT:
                self.kept.clear()
                self.bytes = 0
            if size > MOST_KEPT:
                return group, count, None
            self.kept[key] = group, count, list(self._blocks(len(count)))
            self.bytes += size
        return self.kept[key]

    def _blocks(self, size):
        """Yields how often each draw has each of `size` users, [draws, size] uint8, a block of the draws at a time.

        No number is above 255: a draw of 256 users or more has one of them 256 times with probability below 1 / 256!.
        """
        random = np.random.RandomState(self.seed)
        rows = max(4, BLOCK // size // 4 * 4)  # by fours, so that products are rounded as those of all draws at once
        for start in range(0, DRAWS, rows):
            draws = min(rows, DRAWS - start)
            drawn = random.randint(0, size, (draws, size))
            drawn += np.arange(draws)[:, None] * size
            yield np.bincount(drawn.ravel(), minlength=draws * size).reshape(draws, size).astype(np.uint8)


def interval_of(draws, difference):
    """{"difference", "low", "high", "p"} of a difference and its bootstrap draws; see `Bootstrap.difference`."""
    low, high = np.percentile(draws, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    side = min(np.sum(draws <= 0), np.sum(draws >= 0))
    return {"difference": float(difference), "low": float(low), "high": float(high),
            "p": float(min(1, 2 * (1 + side) / (1 + len(draws))))}


def paired_difference(ours, theirs, users, random):
    """The `difference` of a new Bootstrap."""
    return Bootstrap(users, random).difference(ours, theirs)


def sign(gap):
    """1 or -1 where the whole interval of a difference is above or below 0; 0 where it holds 0."""
    return 1 if gap["low"] > 0 else -1 if gap["high"] < 0 else 0


def as_text(gap):
    """'+difference [low, high]' of a difference with its interval; '' of None, where there is no interval."""
    return "" if gap is None else f"{gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}]"


def correct(gaps):
    """Adds "p_holm" to each of the differences, {"p": their p-value} or None: corrected for all of them by `holm`."""
    gaps = [gap for gap in gaps if gap is not None]
    for gap, corrected in zip(gaps, holm([gap["p"] for gap in gaps])):
        gap["p_holm"] = float(corrected)


def holm(values):
    """p-values [n] corrected for n tests.

    Holm, "A simple sequentially rejective multiple test procedure", 1979.
    The i-th smallest of n values is multiplied by n - i + 1; it is at least the corrected value before it, at most 1.
    """
    values = np.asarray(values, np.float64)
    order = np.argsort(values, kind="stable")
    raised = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), 1)
    corrected = np.empty_like(raised)
    corrected[order] = raised
    return corrected
