"""The vocabulary and the encoding of words as word ids."""
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing import vocabulary
from preprocessing.artefact import PADDING, UNKNOWN

def build(documents, min_reviews, most_words=1000):
    """The vocabulary of documents, counted in a slow and obvious way."""
    counts = Counter(word for document in documents for word in set(document))
    return vocabulary.build(tuple(counts), np.array(list(counts.values()), int), min_reviews, most_words)


DOCUMENTS = [["b", "a", "b"], ["c", "a"], ["b", "d", "d"], []]


def test_words_are_ordered_by_frequency_and_rare_words_left_out():
    words, frequency, ids = build(DOCUMENTS, 2)
    assert words == vocabulary.SPECIAL + ("a", "b")
    assert frequency.tolist() == [0, 1, 2, 2] and sorted(ids) == [UNKNOWN, UNKNOWN, 2, 3]
    assert build(DOCUMENTS + [["d"]], 1).words[2:] == ("a", "b", "d", "c")


def test_beyond_the_limit_the_least_frequent_words_are_unknown():
    words, frequency, ids = build(DOCUMENTS + [["d"]], 1, most_words=3)
    assert words == vocabulary.SPECIAL + ("a", "b", "d") and len(frequency) == 5
    assert sorted(ids) == [UNKNOWN, 2, 3, 4]
    assert build(DOCUMENTS, 1, most_words=4).words == build(DOCUMENTS, 1).words


def test_encoding_equals_ids_written_by_hand():
    tokens, lengths = vocabulary.encode(DOCUMENTS, vocabulary.SPECIAL + ("a", "b"), 2)
    assert tokens.tolist() == [[3, 2], [UNKNOWN, 2], [3, UNKNOWN], [PADDING, PADDING]]
    assert lengths.tolist() == [2, 2, 2, 0]


def test_the_names_of_special_words_in_a_text_are_unknown_words():
    tokens, _ = vocabulary.encode([["<pad>", "<unknown>"]], vocabulary.SPECIAL, 3)
    assert tokens.tolist() == [[UNKNOWN, UNKNOWN, PADDING]]


documents = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(documents=documents, min_reviews=st.integers(1, 3), length=st.integers(1, 7))
def test_decoding_an_encoded_text_gives_its_words(documents, min_reviews, length):
    words, frequency, _ = build(documents, min_reviews)
    tokens, lengths = vocabulary.encode(documents, words, length)
    for document, row, kept in zip(documents, tokens, lengths):
        expected = [word if word in words else "<unknown>" for word in document[:length]]
        assert [words[token] for token in row[:kept]] == expected
        assert not row[kept:].any()
    for word, count in list(zip(words, frequency))[2:]:
        assert count == sum(word in document for document in documents) >= min_reviews
    assert np.all(np.diff(frequency[2:]) <= 0)
