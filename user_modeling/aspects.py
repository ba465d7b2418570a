"""The aspects that reviews speak of, learned from the training text alone, and the tables of a run.

Legend: `n` training reviews with text, `S` sentences, `V` words, `K` aspects, `U` users, `I` items.
"""
import os

import numpy as np
from scipy import sparse

from models.ranking import praise as praise_of_items
from models.run_folder import aspect_reading, aspect_tables, layout, runs
from models.run_folder.aspect_tables import Tables
from preprocessing import artefact as contract
from runtime import openmp
from runtime.cli import UserError, log
from user_modeling import assignment, clusters, corpus as corpora, given, names, polarity, words as word_figures

MOST_REVIEWS = 500000  # training reviews of which aspects are learned for an order


def learn(artefact, data_folder, seed=2017, number=None, path=None):
    """Returns the Tables of an Artefact, whose catalogue is in `data_folder`.

    Args:
      number: of aspects; None: as many as the text has, see `clusters.py`.
      path: file of aspects, see `given.py`, in the place of those of the text.

    Raises:
      UserError: the file cannot be used, the data has no catalogue, or its texts are not those of the catalogue.
    """
    if "texts" in artefact.meta:
        raise UserError(f"{data_folder}: its training texts were replaced ({artefact.meta['texts']}), and those of its "
                        "catalogue are others; give the data that it was derived from")
    named = None if path is None else given.read(path)
    corpus = corpora.read(artefact, data_folder)
    words = word_figures.of(corpus)
    if named is None:
        found, facts = clusters.find(corpus, words, seed, number)
        groups = [group.words for group in found]
    else:
        groups, named = given.groups(named, artefact, path)
        facts = {"given": len(groups)}
    weights = assignment.learn(corpus, words, groups, sure=not facts.get("users_differ"))
    learned = polarity.learn(corpus, data_folder)
    reading = aspect_reading.read(corpus.found, weights, learned.weights)
    aspects = names.of(corpus, words, weights, reading, named and [one.name for one in named])
    settings = {"number": number, "file": path and os.path.basename(path)}
    return tables(corpus, aspects, weights, learned, reading, seed, settings, facts)


def of_order(run_folder):
    """Returns the item_order.Aspects by which the order of a run may praise items: of its tables of aspects, or learned
    as `./run aspects` does without flags where it has none.

    None where the run's network has no personal scores, beside which praise has its weight; where the reviews speak of
    no aspect; where the training texts were replaced, so that those of the catalogue are others; where aspects would
    have to be learned from more than MOST_REVIEWS; and where the catalogue cannot be read. All but the first are
    logged.
    """
    run = runs.read(run_folder)
    if not run.config.personal_scores:
        return None
    artefact = contract.load(run.data_folder)
    openmp.let_idle_threads_sleep()
    try:
        found = _tables_of(run_folder)
        if found is None:
            _require_learnable(run_folder, artefact)
            found = learn(artefact, run.data_folder)
        if not found.aspects:
            raise UserError(f"{run.data_folder}: the training reviews speak of no aspect")
    except UserError as error:
        log.warning("%s; items are ordered without the praise of aspects", error)
        return None
    return praise_of_items.of_tables(found)


def choose_order(predictor, run_folder, with_praise=True):
    """Chooses the order of items of a finished run, by the Predictor of its network, and writes it to the run's folder.

    Where `with_praise`, the order may praise items by the aspects of `of_order`. Raises UserError where it cannot be
    written.
    """
    from models.inference import catalogue_order  # slow to import: by TensorFlow, which nothing else here needs

    catalogue_order.choose_and_save(predictor, run_folder, of_order(run_folder) if with_praise else None)


def _tables_of(run_folder):
    """The Tables of a run; None where it has none, or where they cannot be used, which is logged."""
    try:
        return aspect_tables.load(run_folder)
    except UserError as error:
        log.warning("%s; they are not used for the order of items", error)
        return None


def _require_learnable(run_folder, artefact):
    """Raises UserError where no aspects are learned for the order of a run, as there are too many reviews."""
    count, flags = len(artefact.train.review), layout.flags_of(run_folder)
    if count > MOST_REVIEWS:
        raise UserError(f"{run_folder}: {count} training reviews are more than the {MOST_REVIEWS} of which aspects are "
                        f"learned for an order; call ./run aspects {flags}, then ./run order {flags}")


def tables(corpus, aspects, word_aspect, learned, reading, seed, settings, facts):
    """Returns the Tables of a Corpus whose sentences say `reading` (aspect_reading.Reading) by the weights of words."""
    said, praise = mentions(corpus, reading, len(aspects))
    users, items = len(corpus.artefact.user_reviews), len(corpus.artefact.item_reviews)
    sums = [_sum(owner, count, matrix) for owner, count in ((corpus.user, users), (corpus.item, items))
            for matrix in (said, praise)]
    return Tables(aspects, seed, settings, dict(facts, polarity=learned.facts), corpus.starts(), corpus.found.span,
                  reading.aspect, reading.polarity, *sums, np.bincount(corpus.user, minlength=users),
                  np.bincount(corpus.item, minlength=items), word_aspect, learned.weights)


def mentions(corpus, reading, count):
    """Returns ([n, K] whether a review speaks of an aspect, [n, K] probability that it praises it), dense.

    The probability of a review is the mean of those of its sentences on the aspect.
    """
    spoken = reading.aspect != aspect_reading.NO_ASPECT
    place = (corpus.review[spoken], reading.aspect[spoken])
    shape = (len(corpus.rows), count)
    sentences = sparse.csr_matrix((np.ones(spoken.sum()), place), shape).toarray()
    praise = sparse.csr_matrix((reading.polarity[spoken], place), shape).toarray()
    return (sentences > 0).astype(np.float32), praise / np.maximum(sentences, 1)


def _sum(owner, count, matrix):
    total = np.zeros((count, matrix.shape[1]), np.float64)
    np.add.at(total, owner, matrix)
    return total
