"""Word ids in pieces: the same as in one table; document frequencies beside a count of sets."""
import numpy as np
import pytest

from preprocessing.corpus import token_rows
from preprocessing.corpus.collector import of
from preprocessing.tokenise import Unicode
from tests.preprocessing.writing import reviews

TEXTS = ["loud loud drum", "", "a drum that is quiet", "!?", "quiet"]


@pytest.fixture(params=[2, 7, 8192])
def corpus(request, monkeypatch):
    """33 reviews; pieces of several sizes."""
    monkeypatch.setattr(token_rows, "BLOCK", request.param)
    return of(reviews(text=lambda row: TEXTS[row % 5]), Unicode)


def words_of(corpus):
    return [Unicode.words(review.text) for review in corpus]


def test_a_table_in_pieces_is_the_whole_table(corpus, tmp_path):
    ids = np.arange(len(corpus.words), dtype=np.int32) * 3 + 5
    table = token_rows.TokenRows(corpus, ids, 3, np.arange(-1, len(corpus)))
    whole = np.zeros((34, 3), np.int32)
    for row, words in enumerate(words_of(corpus), 1):
        for place, word in enumerate(words[:3]):
            whole[row, place] = ids[corpus.words.index(word)]
    assert table.shape == whole.shape and np.array_equal(np.asarray(table), whole)
    for key in (0, -1, slice(3, 9), np.array([7, 0, 7]), whole[:, 0] > 0):
        np.testing.assert_array_equal(table[key], whole[key])
    np.testing.assert_array_equal(table.of(np.array([9, 1, 0]))[1:], whole[[1, 0]])
    sample = table.sample(7, seed=3)
    assert len(sample) == 7 and table.sample(34, seed=3) is table
    rows = np.sort(np.random.RandomState(3).permutation(34)[:7])
    np.testing.assert_array_equal(np.asarray(sample), whole[rows])
    token_rows.save(str(tmp_path / "pieces.npy"), table)
    np.save(str(tmp_path / "whole.npy"), whole)
    assert (tmp_path / "pieces.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_documents_are_the_words_of_reviews_as_often_as_they_are_asked_for(corpus):
    rows = np.array([30, 2, 2, 1, 0])
    documents = token_rows.Documents(corpus, rows)
    expected = [words_of(corpus)[row] for row in rows]
    assert len(documents) == 5 and list(documents) == expected == list(documents)


def test_document_frequencies_are_counts_of_sets(corpus):
    rows = np.array([0, 1, 2, 4, 9, 11])
    found = token_rows.document_frequency(corpus, rows)
    assert found.tolist() == [sum(word in words_of(corpus)[row] for row in rows) for word in corpus.words]


def test_a_sample_of_documents_has_no_more_words_than_asked_for_and_keeps_their_order(corpus):
    documents = token_rows.Documents(corpus, np.arange(33)[::-1])
    assert documents.size == sum(map(len, words_of(corpus))) and documents.sample(documents.size, 3) is documents
    sample, whole = list(documents.sample(documents.size // 2, 3)), list(documents)
    assert .6 * documents.size / 2 < sum(map(len, sample)) <= documents.size / 2
    left = iter(whole)
    assert all(any(text == other for other in left) for text in sample)  # a part of them in the same order
    assert list(documents.sample(documents.size // 2, 4)) != sample
