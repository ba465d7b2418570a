"""The catalogue of a tiny shop: five shoppers, seven toys, and reviews with texts that a page must treat with care."""
import numpy as np

from preprocessing import catalogue

SHOPPERS = ["ann", "bob", "ça/d %?#&+", "dee", "eve"]
ITEMS = ["drum", "kite", "puzzle box/7 é?%", "robot", "salt", "train", "bare"]
TITLES = ["Tin drum", None, "Box of <b>puzzles</b>", "Robot", 'Salt & Pepper "set"',
          "Wooden train", None]
SCRIPT = "<script>document.title = 'owned'</script> & loud"
SECRET = "held-out-words-that-no-page-may-show"
LONG = "rails " * 200 + "the very last word"

# user, item, stars, summary, text, split
REVIEWS = [
    (0, 0, 5, "Sturdy", "It is sturdy and it lasts, my battery of kids broke nothing.", "train"),
    (1, 0, 2, "Too noisy", "So noisy that the cat has left us.", "train"),
    (2, 0, 4, None, SCRIPT, "train"),
    (3, 0, 1, "Broke", "Broke on the first day: cheap plastic.", "train"),
    (4, 0, 3, "Fine", 'A fine drum "for the price", &amp; so on.', "train"),
    (0, 1, 4, "Flies", "Flies high, sturdy lines that last.", "train"),
    (1, 2, 5, "Silent fun", "Silent, and clever fun for hours.", "train"),
    (3, 2, 3, "Odd", "Pieces are missing.", "train"),
    (2, 3, 5, None, "", "train"),
    (4, 3, 2, "Loud", "The robot is loud and noisy.", "train"),
    (0, 4, 3, "Salty", "It is what it is.", "validation"),
    (1, 5, 4, "Choo", LONG, "train"),
    (2, 5, 1, "Choo choo", "100% wood_and_glue.", "train"),
    (3, 5, 5, "On rails", "On rails, at last.", "train"),
    (4, 5, 2, "Off rails", "Off the rails.", "train"),
    (0, 3, 1, "Secret", SECRET, "test"),
    (2, 4, 4, "Pepper", "Peppery.", "train"),
]


def write_catalogue(path, reviews=REVIEWS, shoppers=SHOPPERS, items=ITEMS, titles=TITLES):
    """Writes the tiny catalogue, or a variant of it. Returns its path."""
    train = [review for review in reviews if review[5] == "train"]

    def count_and_mean(side, row):
        stars = [review[2] for review in train if review[side] == row]
        return len(stars), np.mean(stars) if stars else None

    catalogue.write(
        str(path),
        [(row, item, (titles + [None] * row)[row], 7.5 if row % 2 else None,
          "http://ecx.images-amazon.com/images/I/x.jpg" if row % 3 else None, None, None, None,
          *count_and_mean(1, row)) for row, item in enumerate(items)],
        [(row, shopper, *count_and_mean(0, row)) for row, shopper in enumerate(shoppers)],
        [(row, user, item, stars, summary, text, 1393545600 - row * 86400, None, None, split)
         for row, (user, item, stars, summary, text, split) in enumerate(reviews, 1)])
    return str(path)
