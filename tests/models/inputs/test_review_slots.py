"""Which reviews fill the slots of training, and which a catalogue is ranked with."""
import numpy as np
import pytest

from models.inputs import review_slots
from preprocessing import artefact as contract
from tests.models.building import artefact, config, corpus

A = artefact()
TRAIN = A.train


@pytest.mark.parametrize("selection, key", [("latest", A.review_time), ("helpful", A.review_helpful)])
def test_rows_are_in_the_order_of_the_selection(selection, key):
    rows = contract.training_rows(A)
    assert review_slots.preferred(A, selection, 0).tolist() == sorted(rows, key=lambda row: (-key[row], row))


def test_a_random_order_holds_each_row_once():
    rows, shuffled = contract.training_rows(A), review_slots.preferred(A, "random", seed=3)
    assert sorted(shuffled) == sorted(rows) and not np.array_equal(shuffled, rows)
    assert np.array_equal(shuffled, review_slots.preferred(A, "random", seed=3))


@pytest.mark.parametrize("selection, key", [("latest", A.review_time), ("helpful", A.review_helpful)])
def test_selections_fill_the_slots_by_their_order(selection, key):
    made = corpus(config(review_selection=selection), A)
    assert not np.array_equal(made.item_slots, A.item_reviews)
    for item, slots in enumerate(made.item_slots):
        mine = sorted(row for row in TRAIN.review if A.review_item[row] == item
                      and A.review_length[row])
        wanted = sorted(mine, key=lambda row: -key[row])[:len(slots)]
        assert slots.tolist() == wanted + [0] * (len(slots) - len(wanted))


def test_a_random_selection_depends_on_the_seed():
    one, again, other = (corpus(config(review_selection="random", seed=seed), A).item_slots
                         for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other) and set(other.ravel()) <= set(TRAIN.review) | {0}


def test_all_training_reviews_are_served():
    written = {row for row in TRAIN.review if A.review_length[row]}
    for table in corpus(config(), A).served_slots:
        assert sorted(table[table > 0]) == sorted(written)
    original = corpus(config("original"), A)
    assert original.served_slots.user is original.user_slots
