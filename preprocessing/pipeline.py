"""Turns raw reviews into the artefact: split, tokens, caps, vocabulary, word tables, slots, catalogue.

The command line and the notebook call the same functions.
"""
import os
import shutil
import sqlite3
from typing import NamedTuple, Optional

import numpy as np

from preprocessing import artefact as contract
from preprocessing import bag, catalogue, vectors, vocabulary
from preprocessing.corpus.token_rows import Documents, TokenRows, document_frequency
from preprocessing.split import split
from preprocessing.summary import coverage, distributions, page
from preprocessing.tokenise import Published, Unicode
from runtime import cli, files
from runtime.cli import UserError

TIME_UNKNOWN = 0
AUTO, WORD2VEC, COUNTS = WORD_METHODS = ("auto", "word2vec", "counts")
MOST_TRAINED = 10 ** 6  # words of training text up to which word2vec is used by AUTO: about a minute on one core
MOST_COUNTED = 16 * 10 ** 6  # words of training text that are counted
NO_LIMIT = 2 ** 31 - 1  # of the words of a vocabulary
TOPIC_REVIEWS = 150000  # most training reviews that topics are computed from, which bounds their memory


class Options(NamedTuple):
    """The settings of preprocessing. The defaults are the published protocol but for `tokens`, published as a-z."""
    split: str = "random"
    seed: int = 2017
    percentile: float = 90.  # caps: of reviews per user, reviews per item, words per review
    min_reviews: int = 2  # a word in fewer training reviews is unknown
    most_words: int = 100000  # so many words at most, the most frequent ones, which bounds the tables of words
    word_dim: int = 300
    topics: int = 300
    vectors: Optional[str] = None  # a file of word vectors; None: train word2vec
    tokens: str = Unicode.name  # the rule of words, one of TOKENISERS
    word_method: str = AUTO  # how word vectors are learned, one of WORD_METHODS


def options_of(meta):
    """The Options of a meta.json; older ones lack some, and then mean what was done without that option."""
    return Options(**dict({"tokens": Published.name, "word_method": WORD2VEC, "most_words": NO_LIMIT},
                          **meta["options"]))


class WordTables(NamedTuple):
    """The tables of an artefact that are learned from training text."""
    word_vectors: np.ndarray  # [V, E] float32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32


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


def build(corpus, options, name, sources, dropped, reading=None):
    """Builds the artefact of a corpus.

    Args:
      corpus: `Corpus`, with words by the rule of the options.
      options: Options.
      name: name of the data.
      sources: [{"file": name, "sha256": hex}] of the raw files.
      dropped: {reason: number of rows}.
      reading: what else reading has counted, for meta.json; None: nothing.

    Returns:
      A checked `Artefact`, whose words are a `TokenRows` of the corpus.

    Raises:
      UserError: too few reviews, or no word is frequent enough.
    """
    times, lengths = np.maximum(corpus.time, TIME_UNKNOWN), corpus.lengths
    parts = dict(zip(contract.SPLITS, split(len(corpus), options.split, options.seed, times,
                                            sources[0]["file"] if sources else name, corpus.user, corpus.item)))
    train = parts["train"]
    cap = caps(lengths[train], corpus.user[train], corpus.item[train], options.percentile)
    with_words = train[lengths[train] > 0]
    with cli.stage("count words"):
        words, frequency, ids = _vocabulary(corpus, with_words, options)
        letters = coverage.letters(corpus)
    if len(words) == len(vocabulary.SPECIAL):
        raise coverage.no_words(corpus.has_text[train], len(with_words), letters, options.min_reviews)
    tokens = TokenRows(corpus, ids, cap["L"], np.arange(-1, len(corpus)))
    tables = word_tables(Documents(corpus, with_words), words, frequency, ids, tokens.of(train + 1), options)
    draft = _with_slots(contract.Artefact(
        meta={}, review_tokens=tokens, user_reviews=None, item_reviews=None, vocabulary=words,
        document_frequency=frequency, **tables._asdict(), **_ratings(corpus, times, parts, cap["L"])), corpus, cap)
    return contract.check(draft._replace(meta={
        "format": contract.FORMAT, "name": name, "sizes": contract.sizes(draft), "options": dict(options._asdict()),
        "tokeniser": corpus.tokeniser.rule, "sources": sources, "dropped": dropped, "reading": reading or {},
        "letters_read": letters, **_counts(draft, corpus, parts, cap)}))


def _vocabulary(corpus, rows, options):
    """The `Vocabulary` of the reviews in `rows`; logs where frequent words are left out of it."""
    counts = document_frequency(corpus, rows)
    enough = np.count_nonzero(counts >= options.min_reviews)
    if enough > options.most_words:
        cli.log.info("vocabulary: the %d most frequent of %d words in %d or more training reviews (--most_words)",
                     options.most_words, enough, options.min_reviews)
    return vocabulary.build(corpus.words, counts, options.min_reviews, options.most_words)


