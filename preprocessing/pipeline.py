"""Raw reviews -> the artefact, in the order in which a reader would do it by hand.

The command line and the notebook call the same functions.
"""
import hashlib
import os
import shutil
import tempfile
from typing import NamedTuple, Optional

import numpy as np
from tqdm import tqdm

from preprocessing import artefact as contract
from preprocessing import bag, catalogue, readers, vectors, vocabulary
from preprocessing.split import split
from preprocessing.tokenise import TOKENISER, tokenise
from runtime import cli
from runtime.cli import UserError

TIMELESS = 0


class Options(NamedTuple):
    """How to preprocess. The defaults are the published protocol."""
    split: str = "random"
    seed: int = 2017
    percentile: float = 90.  # caps: of reviews a user, reviews an item, words a review
    min_reviews: int = 2  # a word in fewer training reviews is unknown
    word_dim: int = 300
    topics: int = 128
    vectors: Optional[str] = None  # a file of word vectors; None: train word2vec


def index(reviews):
    """Numbers users and items in the order of first appearance.

    Returns:
      (user ids, item ids, user [n], item [n]).
    """
    users, items = {}, {}
    user = np.array([users.setdefault(review.user_id, len(users)) for review in reviews], np.int32)
    item = np.array([items.setdefault(review.item_id, len(items)) for review in reviews], np.int32)
    return tuple(users), tuple(items), user, item


def caps(lengths, user, item, percentile):
    """Caps {L, R_user, R_item} at a percentile of the training rows' words, and rows a user and an item."""
    def cap(values):
        return max(1, int(np.percentile(values, percentile)))

    return {"L": cap(lengths), "R_user": cap(np.unique(user, return_counts=True)[1]),
            "R_item": cap(np.unique(item, return_counts=True)[1])}


def build(reviews, options, name, sources, dropped):
    """The artefact of reviews.

    Args:
      reviews: [Review].
      options: Options.
      name: of the data.
      sources: [{"file": , "sha256": }].
      dropped: {reason: rows}.
    """
    user_ids, item_ids, user, item = index(reviews)
    times = np.array([review.time or TIMELESS for review in reviews], np.int64)
    parts = dict(zip(contract.SPLITS, split(len(reviews), options.split, options.seed, times,
                                            sources[0]["file"] if sources else name)))
    train = parts["train"]
    words_of = [tokenise(review.text) for review in tqdm(reviews, "tokenise", unit="review", leave=False)]
    counts = np.array([len(words) for words in words_of])
    cap = caps(counts[train], user[train], item[train], options.percentile)
    training_words = [words_of[row] for row in train if words_of[row]]
    words, frequency = vocabulary.build(training_words, options.min_reviews)
    if len(words) == len(vocabulary.SPECIAL):
        raise UserError(f"no word is in {options.min_reviews} or more training reviews; give more reviews, or a "
                        "lower --min_reviews")
    tokens, lengths = vocabulary.encode([[]] + words_of, words, cap["L"])
    tables = word_tables(training_words, words, frequency, tokens[train + 1], options)

    def by_row(values, dtype):  # row 0 is the empty review
        return np.concatenate([[0], np.asarray(values)]).astype(dtype)

    ratings = np.array([review.rating for review in reviews], np.float32)
    draft = contract.Artefact(
        meta={}, review_tokens=tokens, review_length=lengths, review_user=by_row(user, np.int32),
        review_item=by_row(item, np.int32), review_rating=by_row(ratings, np.float32),
        review_time=by_row(times, np.int64),
        review_helpful=by_row([review.helpful_up or 0 for review in reviews], np.int32),
        user_reviews=None, item_reviews=None, vocabulary=words, document_frequency=frequency,
        word_vectors=tables[0], word_topics=tables[1], mean_bag=tables[2],
        **{key: contract.Split(user[rows], item[rows], ratings[rows], (rows + 1).astype(np.int32))
           for key, rows in parts.items()})
    rows = contract.preferred(draft, "first")
    draft = draft._replace(
        user_reviews=contract.slots(draft.review_user, rows, len(user_ids), cap["R_user"]),
        item_reviews=contract.slots(draft.review_item, rows, len(item_ids), cap["R_item"]))
    sizes = {"U": len(user_ids), "I": len(item_ids), "N": len(reviews), "V": len(words),
             "E": tables[0].shape[1], "D": tables[1].shape[1], **cap}
    meta = {"format": contract.FORMAT, "name": name, "sizes": sizes, "options": options._asdict(),
            "tokeniser": TOKENISER, "sources": sources, "dropped": dropped,
            "empty_texts": int((counts == 0).sum()), "mean_rating": float(ratings.mean()),
            "training_reviews": len(training_words),
            "splits": {key: len(part) for key, part in parts.items()}}
    return contract.check(draft._replace(meta={**meta, "options": dict(meta["options"])}))


