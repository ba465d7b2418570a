"""Explanations of pairs of a user and an item: the item's reviews by attention weight, with their votes in stars."""
import numpy as np

from preprocessing import catalogue
from runtime.cli import UserError


class Names:
    """Raw ids, titles and texts of a catalogue, by the numbers that the artefact gives them."""

    def __init__(self, data_folder):
        self.connection = catalogue.of(data_folder)
        self.users, self.items = catalogue.user_ids(self.connection), catalogue.item_ids(self.connection)
        self.user_number = {name: number for number, name in enumerate(self.users)}
        self.item_number = {name: number for number, name in enumerate(self.items)}

    def user(self, name, source):
        """The number of a raw user id. Raises UserError, which names `source`, where the data has no such user."""
        if name not in self.user_number:
            raise UserError(f"{source}: no user {name!r} in the data; give a reviewerID of the raw file")
        return self.user_number[name]

    def item(self, name, source):
        """The number of a raw item id. Raises UserError, which names `source`, where the data has no such item."""
        if name not in self.item_number:
            raise UserError(f"{source}: no item {name!r} in the data; give an asin of the raw file")
        return self.item_number[name]

    def title(self, item):
        """The title of an item by its number; None where the raw files have none."""
        return self.connection.execute("SELECT title FROM items WHERE item = ?", (int(item),)).fetchone()[0]

    def review(self, row):
        """{"user", "rating", "text"} of a review row."""
        user, rating, text = self.connection.execute(
            "SELECT user, rating, text FROM reviews WHERE review = ?", (int(row),)).fetchone()
        return {"user": self.users[user], "rating": rating, "text": text}


def read_pairs(path, names):
    """[(user number, item number)] of a TSV file. Raises UserError, which names the file and the line."""
    try:
        with open(path, encoding="utf-8") as text:
            lines = [line.rstrip("\r\n") for line in text]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"--pairs {path}: cannot be read ({error}); give a text file with user<TAB>item on each line"
                        ) from error
    pairs = []
    for number, line in enumerate(lines, 1):
        fields = line.split("\t")
        if line and len(fields) != 2:
            raise UserError(f"{path}:{number}: not user<TAB>item; correct or delete the line")
        if line:
            source = f"{path}:{number}"
            pairs.append((names.user(fields[0], source), names.item(fields[1], source)))
    if not pairs:
        raise UserError(f"{path}: holds no pair; give user<TAB>item on each line")
    return pairs


def best_items(run, user, top):
    """The numbers of the `top` first items for the user, without those that the user has rated in training.

    They are in the order of the run; in a run of an older version, without one, by predicted rating.
    """
    from models.inference.catalogue_order import CatalogueOrder  # imports TensorFlow: not before it is needed

    train, items = run.artefact.train, np.arange(len(run.artefact.item_reviews))
    if run.order is None:
        score = run.predictor.alone("rating", np.full(len(items), user), items)
    else:
        score = CatalogueOrder(run.predictor, run.order)(np.array([user]))[0]
    score[train.item[train.user == user]] = -np.inf
    order = np.argsort(-score, kind="stable")[:top]
    return order[np.isfinite(score[order])]


def explanations(run, names, pairs):
    """Yields a record for each pair: "user", "item", "title", predicted "rating", and "reviews".

    "reviews" are all training reviews of the item by falling attention weight, each with "user", "rating", "text",
    "weight" (0..1), "vote" (stars) and "is_own": whether the user wrote it. An own review is not left out here, as it
    is in training; the served model reads it, too. "title" is None where the raw files have none.
    """
    user, item = (np.array(column) for column in zip(*pairs))
    answers = run.predictor(user, item)
    outputs, item_slots = answers.outputs, answers.item_slots
    for row in range(len(user)):
        name = names.users[user[row]]
        order = np.argsort(-outputs.item_weights[row], kind="stable")
        shown = [slot for slot in order if item_slots[row, slot] > 0]
        read = [names.review(item_slots[row, slot]) for slot in shown]
        yield {"user": name, "item": names.items[item[row]], "title": names.title(item[row]),
               "rating": float(outputs.rating[row]),
               "reviews": [dict(review, is_own=review["user"] == name, vote=float(outputs.votes[row, slot]),
                                weight=float(outputs.item_weights[row, slot])) for slot, review in zip(shown, read)]}


def plain(record, top):
    """A record as lines for a terminal: the predicted rating, and the top reviews with weight and vote."""
    title = f" \"{' '.join(record['title'].split())}\"" if record["title"] else ""
    lines = [f"{record['item']}{title} for user {record['user']}: {record['rating']:.2f} stars predicted, "
             f"{len(record['reviews'])} reviews"]
    for review in record["reviews"][:top]:
        author = "the user's own review:" if review["is_own"] else review["user"]
        lines.append(f"  weight {review['weight']:6.1%}  vote {review['vote']:+.3f} stars  {author} "
                     f"rated {review['rating']:.0f}: {' '.join(review['text'].split())}")
    return "\n".join(lines)
