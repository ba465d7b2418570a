"""SVD and SVD++ of scikit-surprise, fitted to the ratings of an artefact: rival models that read no reviews.

`python -m experiments.peers --data FOLDER --grids FOLDER --budget N --seed N --out FILE` writes the test predictions
of each, with settings chosen on validation data. The library is compiled when it is installed, so it is not in the lock
files; without it SVD and SVD++ are absent from the results.
"""
import json
import os
from typing import NamedTuple

import numpy as np

from metrics.rating import rmse
from preprocessing import artefact as contract
from runtime import cli, files
from runtime.cli import UserError

NAMES = ("svd", "svdpp")
MISSING = ("scikit-surprise is not installed: .venv/bin/python -m pip install --no-deps --no-build-isolation "
           "-r requirements/peers.txt")


def installed():
    """Whether scikit-surprise can be imported."""
    try:
        import surprise
        return bool(surprise.SVDpp)
    except ImportError:
        return False


class Fitted:
    """Predictions of a fitted SVD (Koren, Bell & Volinsky, 2009) or SVD++ (Koren, KDD 2008, equation 15).

    Args:
      name: one of NAMES.
      train: the Split of training pairs.
      users, items: `U` and `I`.
      settings: keyword arguments of the library's class.
      seed: of the initial factors and of the order of ratings.
    """

    def __init__(self, name, train, users, items, settings, seed):
        import pandas
        import surprise

        frame = pandas.DataFrame({"user": train.user, "item": train.item, "rating": train.rating})
        data = surprise.Dataset.load_from_df(frame, surprise.Reader(rating_scale=(1, 5)))
        self.trainset = data.build_full_trainset()
        kind = surprise.SVD if name == "svd" else surprise.SVDpp
        self.model = kind(random_state=seed, **settings).fit(self.trainset)
        user, item = self._numbers(train.user, True), self._numbers(train.item, False)
        factors = self.model.pu
        if name == "svdpp":  # implicit feedback: which items were rated
            rated = np.zeros(factors.shape)
            np.add.at(rated, user, self.model.yj[item])
            factors = factors + rated / np.sqrt(np.bincount(user, minlength=len(factors)))[:, None]
        self.mean = self.trainset.global_mean
        self.user, self.user_offset = (_spread(train.user, user, part, users) for part in (factors, self.model.bu))
        self.item, self.item_offset = (_spread(train.item, item, part, items)
                                       for part in (self.model.qi, self.model.bi))

    def _numbers(self, ids, users):
        inner = self.trainset.to_inner_uid if users else self.trainset.to_inner_iid
        return np.array([inner(number) for number in ids.tolist()])

    def predict(self, user, item):
        """Stars [n] of pairs [n], not clipped; ids without training ratings have no offset and no factors."""
        return (self.mean + self.user_offset[user] + self.item_offset[item]
                + np.sum(self.user[user] * self.item[item], -1))


def _spread(ids, inner, values, count):
    """The library's table of values with rows in our numbering; 0 for ids without training ratings."""
    out = np.zeros((count,) + values.shape[1:])
    out[ids] = values[inner]
    return out


class Choice(NamedTuple):
    """The settings of a grid with the least validation RMSE."""
    fitted: Fitted
    settings: dict
    validation_rmse: float


def choose(name, artefact, grid, seed):
    """The Choice from a grid, a list of settings."""
    sizes, held = artefact.meta["sizes"], artefact.validation
    fits = [Fitted(name, artefact.train, sizes["U"], sizes["I"], settings, seed) for settings in grid]
    errors = [rmse(fit.predict(held.user, held.item), held.rating) for fit in fits]
    best = int(np.argmin(errors))
    return Choice(fits[best], grid[best], errors[best])


def read_grid(folder, name):
    """The grid of a model, a list of settings, from `<folder>/<name>.json`. Raises UserError where it is damaged."""
    path = os.path.join(folder, f"{name}.json")
    try:
        with open(path, encoding="utf-8") as text:
            grid = json.load(text)
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: no grid of settings ({error})") from error
    if not isinstance(grid, list) or not grid or not all(isinstance(settings, dict) for settings in grid):
        raise UserError(f"{path}: not a list of settings")
    return grid


def main(argv=None):
    parser = cli.Parser("python -m experiments.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the preprocessed data")
    parser.add_argument("--grids", required=True, help="folder that holds svd.json and svdpp.json, lists of settings")
    parser.add_argument("--budget", type=int, required=True, help="number of settings of each grid that are tried")
    parser.add_argument("--seed", type=int, required=True, help="of the initial factors")
    parser.add_argument("--out", required=True, help="JSON file to write")
    args = parser.parse_args(argv)
    if not installed():
        raise UserError(MISSING)
    artefact, record = contract.load(args.data), {}
    for name in NAMES:
        grid = read_grid(args.grids, name)[:args.budget]
        choice = choose(name, artefact, grid, args.seed)
        predicted = choice.fitted.predict(artefact.test.user, artefact.test.item)
        record[name] = {"settings": choice.settings, "validation_rmse": choice.validation_rmse,
                        "predicted": predicted.tolist()}
    files.write_json(args.out, record)


if __name__ == "__main__":
    cli.run(main)
