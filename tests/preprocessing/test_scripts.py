"""Corpora in other scripts: all letters are read, and the words are as many as in the Latin original."""
import gzip
import json
import os

import pytest

from preprocessing import pipeline, readers
from preprocessing.tokenise import Unicode
from tests.preprocessing.writing import SMALL
from tests.support import scripts

SENTENCES = "It is fairly quiet, so my ears do not ring. The motor broke after 3.5 days!"


@pytest.fixture(scope="module")
def latin(tiny_data):
    with gzip.open(os.path.join(tiny_data.sample_folder, "reviews.json.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(tmp_path, records):
    path = tmp_path / "reviews.json"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return readers.read_reviews(str(path), tokeniser=Unicode)[0]


@pytest.mark.parametrize("script", scripts.SCRIPTS)
def test_the_vocabulary_of_a_corpus_in_another_script(latin, tmp_path, script):
    original, other = (pipeline.build(read(tmp_path, records), SMALL, "x", [], {}) for records in (
        latin, [scripts.record(record, script) for record in latin]))
    meta = other.meta
    assert (meta["letters_read"], meta["empty_texts"], meta["texts_without_words"]) == (1, 0, 0)
    if script not in scripts.UNSPACED:
        letters = {scripts.transliterated(word, script) for word in original.vocabulary[2:]}
        assert set(other.vocabulary[2:]) == letters
        assert (other.review_length == original.review_length).all()
    else:  # pairs of characters
        assert all(len(word) <= 2 or not word.isalpha() for word in other.vocabulary[2:])
        assert len(other.vocabulary) > 100


@pytest.mark.parametrize("script", sorted(set(scripts.SCRIPTS) - set(scripts.UNSPACED)))
def test_words_are_those_of_the_latin_text(script):
    words = [scripts.transliterated(word, script) for word in Unicode.words(SENTENCES)]
    assert Unicode.words(scripts.transliterated(SENTENCES, script)) == words
