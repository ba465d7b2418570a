"""The benchmark of large catalogues on small ones: its figures are complete, and its corpora have genres."""
import json

import numpy as np
import pytest

from benchmarks import random_order, shapes
from benchmarks.serving import items
from preprocessing import artefact as contract
from serving import signatures as wire


@pytest.mark.slow
def test_the_figures_of_both_exports_are_complete(in_this_process, tmp_path):
    out = tmp_path / "figures.json"
    items.main(["--items", "61", "--items", "131", "--reviews_per_item", "3", "--requests", "3", "--words", "7",
                "--out", str(out)])
    for items_of_size, figures in zip((61, 131), json.loads(out.read_text())["sizes"]):
        assert figures["items"] == items_of_size and figures["reviews_per_item"] == 3
        assert 0 <= figures["recall"] <= 1 and figures["choice"]["stages"] == 2
        for name in (items.EXACT, items.STAGES):
            assert all(figures[name][key] > 0 for key in ("seconds", "cpu_seconds", "peak_mib", "mib", "resident_mib"))
            assert all(0 < figures[name][wire.FOLD_IN][key] for key in ("p50", "cpu"))


def test_users_and_words_of_a_genre_are_those_of_its_items():
    shape = shapes.Shape(6007, 601, 307, 5, 9, 11, 997, 3, 4, genres=7, least=1)
    plain, genres = shapes.build(shape._replace(genres=1)), shapes.build(shape)
    alike = [(a.review_user[1:] % 7 == a.review_item[1:] % 7).mean() for a in (plain, genres)]
    assert alike[0] < .2 and alike[1] > .5
    of_genre = [[np.bincount(a.review_tokens[1:][a.review_item[1:] % 7 == genre].ravel(), minlength=997)[2:]
                 for genre in (1, 2)] for a in (plain, genres)]
    likeness = [np.corrcoef(*counts)[0, 1] for counts in of_genre]
    assert likeness[0] > .9 and likeness[1] < .8
    np.testing.assert_array_equal(*(np.bincount(a.review_user[1:], minlength=601) for a in (plain, genres)))
    contract.check(genres)


def test_a_large_random_matrix_has_at_most_as_many_entries_in_each_column():
    matrix = random_order.sparse_matrix(np.arange(1., 4002.) ** 2, 7, np.random.RandomState(0))
    counts = np.diff(matrix.tocsc().indptr)
    assert matrix.shape == (4001, 4001) and counts.max() <= 7 and counts.mean() > 6.9
    assert not matrix.diagonal().any()


@pytest.mark.parametrize("wrong", [["--items", "0"], ["--items", "x"], ["--requests", "0"], ["--words", "-1"],
                                   ["--reviews_per_item", "0"]])
def test_wrong_flags_are_refused(wrong):
    with pytest.raises(SystemExit):
        items.parse_args(wrong)
