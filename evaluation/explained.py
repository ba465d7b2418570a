"""Explanations of a run's pairs: the reviews of an item in the order that suits a shopper, with weights and votes."""

import numpy as np

from preprocessing import catalogue
from runtime.cli import UserError


class Names:
    """Raw ids and texts of a catalogue, by number."""

    def __init__(self, data_folder):
        self.connection = catalogue.of(data_folder)
        self.users = [row[0] for row in self.connection.execute("SELECT user_id FROM users ORDER BY user")]
        self.items = [row[0] for row in self.connection.execute("SELECT item_id FROM items ORDER BY item")]
        self.user_number = {name: number for number, name in enumerate(self.users)}
        self.item_number = {name: number for number, name in enumerate(self.items)}

    def user(self, name, where):
        """Number of a raw id. Raises UserError that names `where` for an unknown one."""
        if name not in self.user_number:
            raise UserError(f"{where}: no shopper {name!r} in the data; give a reviewerID of the raw file")
        return self.user_number[name]

    def item(self, name, where):
        """Likewise of an item."""
        if name not in self.item_number:
            raise UserError(f"{where}: no item {name!r} in the data; give an asin of the raw file")
        return self.item_number[name]

    def title(self, item):
        """Title of an item by its number; None where the raw files give none."""
        return self.connection.execute("SELECT title FROM items WHERE item = ?", (int(item),)).fetchone()[0]

    def review(self, row):
        """{"user", "rating", "text"} of a review row."""
        user, rating, text = self.connection.execute(
            "SELECT user, rating, text FROM reviews WHERE review = ?", (int(row),)).fetchone()
        return {"user": self.users[user], "rating": rating, "text": text}


def read_pairs(path, names):
    """[(user number, item number)] of a TSV file."""
    try:
        with open(path, encoding="utf-8") as text:
            lines = [line.rstrip("\r\n") for line in text]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"--pairs {path}: cannot be read ({error}); give a text file, shopper<TAB>item a line"
                        ) from error
    pairs = []
    for number, line in enumerate(lines, 1):
        fields = line.split("\t")
        if line and len(fields) != 2:
            raise UserError(f"{path}:{number}: not shopper<TAB>item; mend or delete the line")
        if line:
            where = f"{path}:{number}"
            pairs.append((names.user(fields[0], where), names.item(fields[1], where)))
    if not pairs:
        raise UserError(f"{path}: no pair in it; give shopper<TAB>item a line")
    return pairs


def best_items(run, user, top):
    """Numbers of the `top` items of the highest predicted rating that the user has no training rating of."""
    train, every = run.artefact.train, np.arange(len(run.artefact.item_reviews))
    rating = run.predictor(np.full(len(every), user), every)[0].rating
    rating[train.item[train.user == user]] = -np.inf
    order = np.argsort(-rating, kind="stable")[:top]
    return order[np.isfinite(rating[order])]


def explanations(run, names, pairs):
    """Yields the record of each pair: user, item, rating and all training reviews by falling weight."""
    user, item = (np.array(column) for column in zip(*pairs))
    outputs, _, item_slots, _ = run.predictor(user, item)
    for row in range(len(user)):
        order = np.argsort(-outputs.item_weights[row], kind="stable")
        shown = [place for place in order if item_slots[row, place] > 0]
        yield {"user": names.users[user[row]], "item": names.items[item[row]],
               "rating": float(outputs.rating[row]),
               "reviews": [dict(names.review(item_slots[row, place]),
                                weight=float(outputs.item_weights[row, place]),
                                vote=float(outputs.votes[row, place])) for place in shown]}


def plain(record, top):
    """A record as lines for a terminal: predicted rating, and the top reviews with weight and vote."""
    lines = [f"{record['item']} for {record['user']}: {record['rating']:.2f} stars predicted, "
             f"{len(record['reviews'])} reviews"]
    for review in record["reviews"][:top]:
        lines.append(f"  {review['weight']:6.1%} {review['vote']:+.3f} stars  {review['user']} "
                     f"gave {review['rating']:.0f}: {' '.join(review['text'].split())}")
    return "\n".join(lines)
