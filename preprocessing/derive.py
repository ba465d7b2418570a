"""Makes an artefact from another one: a new split of the same corpus, or a control with replaced texts.

`python -m preprocessing.derive --data FOLDER --out FOLDER (--seed N | --texts KIND)`. The controls measure how much
the review texts contribute: with `dummy` every training review consists of the same word, with `shuffled` each gets
the text of another training review, of any item. Held-out reviews, ratings and the catalogue stay unchanged; `texts` in
`meta.json` names the control, as the texts of its catalogue are not those that the network reads.
"""
import os
import shlex
from typing import NamedTuple

import numpy as np

from preprocessing import artefact as contract
from preprocessing import catalogue, pipeline, split, tokenise
from preprocessing.corpus import collector
from preprocessing.corpus.numbered import Corpus
from preprocessing.reading.records import Item, Review
from runtime import cli
from runtime.cli import UserError

TEXTS = ("dummy", "shuffled")


class Raw(NamedTuple):
    """What preprocessing read from the raw files."""
    reviews: Corpus
    items: dict  # {item id: Item}


def read_back(folder):
    """The `Raw` reviews and items of an artefact, as preprocessing read them, from its catalogue. Raises UserError."""
    connection = catalogue.of(folder)
    columns, tokeniser = ", ".join(Review._fields), tokenise.of(contract.load_meta(folder))
    reviews = collector.of((Review(*row) for row in connection.execute(
        f"SELECT {columns} FROM reviews JOIN users USING (user) JOIN items USING (item) ORDER BY review")), tokeniser)
    columns = ", ".join(Item._fields)
    items = {row[0]: Item(*row) for row in connection.execute(f"SELECT {columns} FROM items")}
    connection.close()
    return Raw(reviews, items)


def resplit(folder, raw, seed):
    """The Artefact of the same reviews with split, word vectors and topics by another seed.

    Args:
      folder: the folder of the first artefact.
      raw: its `Raw`.
      seed: the new seed.

    Raises:
      UserError: there is no artefact, or its split is by time or by the last ratings, which has no seed.
    """
    meta = contract.load_meta(folder)
    options = pipeline.options_of(meta)
    if options.split not in split.BY_SEED:
        raise UserError(f"{folder}: split by {options.split}, which no seed changes; preprocess with --split random")
    return pipeline.build(raw.reviews, options._replace(seed=seed), meta["name"], meta["sources"], meta["dropped"],
                          meta.get("reading"))


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
    return artefact._replace(review_tokens=tokens, review_length=lengths, meta=dict(artefact.meta, texts=kind))


def parse_args(argv=None):
    parser = cli.Parser("python -m preprocessing.derive", description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the artefact to start from")
    parser.add_argument("--out", required=True, help="folder of the new artefact")
    parser.add_argument("--seed", type=int, default=2017, help="seed of the new split, or of the shuffling")
    parser.add_argument("--texts", choices=TEXTS, help="keep the split, and replace the texts of the training reviews")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    contract.load_meta(args.data)  # the clearest error if there is no artefact
    contract.require_replaceable(args.out, [args.data])
    truth = os.path.join(args.data, contract.TRUTH)
    raw = read_back(args.data)
    if args.texts:
        artefact, change = with_texts(contract.load(args.data), args.texts, args.seed), f"{args.texts} texts"
    else:
        artefact, change = resplit(args.data, raw, args.seed), f"split with seed {args.seed}"
    pipeline.write(artefact, raw.reviews, raw.items, args.out, truth if os.path.isfile(truth) else None)
    cli.log.info("Wrote %s: %s with %s", args.out, args.data, change)
    cli.log.info("Next: ./run train --data %s", shlex.quote(args.out))


if __name__ == "__main__":
    cli.run(main)
