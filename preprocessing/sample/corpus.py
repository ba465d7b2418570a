"""Makes the sample corpus: reviews of a toy shop in which the reasons for every rating are known.

Each shopper cares about a few product aspects, and each toy has a quality in every aspect. Shoppers buy popular toys,
and toys of high quality in the aspects that they care about. A rating follows the toy's quality in these aspects, too,
and the review describes them. The corpus is written in
the layout of Amazon 2014, so that every command reads it like a real one. The planted truth is written beside it; no
training code reads it.

    reviews.json.gz  reviewerID, asin, helpful, reviewText, overall, summary, unixReviewTime, reviewTime
    meta.json.gz     asin, title, brand, categories, description, and for most items price; strict JSON
    truth.json       seed; arguments; aspects [names]; users {reviewerID: [aspects cared about]};
                     items {asin: {aspect: quality}}; log_popularity {asin: number};
                     reviews {"reviewerID asin": [main aspects]}; with difficulties (`hard.py`) also
                     weights {reviewerID: {aspect: how much the user cares}}

The same arguments give the same bytes.
"""
import contextlib
import gzip
import io
import json
import os
import shlex
from typing import NamedTuple

import numpy as np

from preprocessing.artefact import TRUTH
from preprocessing.sample import grammar, hard, records
from preprocessing.sample.aspect_files import aspects as all_aspects
from preprocessing.sample.hard import EASY, HARD, MAXIMUM, Difficulties
from preprocessing.sample.shop import CORE, plant
from preprocessing.sample.taste import MAX_TASTE, TASTE
from preprocessing.sample.writer import Toy, write_review
from runtime import cli, files

REVIEWS, META = "reviews.json.gz", "meta.json.gz"
MAX_PAIRS = 20 * 1000 * 1000  # users * items: `shop.plant` holds a few numbers for each pair


class Sample(NamedTuple):
    """A sample corpus: lists of records as in the files, and the planted truth; see the module."""
    reviews: list
    metadata: list
    truth: dict


def generate(seed=2017, users=600, items=200, reviews=8000, aspects=8, cares=2, taste=TASTE, hardness=EASY):
    """Makes a sample corpus.

    Args:
      seed: of all random numbers, 0 .. 2**32 - 1.
      users, items, reviews: their numbers; every shopper and every toy has at least 5 reviews.
      aspects: number of product aspects.
      cares: number of aspects that each shopper cares about, or the greatest number (`Hardness.unequal`).
      taste: weight of these aspects in the choice of toys, 0 .. MAX_TASTE. It changes neither the shoppers and toys
        nor their numbers of reviews, but which of them belong together.
      hardness: `hard.Hardness`; EASY: no difficulty.

    Returns:
      `Sample`; its reviews are in random order.

    Raises:
      cli.UserError: no corpus can have these numbers, or a file of an aspect is damaged.
    """
    _check(seed, users, items, reviews, aspects, cares, taste, hardness)
    random, difficulties = np.random.RandomState(seed), Difficulties(hardness, np.random.RandomState([seed, 2]))
    toys = _toys(np.random.RandomState([seed, 3]), items) if hardness.correlation else None
    shop = plant(random, np.random.RandomState([seed, 1]), users, items, reviews, aspects, cares, taste, difficulties,
                 toys and _types(toys[1]))
    user_ids = records.identifiers(random, "A", 14, users)
    item_ids, metadata = toys or _toys(random, items)
    written = _write_reviews(random, shop, metadata, difficulties)
    pairs = [(user_ids[user], item_ids[item]) for user, item in zip(shop.user, shop.item)]
    arguments = {"users": users, "items": items, "reviews": reviews, "aspects": aspects, "cares": cares,
                 "taste": float(taste)}
    truth = dict({"seed": seed, "arguments": arguments}, **_truth(shop, user_ids, item_ids, pairs, written))
    if hardness != EASY:
        arguments["hardness"] = dict(hardness._asdict())
        truth["weights"] = _weights(shop, user_ids, truth["aspects"])
    return Sample([records.review(random, *pair, rating, day, review)
                   for pair, rating, day, review in zip(pairs, shop.rating, shop.day, written)],
                  metadata, truth)


def _truth(shop, user_ids, item_ids, pairs, written):
    """The planted truth of a shop, without the arguments that it was made with; see the module.

    Args:
      pairs: [N] (user id, item id) of the reviews.
      written: [N] `writer.Review`.
    """
    names = [aspect.name for aspect in all_aspects()[:shop.weights.shape[1]]]
    return {
        "aspects": names,
        "users": {user: [names[a] for a in np.nonzero(weights)[0]] for user, weights in zip(user_ids, shop.weights)},
        "items": {item: dict(zip(names, np.round(quality, 4).tolist()))
                  for item, quality in zip(item_ids, shop.quality)},
        "log_popularity": dict(zip(item_ids, np.round(shop.log_popularity, 4).tolist())),
        "reviews": {" ".join(pair): [names[a] for a in review.main_aspects]
                    for pair, review in zip(pairs, written)},
    }


def _weights(shop, user_ids, names):
    """{user id: {aspect: how much the user cares}}, by the `names` of the aspects."""
    return {user: {names[a]: round(float(weights[a]), 4) for a in np.nonzero(weights)[0]}
            for user, weights in zip(user_ids, shop.weights)}


def write(sample, out):
    """Writes a `Sample` into the folder `out`. No file there is ever half written; all are replaced, or none, unless
    the system fails between two renames.

    Raises:
      cli.UserError: the folder or a file cannot be made.
    """
    contents = {REVIEWS: _gz(_lines(sample.reviews)), META: _gz(_lines(sample.metadata)),
                TRUTH: _lines([sample.truth])}
    try:
        os.makedirs(out, exist_ok=True)
        with contextlib.ExitStack() as drafts:  # every draft is complete before the first one is renamed
            for name, content in reversed(list(contents.items())):
                draft = drafts.enter_context(files.written(os.path.join(out, name)))
                draft.write(content)
                draft.flush()
    except OSError as error:
        raise cli.UserError(f"--out {out}: {error.strerror}; give a folder that can be written") from error


