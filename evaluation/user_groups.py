"""Are the groups of users the planted ones? Only for a sample corpus, whose truth no group was made from."""
import os

from sklearn.metrics import adjusted_rand_score

from evaluation import corpus
from preprocessing.artefact import TRUTH
from runtime.files import read_json


def planted(groups, data_folder, user_ids):
    """Returns the adjusted Rand index of Groups and of the aspects that users care about; None without a truth.

    Users who care about the same aspects have the same taste. Raises UserError where the truth lacks a user.
    """
    path = os.path.join(data_folder, TRUTH)
    truth = corpus.own_truth(read_json(path))
    if truth is None:
        return None
    with corpus.entries_of(path):
        tastes = [" ".join(sorted(truth["users"][user])) for user in user_ids]
    return float(adjusted_rand_score(tastes, groups.group))
