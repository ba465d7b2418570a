"""Users, their held-out items and their training items: what a ranking of the catalogue is measured on."""
from typing import NamedTuple

import numpy as np


class HeldOut(NamedTuple):
    """A sample of m users, their n held-out items and their training items. Pairs are in the order of their users."""
    users: np.ndarray  # [m] in rising order
    row: np.ndarray  # [n] position in `users` of the user of each held-out item
    item: np.ndarray  # [n] held-out items
    rating: np.ndarray  # [n] stars that the user gave to the item
    in_training: np.ndarray  # [m, I] bool, training items

    def of_users(self, rows):
        """Returns the HeldOut of the users at these positions [k], which are in rising order."""
        kept = np.isin(self.row, rows)
        return HeldOut(self.users[rows], np.searchsorted(rows, self.row[kept]), self.item[kept], self.rating[kept],
                       self.in_training[rows])


def of_split(train, split, items, random, most):
    """Returns the HeldOut of a sample of at most `most` users of a split.

    Items that are training items of the user, too, are left out; so are users without other items. Where a split
    names a pair twice, the first rating counts.

    Args:
      train: Split of the training pairs.
      split: Split of the held-out pairs.
      items: `I`.
      random: RandomState, for the choice of users.
      most: number of users.
    """
    key = split.user.astype(np.int64) * items + split.item
    key, first = np.unique(key, return_index=True)
    new = ~np.isin(key, train.user.astype(np.int64) * items + train.item)
    user, item, rating = key[new] // items, key[new] % items, np.asarray(split.rating)[first[new]]
    users = np.sort(random.permutation(np.unique(user))[:most])
    kept = np.isin(user, users)
    in_training = np.zeros((len(users), items), bool)
    rows = np.isin(train.user, users)
    in_training[np.searchsorted(users, train.user[rows]), train.item[rows]] = True
    return HeldOut(users, np.searchsorted(users, user[kept]), item[kept], rating[kept], in_training)