def _toys(random, items):
    """(ids, metadata) of the toys."""
    item_ids = records.identifiers(random, "B00", 10, items)
    return item_ids, records.metadata(random, item_ids)


def _types(metadata):
    """The number of the category of each toy, int [I]."""
    categories = list(grammar.KINDS)
    return np.array([categories.index(record["categories"][0][1]) for record in metadata])


def _check(seed, users, items, reviews, aspects, cares, taste, hardness):
    """Raises UserError unless the arguments of `generate` allow a corpus."""
    _within("--seed", seed, 0, 2 ** 32 - 1)
    _within("--items", items, CORE, int(np.prod(records.TITLES)))
    _within("--users", users, CORE, MAX_PAIRS // items, f" with {items} items")
    _within("--reviews", reviews, CORE * max(users, items), users * items,
            f" with {users} users and {items} items")
    _within("--aspects", aspects, 1, len(all_aspects()))
    _within("--cares", cares, 1, aspects, f" with {aspects} aspects")
    _within("--taste", taste, 0, MAX_TASTE)
    for name, value in hardness._asdict().items():
        _within(f"--{name}", value, 0, getattr(MAXIMUM, name))


def _within(flag, value, low, high, given=""):
    if not low <= value <= high:
        raise cli.UserError(f"{flag} {value} is out of range; choose from {low} to {high}{given}")


def _write_reviews(random, shop, metadata, difficulties):
    """[N] `writer.Review`; none repeats a sentence of the previous review of its toy or by its author."""
    toys = [Toy(record["categories"][0][-1].lower(), record["brand"]) for record in metadata]
    last_of_user, last_of_item, written = {}, {}, [None] * len(shop.user)
    seen = shop.quality[shop.item] + 0.3 * shop.mood[:, None]  # the author's mood moves the stars and the words
    seen += 0.15 * random.normal(size=seen.shape)
    for row in np.argsort(shop.day, kind="mergesort"):  # stable: rows of one day keep their order
        user, item = shop.user[row], shop.item[row]
        taken = last_of_user.get(user, frozenset()) | last_of_item.get(item, frozenset())
        review = write_review(toys[item], difficulties.subjects(shop.weights[user]), seen[row].tolist(),
                              int(shop.rating[row]), taken, random, difficulties)
        written[row] = review
        last_of_user[user] = last_of_item[item] = review.sentences
    return written


def _lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode("ascii")


def _gz(content):
    """Compresses bytes; the header holds no time, so that the same content gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=6, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def parse_args(argv=None):
    """Reads the command line; for the numbers see `generate`."""
    parser = cli.Parser(
        prog="./run sample", description="Makes the sample corpus: reviews of a toy shop with known (planted) reasons.")
    parser.add_argument("--out", required=True, help="folder to write to; it is made if it does not exist")
    parser.add_argument("--seed", type=int, default=2017, help="seed of all random numbers")
    parser.add_argument("--users", type=int, help="number of shoppers (default: 600, with --hard 400)")
    parser.add_argument("--items", type=int, default=200, help="number of toys")
    parser.add_argument("--reviews", type=int, default=8000,
                        help="number of reviews, at least 5 for each shopper and each toy")
    parser.add_argument("--aspects", type=int,
                        help=f"number of product aspects, at most {len(all_aspects())} (default: 8, with --hard 10)")
    parser.add_argument("--cares", type=int, help="number of aspects that each shopper cares about; with --unequal the "
                        "greatest number (default: 2, with --hard 3)")
    parser.add_argument("--taste", type=float, default=TASTE,
                        help=f"weight of these aspects in the choice of toys, from 0 (none) to {MAX_TASTE}")
    parser.add_argument("--hard", action="store_true", help="a corpus in which the right explanations are hard to "
                        "find: sets the following numbers, each of which can also be given by itself")
    for name, text in hard.HELP.items():
        parser.add_argument(f"--{name}", type=float, help=f"{text} (default: 0, with --hard {getattr(HARD, name):g})")
    args = parser.parse_args(argv)
    for name, (easy, difficult) in {"users": (600, 400), "aspects": (8, 10), "cares": (2, 3)}.items():
        if getattr(args, name) is None:
            setattr(args, name, difficult if args.hard else easy)
    given = {name: getattr(args, name) for name in hard.HELP if getattr(args, name) is not None}
    args.hardness = (HARD if args.hard else EASY)._replace(**given)
    _check(args.seed, args.users, args.items, args.reviews, args.aspects, args.cares, args.taste, args.hardness)
    parser.require_folder("--out", args.out)
    return args


def main(argv=None):
    """Makes the sample corpus and logs what it holds."""
    args = parse_args(argv)
    with cli.stage("generate"):
        sample = generate(args.seed, args.users, args.items, args.reviews, args.aspects, args.cares, args.taste,
                          args.hardness)
    with cli.stage("write"):
        write(sample, args.out)
    cli.log.info("Wrote %s: %d shoppers, %d toys, %d reviews, mean rating %.2f, %.1f words per review",
                 args.out, args.users, args.items, args.reviews,
                 np.mean([review["overall"] for review in sample.reviews]),
                 np.mean([len(review["reviewText"].split()) for review in sample.reviews]))
    cli.log.info("Next: ./run preprocess --reviews %s --meta %s --name sample",
                 *(shlex.quote(os.path.join(args.out, name)) for name in (REVIEWS, META)))