def word_tables(training_words, words, frequency, training_tokens, options):
    """(word vectors [V, E], word topics [V, D], mean bag [V]) of training text."""
    with cli.stage("word vectors"):
        if options.vectors:
            word_vectors = vectors.given(options.vectors, words, options.word_dim, options.seed)
        else:
            word_vectors = vectors.word2vec(training_words, words, options.word_dim, options.seed)
    with cli.stage("topics"):
        bags = bag.tfidf(training_tokens, frequency, len(training_words))
        mean_bag = np.asarray(bags.sum(0)).ravel() / len(training_words)
        return word_vectors, vectors.topics(bags, options.topics, options.seed), mean_bag.astype(np.float32)


def write(artefact, reviews, items, folder, truth=None):
    """Writes artefact and catalogue into `folder`, whole or not at all; an older one is replaced.

    Args:
      truth: path of the sample corpus's planted truth, which goes with the data for `evaluate.py` alone.
    """
    above = os.path.dirname(os.path.abspath(folder))
    try:
        os.makedirs(above, exist_ok=True)
        draft = tempfile.mkdtemp(prefix=".draft-", dir=above)
    except OSError as error:
        raise UserError(f"{above}: cannot be written ({error.strerror}); give another --data_dir") from error
    try:
        os.chmod(draft, 0o755)
        contract.save(artefact, draft)
        catalogue.write(os.path.join(draft, catalogue.NAME), *catalogue_rows(artefact, reviews, items))
        if truth:
            shutil.copyfile(truth, os.path.join(draft, contract.TRUTH))
        if os.path.isdir(folder):
            old = tempfile.mkdtemp(prefix=".old-", dir=above)
            os.rename(folder, os.path.join(old, "data"))
            try:
                os.rename(draft, folder)
            except OSError:
                os.rename(os.path.join(old, "data"), folder)
                os.rmdir(old)
                raise
            shutil.rmtree(old)
        else:
            os.rename(draft, folder)
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror or error}); free the place or the disk, or give "
                        "another --name") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def catalogue_rows(artefact, reviews, items):
    """(items, users, reviews) rows of the catalogue's tables; `items` is {item_id: Item}."""
    user_ids, item_ids, user, item = index(reviews)
    split_of = {row: name for name in contract.SPLITS for row in getattr(artefact, name).review.tolist()}

    def counted(owner, count):  # training rows and their mean rating, None where there are none
        rows = np.bincount(owner, minlength=count)
        total = np.bincount(owner, artefact.train.rating, count)
        return [(int(n), float(stars / n) if n else None) for n, stars in zip(rows, total)]

    unknown = readers.Item(None, None, None, None, None, None, None)
    item_rows = [(row, item_id) + tuple(items.get(item_id, unknown))[1:] + counts for row, (item_id, counts)
                 in enumerate(zip(item_ids, counted(artefact.train.item, len(item_ids))))]
    user_rows = [(row, user_id) + counts for row, (user_id, counts)
                 in enumerate(zip(user_ids, counted(artefact.train.user, len(user_ids))))]
    review_rows = [(row, int(user[row - 1]), int(item[row - 1]), review.rating, review.summary, review.text,
                    review.time, review.helpful_up, review.helpful_total, split_of[row])
                   for row, review in enumerate(reviews, 1)]
    return item_rows, user_rows, review_rows


def source(path):
    """{"file": name, "sha256": of its bytes}."""
    digest = hashlib.sha256()
    with open(path, "rb") as raw:
        for block in iter(lambda: raw.read(1 << 20), b""):
            digest.update(block)
    return {"file": os.path.basename(path), "sha256": digest.hexdigest()}