def _ratings(corpus, times, parts, most):
    """{field: array} of the artefact's fields that hold no words: one per review, and the splits."""
    def by_row(values, dtype):  # row 0 is the empty review
        column = np.zeros(len(values) + 1, dtype)
        column[1:] = values
        return column

    ratings = corpus.rating.astype(np.float32)
    return dict(
        {key: contract.Split(corpus.user[rows], corpus.item[rows], ratings[rows], (rows + 1).astype(np.int32))
         for key, rows in parts.items()},
        review_length=by_row(np.minimum(corpus.lengths, most), np.int32), review_user=by_row(corpus.user, np.int32),
        review_item=by_row(corpus.item, np.int32), review_rating=by_row(ratings, np.float32),
        review_time=by_row(times, np.int64), review_helpful=by_row(corpus.helpful, np.int32))


def _counts(draft, corpus, parts, cap):
    """{name: value} of what meta.json says on texts, stars and splits, for people."""
    ratings, lengths, train = draft.review_rating[1:], corpus.lengths, parts["train"]
    return {
        "empty_texts": int((~corpus.has_text).sum()),
        "texts_without_words": int((corpus.has_text & (lengths == 0)).sum()),
        "mean_rating": float(ratings.mean()), "training_reviews": int(np.count_nonzero(lengths[train])),
        "splits": {key: len(part) for key, part in parts.items()},
        "distributions": distributions.of(ratings, corpus.user, corpus.item, lengths),
        "cut": distributions.cut(lengths[train], corpus.user[train], corpus.item[train], cap)}


def _with_slots(draft, corpus, cap):
    """The artefact with the training reviews of each user and item in its slots."""
    rows = contract.training_rows(draft)
    return draft._replace(
        user_reviews=contract.slots(draft.review_user, rows, len(corpus.user_ids), cap["R_user"]),
        item_reviews=contract.slots(draft.review_item, rows, len(corpus.item_ids), cap["R_item"]))


def word_tables(documents, words, frequency, ids, training_tokens, options):
    """The WordTables of training text. Raises UserError if a given file of word vectors cannot be used.

    Args:
      documents: `Documents` of the training reviews with words.
      words, frequency, ids: the fields of the `Vocabulary`.
      training_tokens: `TokenRows` of all training reviews.
      options: Options.
    """
    if options.vectors:
        with cli.stage("read word vectors"):
            word_vectors, found = vectors.read_vectors(options.vectors, words, options.word_dim, options.seed)
        cli.log.info("%s: vectors of %d of %d words", options.vectors, found, len(words) - len(vocabulary.SPECIAL))
    else:
        word_vectors = _learned(documents, words, ids, options)
    cli.log.info("computing %d topics (LSI)", options.topics)
    with cli.stage("compute topics"):
        mean_bag = bag.mean(training_tokens, frequency, len(documents))
        sample = training_tokens.sample(TOPIC_REVIEWS, options.seed)
        if len(sample) < len(training_tokens):
            cli.log.info("the topics are those of %d of %d training reviews", len(sample), len(training_tokens))
        bags = bag.tfidf(sample, frequency, len(documents))
        topics = vectors.topics(bags, options.topics, options.seed)
    if topics.shape[1] < options.topics:
        cli.log.info("%d words in %d training reviews with text: topics lowered from %d to %d", len(words),
                     len(training_tokens), options.topics, topics.shape[1])
    return WordTables(word_vectors, topics, mean_bag)


def _learned(documents, words, ids, options):
    """[V, E] float32: vectors that are learned from training text, by the method of the options."""
    method = options.word_method
    if method == AUTO:
        method = WORD2VEC if documents.size <= MOST_TRAINED else COUNTS
    cli.log.info("training word vectors by %s: %d words, %d training reviews", method, len(words), len(documents))
    with cli.stage("train word vectors"):
        if method == WORD2VEC:
            return vectors.word2vec(documents, words, options.word_dim, options.seed)
        sample = documents.sample(MOST_COUNTED, options.seed)
        if len(sample) < len(documents):
            cli.log.info("the word vectors are those of %d of %d training reviews", len(sample), len(documents))
        return vectors.counted(sample, ids, words, options.word_dim, options.seed)


def write(artefact, corpus, items, folder, truth=None):
    """Writes artefact, catalogue and report into `folder`; an older folder stays until the new one is complete.

    Args:
      corpus: the `Corpus` from which the artefact was built.
      items: {item_id: Item}.
      truth: path of a sample corpus's planted truth, which is copied for the evaluation; None: there is none.

    Raises:
      UserError: the folder cannot be written.
    """
    try:
        cli.log.info("writing the artefact and the catalogue of %d reviews", len(corpus))
        with cli.stage("write"), files.written_folder(folder) as draft:
            contract.save(artefact, draft)
            catalogue.write(os.path.join(draft, catalogue.NAME), *catalogue.rows(artefact, corpus, items))
            if truth:
                shutil.copyfile(truth, os.path.join(draft, contract.TRUTH))
            if "distributions" in artefact.meta:  # not where it is derived from an artefact of an older version
                files.write_text(os.path.join(draft, contract.REPORT), page.of(artefact.meta))
    except (OSError, sqlite3.OperationalError) as error:  # SQLite reports a full disk in its own way
        raise UserError(f"{folder}: cannot be written ({files.reason(error)}); free space on the disk, or give "
                        "another folder") from error


def source(path):
    """{"file": its name, "sha256": of its content} of a raw file. Raises OSError."""
    return {"file": files.as_text(os.path.basename(path)), "sha256": files.sha256(path)}
