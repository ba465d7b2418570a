"""The index finds what a look at each text finds; where the vocabulary is too large, a part of it."""
import numpy as np
import pytest

from flask_app.storage import word_search
from flask_app.storage.word_search import WordSearch
from preprocessing import catalogue
from preprocessing.search import index
from tests.flask_app.text_scan import TextScan
from tests.flask_app.tiny_catalogue import write_catalogue

LETTERS = list("abcdé") + ["字", "\u0600", " ", "\n", "-"]


def texts(random, count):
    return ["".join(LETTERS[letter] for letter in random.randint(0, len(LETTERS), random.randint(0, 23)))
            for _ in range(count)]


@pytest.fixture(scope="module", params=[7, 2 ** 22], ids=["many_blocks", "one_block"])
def connection(tmp_path_factory, request):
    """A catalogue of random texts, written with few pairs and words at a time, or with all of them."""
    random, patch = np.random.RandomState(5), pytest.MonkeyPatch()
    patch.setattr(index, "HELD", request.param)
    patch.setattr(index, "BLOCK", request.param)
    patch.setattr(index, "READ", 3)
    reviews = [(int(random.randint(5)), int(random.randint(11)), 3, text, text[::-1], split) for text, split in zip(
        texts(random, 41), ["train", "train", "test"] * 14)]
    path = write_catalogue(
        tmp_path_factory.mktemp("words") / "catalogue", reviews, shoppers=[f"U{row}" for row in range(5)],
        items=[f"Ab{row}" for row in range(11)], titles=[text or None for text in texts(random, 11)])
    patch.undo()
    yield catalogue.connect(path)


def test_the_index_finds_what_a_look_at_each_text_finds(connection):
    ours, slow = WordSearch(connection), TextScan(connection)
    random = np.random.RandomState(6)
    for query in ["a", "item", "ite", "ab7", "u", "", "zz", "AB"] + texts(random, 60):
        words = query.split()
        if words:
            np.testing.assert_array_equal(ours.reviews(words), slow.reviews(words), query)
        np.testing.assert_array_equal(ours.titled(words), slow.titled(words), query)
        np.testing.assert_array_equal(ours.titled(words, True), slow.titled(words, True))
        assert ours.users(query, 3) == slow.users(query, 3)
    for name in ("item", "user", "count"):
        np.testing.assert_array_equal(ours.column(name), slow.column(name))


def test_of_a_part_of_too_many_words_the_most_frequent_are_read(connection, monkeypatch):
    everything = WordSearch(connection).reviews(["a"])
    for name, most in (("MOST_WORDS", 1), ("MOST_LISTED", 1), ("MOST_WORDS", 10 ** 6)):
        monkeypatch.setattr(word_search, name, most)
        found = WordSearch(connection).reviews(["a"])
        assert 0 < len(found) < len(everything) and set(found) < set(everything)
