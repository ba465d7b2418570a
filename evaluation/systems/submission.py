"""The answers of any other system, read from a file: see `table.py`."""
import os

import numpy as np

from evaluation.systems.pairs import Answers, Keys, Values, in_catalogue
from evaluation.systems.system import System
from evaluation.systems.table import ITEMS, NO_AUTHOR, REVIEWS, read
from runtime import files
from runtime.cli import UserError


class Submission(System):
    """The answers of a file.

    Args:
      name: of the system.
      path: of the file.
      data: `system.Data`.
      names: `explained.Names`.
      asked: `pairs.Asked`.
      seed: of the evaluation.

    Raises:
      UserError: names the file, the line and the cause.
    """

    def __init__(self, name, path, data, names, asked, seed):
        table, keys = read(path, names), Keys(data.artefact)
        scores = _scores(path, table, keys)
        self.scores = Answers(scores["score"], scores.get("personal", scores["score"]))
        self.of_items = {column: _of_items(path, column, table, keys) for column in ITEMS if column in table.values}
        user, item, by_stars = in_catalogue(data.artefact, seed)
        self.wanted = {"test": keys.pair(data.artefact.test.user, data.artefact.test.item),
                       "ranking": keys.pair(user, item), "rating": keys.pair(user, item)[by_stars]}
        self.keys = keys
        super().__init__(name, {"run": name, "file": self._counts(path, table, asked)}, data)

    def answers(self, asked, bar):
        """The Answers of the file."""
        bar.advance(len(asked.users))
        return self.scores

    def rated(self):
        """The stars [n] of the test pairs; None where one of them is missing."""
        return self._all("rating", self.wanted["test"])

    def stars(self):
        """A function (user [k], item [k]) -> [k] stars of the pairs of rankings by stars; None where one is missing."""
        if self._all("rating", self.wanted["rating"]) is None:
            return None
        return lambda user, item: self.of_items["rating"].of(self.keys.pair(user, item))

    def order(self):
        """A function users [m] -> [m, I] ranking scores, NaN of training items; None where one is missing."""
        if self._all("ranking", self.wanted["ranking"]) is None:
            return None
        return lambda users: self.of_items["ranking"].of(self.keys.pair(users[:, None], np.arange(self.keys.items)))

    def order_without_evidence(self):
        """None: the parts of the scores are not known."""
        return None

    def _all(self, column, wanted):
        """The values of a column for keys [k]; None unless all are there."""
        values = self.of_items[column].of(wanted) if column in self.of_items else np.full(len(wanted), np.nan)
        return values if np.isfinite(values).all() else None

    def _counts(self, path, table, asked):
        """{"name", "sha256", "rows", "not_asked_for": rows, "answers": {column: {"asked", "missing"}}} of the file."""
        shown, own = self.keys.all_of(asked)
        wanted = {"score": shown, "personal": np.concatenate([shown, own]), "rating": self.wanted["test"],
                  "ranking": self.wanted["ranking"]}
        given = dict(self.of_items, **self.scores._asdict())
        missing = {column: int(np.isnan(given[column].of(keys)).sum()) if column in given else len(keys)
                   for column, keys in wanted.items()}
        with_author = table.author != NO_AUTHOR
        key = self.keys.pair(table.user, table.item)[with_author] * self.keys.users + table.author[with_author]
        return {"name": os.path.basename(path), "sha256": files.sha256(path), "rows": len(table.line),
                "not_asked_for": int((~np.isin(key, wanted["personal"])).sum()),
                "answers": {column: {"asked": len(keys), "missing": missing[column]}
                            for column, keys in wanted.items()}}


def _scores(path, table, keys):
    """{column: Values} of REVIEWS. Raises UserError for a score of no review, or a second one of the same."""
    has_author = table.author != NO_AUTHOR
    reviews = keys.item[1:] * keys.users + keys.author[1:]
    unknown = has_author & ~np.isin(table.item * keys.users + table.author, reviews)
    _refuse(path, table, unknown, "the author has written no review of this item")
    key, found = keys.pair(table.user, table.item) * keys.users + table.author, {}
    for column in (name for name in REVIEWS if name in table.values):
        given = np.isfinite(table.values[column])
        _refuse(path, table, given & ~has_author, f"a {column} belongs to a review, but the row names no author")
        _, first = np.unique(key[given], return_index=True)
        again = np.copy(given)
        again[np.nonzero(given)[0][first]] = False
        _refuse(path, table, again, f"the {column} of this review for this user was given before")
        found[column] = Values(key[given], table.values[column][given])
    return found


def _of_items(path, column, table, keys):
    """The Values of one of ITEMS. Raises UserError where two rows of the same pair differ."""
    key, given = keys.pair(table.user, table.item), np.isfinite(table.values[column])
    values = Values(key[given], table.values[column][given])
    _refuse(path, table, given & (values.of(key) != table.values[column]),
            f"another line gives another {column} to this user and item")
    return values


def _refuse(path, table, wrong, cause):
    """Raises UserError for the first line of a Table that is wrong [k] bool, if there is one."""
    if wrong.any():
        raise UserError(f"{path}:{table.line[np.argmax(wrong)]}: {cause}; correct or delete the line")
