"""What the measures read from the catalogue: ids in the order of their numbers, and the oracle of a sample corpus."""
import os

import numpy as np
import pytest

from evaluation import corpus
from evaluation.systems import sample, system
from preprocessing import artefact
from runtime import files
from runtime.cli import UserError


@pytest.fixture(scope="module")
def data(tiny_data):
    return system.data_of(tiny_data.data_folder)


@pytest.fixture(scope="module")
def texts(data):
    return corpus.read(data)


@pytest.fixture(scope="module")
def truth(data):
    return files.read_json(os.path.join(data.data_folder, artefact.TRUTH))


def test_ids_are_in_the_order_of_the_numbers(data, texts):
    split = data.artefact.train
    for user, item, review in zip(split.user, split.item, split.review):
        assert texts.reviews[review] == (texts.users[user], texts.items[item])
    assert len(texts.items) == len(data.artefact.item_reviews)


def test_words_are_read_of_the_reviews_that_pairs_are_compared_with(data, texts):
    part = data._replace(artefact=sample.of_users(data.artefact, 1, 3))
    read = corpus.read(part)
    held_out = part.artefact.test, part.artefact.validation
    asked = {row for split in held_out for item in split.item for row in data.corpus.served_slots.item[item]}
    asked |= {row for split in held_out for row in split.review}
    lengths = data.artefact.review_length
    assert 0 < len(asked) < len(lengths) / 2 and len(read.words) == len(lengths)
    for row, words in enumerate(read.words):
        assert words == (texts.words[row] if row in asked else [])
        assert row not in asked or not lengths[row] or words


def test_the_oracle_scores_all_items_in_catalogue_order(texts, truth):
    users = np.array([7, 0, 39])
    scores = corpus.oracle(truth, texts, "truth.json")(users)
    for user, row in zip(users, scores):
        cares = truth["users"][texts.users[user]]
        wanted = [truth["log_popularity"][item] + sum(truth["items"][item][name] for name in cares) / np.sqrt(2)
                  for item in texts.items]
        np.testing.assert_allclose(row, wanted)


def test_without_popularity_in_the_truth_there_is_no_oracle(texts, truth):
    older = {name: value for name, value in truth.items() if name != "log_popularity"}
    for record in (None, [], older):
        assert corpus.oracle(record, texts, "truth.json") is None


@pytest.mark.parametrize("change", [{"users": {}}, {"items": {}}, {"log_popularity": {}}, {"arguments": {}}])
def test_the_oracle_of_another_corpus_is_one_line_that_names_the_file(texts, truth, change):
    scores = corpus.oracle(dict(truth, **change), texts, "truth.json")
    with pytest.raises(UserError, match="^truth.json: .* not the truth of this corpus$") as error:
        scores(np.array([0]))
    assert "\n" not in str(error.value)
