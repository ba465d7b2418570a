"""Turns raw reviews into the artefact: split, tokens, caps, vocabulary, word tables, slots, catalogue.

The command line and the notebook call the same functions.
"""
import os
import shutil
import sqlite3
from typing import NamedTuple, Optional, Tuple

import numpy as np
from tqdm import tqdm

from preprocessing import artefact as contract
from preprocessing import bag, catalogue, readers, vectors, vocabulary
from preprocessing.split import split
from preprocessing.summary import coverage, distributions, page
from preprocessing.tokenise import TOKENISERS, Published, Unicode
from runtime import cli, files
from runtime.cli import UserError

TIME_UNKNOWN = 0


class Options(NamedTuple):
    """The settings of preprocessing. The defaults are the published protocol but for `tokens`, published as a-z."""
    split: str = "random"
    seed: int = 2017
    percentile: float = 90.  # caps: of reviews per user, reviews per item, words per review
    min_reviews: int = 2  # a word in fewer training reviews is unknown
    word_dim: int = 300
    topics: int = 300
    vectors: Optional[str] = None  # a file of word vectors; None: train word2vec
    tokens: str = Unicode.name  # the rule of words, one of TOKENISERS


def options_of(meta):
    """The Options of a meta.json; in older ones, without a rule of words, it was the published one."""
    return Options(**dict({"tokens": Published.name}, **meta["options"]))


class Index(NamedTuple):
    """The numbers of users and items, and those of the `n` reviews."""
    user_ids: Tuple[str, ...]  # [U]
    item_ids: Tuple[str, ...]  # [I]
    user: np.ndarray  # [n] int32
    item: np.ndarray  # [n] int32


class WordTables(NamedTuple):
    """The tables of an artefact that are learned from training text."""
    word_vectors: np.ndarray  # [V, E] float32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32


def index(reviews):
    """Numbers users and items in the order of their first appearance. Returns an `Index`."""
    users, items = {}, {}
    user = np.array([users.setdefault(review.user_id, len(users)) for review in reviews], np.int32)
    item = np.array([items.setdefault(review.item_id, len(items)) for review in reviews], np.int32)
    return Index(tuple(users), tuple(items), user, item)


def caps(lengths, user, item, percentile):
    """{L, R_user, R_item}: percentiles of the words per review, reviews per user and reviews per item.

    Args:
      lengths, user, item: [n] words, user and item of the training reviews.
      percentile: above 0, at most 100.
    """
    def cap(values):
        return max(1, int(np.percentile(values, percentile)))

    return {"L": cap(lengths), "R_user": cap(np.unique(user, return_counts=True)[1]),
            "R_item": cap(np.unique(item, return_counts=True)[1])}


def build(reviews, options, name, sources, dropped, reading=None):
    """Builds the artefact of reviews.

    Args:
      reviews: [Review].
      options: Options.
      name: name of the data.
      sources: [{"file": name, "sha256": hex}] of the raw files.
      dropped: {reason: number of rows}.
      reading: what else reading has counted, for meta.json; None: nothing.

    Returns:
      A checked `Artefact`.

    Raises:
      UserError: too few reviews, or no word is frequent enough.
    """
    numbers = index(reviews)
    times = np.array([review.time or TIME_UNKNOWN for review in reviews], np.int64)
    parts = dict(zip(contract.SPLITS, split(len(reviews), options.split, options.seed, times,
                                            sources[0]["file"] if sources else name, numbers.user, numbers.item)))
    train = parts["train"]
    with cli.stage("tokenise"):
        tokeniser = TOKENISERS[options.tokens]
        texts = [tokeniser.words(review.text)
                 for review in tqdm(reviews, "tokenise", unit="review", leave=False, disable=None)]
    lengths = np.array([len(words) for words in texts])
    cap = caps(lengths[train], numbers.user[train], numbers.item[train], options.percentile)
    training_texts = [texts[row] for row in train if texts[row]]
    words, frequency = vocabulary.build(training_texts, options.min_reviews)
    letters = coverage.letters(reviews, texts, tokeniser)
    if len(words) == len(vocabulary.SPECIAL):
        raise coverage.no_words([reviews[row] for row in train], letters, options.min_reviews)
    tokens, kept = vocabulary.encode([[]] + texts, words, cap["L"])
    tables = word_tables(training_texts, words, frequency, tokens[train + 1], options)
    draft = _with_slots(contract.Artefact(
        meta={}, review_tokens=tokens, review_length=kept, user_reviews=None, item_reviews=None, vocabulary=words,
        document_frequency=frequency, **tables._asdict(), **_ratings(reviews, numbers, times, parts)), numbers, cap)
    return contract.check(draft._replace(meta={
        "format": contract.FORMAT, "name": name, "sizes": contract.sizes(draft), "options": dict(options._asdict()),
        "tokeniser": tokeniser.rule, "sources": sources, "dropped": dropped, "reading": reading or {},
        "letters_read": letters, "empty_texts": sum(not review.text for review in reviews),
        "texts_without_words": sum(bool(review.text) and not words for review, words in zip(reviews, texts)),
        "mean_rating": float(draft.review_rating[1:].mean()), "training_reviews": len(training_texts),
        "splits": {key: len(part) for key, part in parts.items()},
        "distributions": distributions.of(draft.review_rating[1:], numbers.user, numbers.item, lengths),
        "cut": distributions.cut(lengths[train], numbers.user[train], numbers.item[train], cap)}))


