"""Records of the sample corpus in the layout of the Amazon 2014 files: reviews and metadata."""
import datetime

import numpy as np

from preprocessing.sample import grammar
from preprocessing.sample.phrases import choose, resolve, with_article

KINDS = [(category, kind) for category, kinds in grammar.KINDS.items() for kind in kinds]
TITLES = len(grammar.BRANDS), len(grammar.THEMES), len(KINDS)  # numbers of brands, themes and kinds in titles

_FIRST_DAY = datetime.date(2011, 7, 1)
_EPOCH = datetime.date(1970, 1, 1)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def identifiers(random, prefix, length, count):
    """Draws `count` distinct identifiers of letters and digits, in a list."""
    distinct = {}  # a dictionary keeps their order
    while len(distinct) < count:
        letters = (choose(_ALPHABET, random) for _ in range(length - len(prefix)))
        distinct[prefix + "".join(letters)] = None
    return list(distinct)


def metadata(random, item_ids):
    """[record] of the toys, with a title that no other toy has, a description and, for most of them, a price."""
    numbers = random.permutation(int(np.prod(TITLES)))[:len(item_ids)]
    records = []
    for asin, brand, theme, kind in zip(item_ids, *np.unravel_index(numbers, TITLES)):
        brand, theme, (category, kind) = grammar.BRANDS[brand], grammar.THEMES[theme], KINDS[kind]
        title = f"{brand} {theme} {kind}"
        description = resolve(choose(grammar.DESCRIPTIONS, random), random).format_map(
            {"title": title, "brand": brand, "a toy": with_article(kind.lower())})
        record = {"asin": asin, "title": title, "brand": brand,
                  "categories": [["Toys & Games", category, kind]], "description": description}
        price = float(np.floor(np.exp(random.normal(3.2, 0.5)))) + 0.99
        if random.random_sample() < 0.95:
            record["price"] = price
        records.append(record)
    return records


def review(random, user_id, item_id, rating, day, written):
    """The record of one review; `written` is a `Review`. Longer reviews get helpful votes slightly more often."""
    words = len(written.text.split())
    total = random.poisson(words / 12) if random.random_sample() < 0.15 + words / 400 else 0
    up = random.binomial(total, min(0.9, 0.4 + words / 120))
    date = _FIRST_DAY + datetime.timedelta(days=int(day))
    return {"reviewerID": user_id, "asin": item_id, "helpful": [int(up), int(total)],
            "reviewText": written.text, "overall": float(rating), "summary": written.summary,
            "unixReviewTime": (date - _EPOCH).days * 24 * 60 * 60,
            "reviewTime": f"{date:%m} {date.day}, {date.year}"}
