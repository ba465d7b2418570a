"""Data made of preprocessed data: another split of the same corpus, or a control with other texts.

`python -m preprocessing.derive --data FOLDER --out FOLDER (--seed N | --texts KIND)`. Controls ask what the
texts are worth: with `dummy` every training review says the same word, with `shuffled` each says what another
training review says, of whatever item. Held-out reviews, ratings and the catalogue stay as they are.
"""
import os

import numpy as np

from preprocessing import artefact as contract
from preprocessing import catalogue, pipeline, readers
from runtime import cli
from runtime.cli import UserError

TEXTS = ("dummy", "shuffled")


def read_back(folder):
    """([Review], {item id: Item}) as preprocessing once read them, from the catalogue."""
    connection = catalogue.of(folder)
    columns = ", ".join(readers.Review._fields)
    reviews = [readers.Review(*row) for row in connection.execute(
        f"SELECT {columns} FROM reviews JOIN users USING (user) JOIN items USING (item) ORDER BY review")]
    columns = ", ".join(readers.Item._fields)
    items = {row[0]: readers.Item(*row) for row in connection.execute(f"SELECT {columns} FROM items")}
    connection.close()
    return reviews, items


def resplit(folder, seed):
    """(Artefact of the same reviews, split, vectors and topics by another seed; its reviews; its items)."""
    meta = contract.load_meta(folder)
    options = pipeline.Options(**meta["options"])
    if options.split != "random":
        raise UserError(f"{folder}: split by {options.split}, which no seed changes; preprocess with --split random")
    reviews, items = read_back(folder)
    return pipeline.build(reviews, options._replace(seed=seed), meta["name"], meta["sources"],
                          meta["dropped"]), reviews, items


def with_texts(artefact, kind, seed):
    """The Artefact with other texts in its training reviews; `kind` is one of TEXTS."""
    rows = contract.training_rows(artefact)
    tokens, lengths = artefact.review_tokens.copy(), artefact.review_length.copy()
    if kind == "shuffled":
        source = rows[np.random.RandomState(seed).permutation(len(rows))]
        tokens[rows], lengths[rows] = artefact.review_tokens[source], artefact.review_length[source]
    else:
        tokens[rows] = 0
        tokens[rows, 0] = contract.UNKNOWN + 1  # the first word of the vocabulary
        lengths[rows] = 1
    return artefact._replace(review_tokens=tokens, review_length=lengths)


def parse_args(argv=None):
    parser = cli.Parser("python -m preprocessing.derive", description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of preprocessed data")
    parser.add_argument("--out", required=True, help="folder to be made")
    parser.add_argument("--seed", type=int, default=2017, help="of the new split, or of the shuffling")
    parser.add_argument("--texts", choices=TEXTS, help="keep the split, and give training reviews these texts")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    truth = os.path.join(args.data, contract.TRUTH)
    truth = truth if os.path.isfile(truth) else None
    if args.texts:
        artefact = with_texts(contract.load(args.data), args.texts, args.seed)
        reviews, items = read_back(args.data)
    else:
        artefact, reviews, items = resplit(args.data, args.seed)
    pipeline.write(artefact, reviews, items, args.out, truth)
    cli.log.info("%s: %s of %s", args.out, args.texts or f"split {args.seed}", args.data)


if __name__ == "__main__":
    cli.run(main)