def _ratings(reviews, numbers, times, parts):
    """{field: array} of the artefact's fields that hold ratings and no text: one per review, and the splits."""
    def by_row(values, dtype):  # row 0 is the empty review
        return np.concatenate([[0], np.asarray(values)]).astype(dtype)

    ratings = np.array([review.rating for review in reviews], np.float32)
    return dict(
        {key: contract.Split(numbers.user[rows], numbers.item[rows], ratings[rows], (rows + 1).astype(np.int32))
         for key, rows in parts.items()},
        review_user=by_row(numbers.user, np.int32), review_item=by_row(numbers.item, np.int32),
        review_rating=by_row(ratings, np.float32), review_time=by_row(times, np.int64),
        review_helpful=by_row([review.helpful_up or 0 for review in reviews], np.int32))


def _with_slots(draft, numbers, cap):
    """The artefact with the training reviews of each user and item in its slots."""
    rows = contract.preferred(draft, "first")
    return draft._replace(
        user_reviews=contract.slots(draft.review_user, rows, len(numbers.user_ids), cap["R_user"]),
        item_reviews=contract.slots(draft.review_item, rows, len(numbers.item_ids), cap["R_item"]))


def word_tables(training_texts, words, frequency, training_tokens, options):
    """The WordTables of training text. Raises UserError if a given file of word vectors cannot be used."""
    if options.vectors:
        with cli.stage("read word vectors"):
            word_vectors, found = vectors.read_vectors(options.vectors, words, options.word_dim, options.seed)
        cli.log.info("%s: vectors of %d of %d words", options.vectors, found, len(words) - len(vocabulary.SPECIAL))
    else:
        cli.log.info("training word vectors: %d words, %d training reviews", len(words), len(training_texts))
        with cli.stage("train word vectors"):
            word_vectors = vectors.word2vec(training_texts, words, options.word_dim, options.seed)
    cli.log.info("computing %d topics (LSI)", options.topics)
    with cli.stage("compute topics"):
        bags = bag.tfidf(training_tokens, frequency, len(training_texts))
        mean_bag = (np.asarray(bags.sum(0)).ravel() / len(training_texts)).astype(np.float32)
        return WordTables(word_vectors, vectors.topics(bags, options.topics, options.seed), mean_bag)


def write(artefact, reviews, items, folder, truth=None):
    """Writes artefact, catalogue and report into `folder`; an older folder stays until the new one is complete.

    Args:
      reviews: [Review] from which the artefact was built.
      items: {item_id: Item}.
      truth: path of a sample corpus's planted truth, which is copied for the evaluation; None: there is none.

    Raises:
      UserError: the folder cannot be written.
    """
    try:
        cli.log.info("writing the artefact and the catalogue of %d reviews", len(reviews))
        with cli.stage("write"), files.written_folder(folder) as draft:
            contract.save(artefact, draft)
            catalogue.write(os.path.join(draft, catalogue.NAME), *catalogue_rows(artefact, reviews, items))
            if truth:
                shutil.copyfile(truth, os.path.join(draft, contract.TRUTH))
            if "distributions" in artefact.meta:  # not where it is derived from an artefact of an older version
                files.write_text(os.path.join(draft, contract.REPORT), page.of(artefact.meta))
    except (OSError, sqlite3.OperationalError) as error:  # SQLite reports a full disk in its own way
        raise UserError(f"{folder}: cannot be written ({files.reason(error)}); free space on the disk, or give "
                        "another folder") from error


def catalogue_rows(artefact, reviews, items):
    """(items, users, reviews) rows of the catalogue's tables; `items` is {item_id: Item}."""
    numbers = index(reviews)
    split_of = {row: name for name in contract.SPLITS for row in getattr(artefact, name).review.tolist()}

    def counts_and_means(owner, count):  # of training rows; the mean of no rows is None
        rows = np.bincount(owner, minlength=count)
        total = np.bincount(owner, artefact.train.rating, count)
        return [(int(n), float(stars / n) if n else None) for n, stars in zip(rows, total)]

    unknown = readers.Item(None, None, None, None, None, None, None)
    item_rows = [(row, item_id) + tuple(items.get(item_id, unknown))[1:] + means for row, (item_id, means)
                 in enumerate(zip(numbers.item_ids, counts_and_means(artefact.train.item, len(numbers.item_ids))))]
    user_rows = [(row, user_id) + means for row, (user_id, means)
                 in enumerate(zip(numbers.user_ids, counts_and_means(artefact.train.user, len(numbers.user_ids))))]
    review_rows = [(row, int(numbers.user[row - 1]), int(numbers.item[row - 1]), review.rating, review.summary,
                    review.text, review.time, review.helpful_up, review.helpful_total, split_of[row])
                   for row, review in enumerate(reviews, 1)]
    return item_rows, user_rows, review_rows


def source(path):
    """{"file": its name, "sha256": of its content} of a raw file. Raises OSError."""
    return {"file": os.path.basename(path), "sha256": files.sha256(path)}
