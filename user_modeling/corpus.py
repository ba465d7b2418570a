"""The sentences of the training reviews of an artefact, and which words they hold.

Legend: `n` training reviews with text, `S` sentences, `V` words, `N` reviews.
"""
import sqlite3
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.run_folder import aspect_reading
from preprocessing import artefact as contract, catalogue, tokenise, vocabulary


class Corpus(NamedTuple):
    """Training reviews with text, sentence by sentence."""
    artefact: contract.Artefact
    rows: np.ndarray  # [n] review rows, rising
    found: aspect_reading.Sentences  # of these reviews, in their order
    review: np.ndarray  # [S] position of the sentence's review in `rows`
    bags: sparse.csr_matrix  # [S, V] ones: the different words of a sentence
    reviews: sparse.csr_matrix  # [n, V] ones: the different words of a review

    @property
    def user(self):
        """[n] author of each review."""
        return self.artefact.review_user[self.rows]

    @property
    def item(self):
        """[n] item of each review."""
        return self.artefact.review_item[self.rows]

    def starts(self):
        """[N+2] int64: the sentences of review row l are starts[l] to starts[l+1] - 1."""
        counts = np.zeros(len(self.artefact.review_user), np.int64)
        counts[self.rows] = np.diff(self.found.start)
        return np.concatenate([[0], np.cumsum(counts)])


def read(artefact, data_folder):
    """Returns the Corpus of an Artefact, whose catalogue is in `data_folder`. Raises UserError where it has none."""
    rows = contract.training_rows(artefact)
    found = texts_of(artefact, data_folder, rows)
    bags, _ = aspect_reading.bags(found, len(artefact.vocabulary))
    return Corpus(artefact, rows, found, found.review, bags, bags_of_reviews(found, len(artefact.vocabulary)))


def bags_of_reviews(found, size):
    """Returns [n, V] CSR of ones: the different words of the n reviews whose Sentences are `found`."""
    reviews, review = len(found.start) - 1, found.review
    total = sparse.csr_matrix((np.ones(len(review), np.float32), (review, np.arange(len(review)))),
                              (reviews, len(review))) @ aspect_reading.bags(found, size)[0]
    total.data[:] = 1
    return total


def texts_of(artefact, data_folder, rows):
    """Returns the Sentences of the texts of review rows [n], rising. Raises UserError for a damaged catalogue."""
    connection = catalogue.of(data_folder)
    try:
        wanted = np.zeros(len(artefact.review_user), bool)
        wanted[rows] = True
        texts = (text for row, text in connection.execute("SELECT review, text FROM reviews ORDER BY review")
                 if wanted[row])
        return aspect_reading.split(texts, tokenise.of(artefact.meta), vocabulary.numbers(artefact.vocabulary))
    except sqlite3.Error as error:
        raise catalogue.damaged(data_folder, error) from error
    finally:
        connection.close()
