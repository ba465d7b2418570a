"""Training from files: the same numbers as in memory."""
import numpy as np
import pytest

from models.inputs import bags
from models.training import trainer
from preprocessing import artefact as contract
from preprocessing.bag import tfidf
from runtime import scratch
from tests.models import building


@pytest.fixture
def all_in_files(monkeypatch):
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)


def test_the_arrays_of_an_artefact_are_mapped_and_cannot_be_changed(tiny_data):
    loaded = contract.load(tiny_data.data_folder)
    for array in (loaded.review_tokens, loaded.train.user, loaded.word_vectors):
        assert type(array) is np.ndarray and not array.flags.writeable and not array.flags.owndata


def test_bags_in_files_are_those_of_preprocessing(all_in_files, monkeypatch):
    monkeypatch.setattr("models.inputs.bags.BLOCK", 7)
    a = building.artefact()
    held_out = ~np.isin(np.arange(len(a.review_tokens)), a.train.review)
    whole = tfidf(a.review_tokens, a.document_frequency, a.meta["training_reviews"], held_out)
    corpus = building.corpus(building.config(), a)
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(corpus.bags, part), getattr(whole, part))
        assert getattr(corpus.bags, part).dtype == getattr(whole, part).dtype
    np.testing.assert_allclose(bags.squared_norms(corpus.bags), whole.multiply(whole).sum(1).A1, atol=1e-6)


def test_a_training_from_files_ends_with_the_same_numbers(tiny_data, tmp_path, monkeypatch):
    config, artefact = building.config(epochs=1, batch_size=37), contract.load(tiny_data.data_folder)
    records = []
    for name, limit in (("memory", 2 ** 40), ("files", 0)):
        monkeypatch.setattr(scratch, "IN_MEMORY", limit)
        (tmp_path / name).mkdir()
        training = trainer.Trainer(config, artefact, str(tmp_path / name), threads=1)
        record = training.train()
        records.append({key: value for key, value in record.items() if "second" not in key and "memory" not in key})
        variables = training.session.run(sorted(training.checkpoints.variables, key=lambda variable: variable.op.name))
        records.append([values.tobytes() for values in variables])
    assert records[0] == records[2] and records[1] == records[3]
