"""The comparison of word vectors runs on a small corpus; its measure beside vectors that tell reviews apart."""
import json

import numpy as np

from benchmarks import shapes
from benchmarks.corpora import words
from preprocessing import artefact as contract
from tests.preprocessing.writing import build, reviews


def test_it_prints_time_and_retrieval_of_each_method(tiny_data, tmp_path, capsys):
    words.main(["--data", tiny_data.data_folder, "--out", str(tmp_path / "figures.json")])
    assert capsys.readouterr().out.count("AUC 0.") == 3
    figures = json.loads((tmp_path / "figures.json").read_text())[tiny_data.data_folder]
    assert set(figures) == {"counts", "word2vec", "word2vec in the same time"}
    assert all(0 < found["auc"] < 1 and found["cpu"] > 0 for found in figures.values())


def test_counts_are_measured_on_a_shape(monkeypatch, capsys):
    monkeypatch.setitem(shapes.SHAPES, "toys", shapes.Shape(500, 41, 37, 5, 7, 31, 101, 7, 5))
    words.main(["--shape", "toys"])
    assert capsys.readouterr().out.startswith("toys: counts of ")


def test_own_reviews_are_found_where_each_user_has_words_of_his_own():
    artefact = build(reviews(253, 11, 23, text=lambda row: f"word{row % 11} word{row % 11} the"))
    own, none = np.eye(len(artefact.vocabulary), dtype=np.float32), np.zeros((len(artefact.vocabulary), 3), np.float32)
    assert words.own_auc(artefact, own) > .99 and words.own_auc(artefact, none) == .5
    texts = words.training_texts(artefact)
    assert sum(map(len, texts)) == (artefact.review_tokens[artefact.train.review] > contract.UNKNOWN).sum()
