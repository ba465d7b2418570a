"""The comparison of descriptions runs on a small corpus; planted content and planted marks are told apart."""
import json

import numpy as np
import pytest

from benchmarks.corpora import texts
from evaluation.systems import system
from preprocessing.tokenise import Unicode
from runtime.cli import UserError
from tests.preprocessing.writing import reviews, write


def made(folder, text):
    """The folder of an artefact of 253 reviews by 11 users."""
    write(reviews(253, 11, 23, text=text), folder)
    return str(folder)


def written(row):
    """A text whose content is its user's, and whose marks are those of another group of users."""
    own, other = "abcdefghijk"[row % 11] * 3, "lmnopqr"[row % 7] * 3
    return f"{own} {own} {other}" + "!?;-"[row % 11 % 4] * 3


def test_it_prints_every_description_and_its_difference_from_tfidf(tiny_data, tmp_path, capsys):
    count = len(system.data_of(tiny_data.data_folder).artefact.review_length) - 1
    np.save(str(tmp_path / "given.npy"), np.random.RandomState(0).rand(count, 5))
    texts.main(["--data", tiny_data.data_folder, "--vectors", str(tmp_path / "given.npy"), "--out",
                str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text())
    names = [line[:40].strip() for line in capsys.readouterr().out.splitlines()]
    assert sorted(names) == sorted(figures) and names[0] == "TF-IDF" and names[-1] == "given vectors"
    for found in figures.values():
        assert 0 < found["retrieval_auc_centred"] < 1
        for measure in texts.MEASURES:
            assert found["difference"][measure]["difference"] == pytest.approx(
                found[measure] - figures["TF-IDF"][measure], abs=1e-9)
    np.save(str(tmp_path / "given.npy"), np.zeros((count + 1, 5)))
    with pytest.raises(UserError, match=f"{count + 1} rows for the {count} reviews"):
        texts.main(["--data", tiny_data.data_folder, "--vectors", str(tmp_path / "given.npy")])


@pytest.mark.parametrize("given", [np.zeros(5), np.full((5, 2), np.nan), np.array([["a", "b"]])])
def test_vectors_that_are_no_table_of_numbers_are_one_line(tiny_data, tmp_path, given):
    np.save(str(tmp_path / "given.npy"), given)
    with pytest.raises(UserError, match="given.npy: holds no table of finite numbers"):
        texts.main(["--data", tiny_data.data_folder, "--vectors", str(tmp_path / "given.npy")])


def test_tfidf_is_the_likeness_of_the_network_and_only_marks_tell_marks(tmp_path):
    asked = texts.Reviews(system.data_of(made(tmp_path / "data", written)), 0)
    likeness = dict(texts.descriptions(asked, None))
    wrote, rows = asked.corpus.wrote(np.arange(11)), np.arange(254)
    np.testing.assert_allclose(likeness["TF-IDF"], asked.corpus.personal_likeness_of_all(rows, wrote), atol=1e-5)
    for name in ("TF-IDF", "300 topics", "best sentence", "nearest review"):
        assert np.nanmean(asked.measured(likeness[name])["retrieval_auc_centred"]) > .95, name
    marks = likeness["marks and numbers alone"][:, asked.rows]
    same = (asked.artefact.review_user[asked.rows] % 4)[None] == np.arange(11)[:, None] % 4
    assert marks[same].min() > marks[~same].max()


def test_the_mean_of_the_others_leaves_a_review_out(tmp_path):
    asked = texts.Reviews(system.data_of(made(tmp_path / "data", written)), 0)
    others, a = asked.of_others(asked.corpus.bags).toarray(), asked.artefact
    row = asked.rows[17]
    same = asked.rows[(a.review_item[asked.rows] == a.review_item[row]) & (asked.rows != row)]
    np.testing.assert_allclose(others[row], asked.corpus.bags[same].toarray().mean(0), atol=1e-6)
    assert not others[a.test.review].any()


def test_words_after_a_negation_are_other_terms():
    text = "It is not loud, but good. Never cheap!"
    assert texts.negated(text, Unicode.placed(text)) == "it is not not_loud but good never not_cheap".split()


def test_a_corpus_that_is_too_large_is_refused(tiny_data, monkeypatch):
    monkeypatch.setattr(texts, "MOST", 100)
    with pytest.raises(UserError, match="too many for"):
        texts.main(["--data", tiny_data.data_folder])
