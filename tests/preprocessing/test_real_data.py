"""Known numbers of real data sets, if their files exist in the folder REVIEW_DATA (default: ../shared/data)."""
import os

import numpy as np
import pytest

from preprocessing import readers
from preprocessing.tokenise import tokenise
from runtime.project import ROOT

DATA = os.environ.get("REVIEW_DATA", os.path.join(os.path.dirname(ROOT), "shared", "data"))


def real(name):
    """The path of a real file; skips the test if there is none."""
    path = os.path.join(DATA, name)
    if not os.path.isfile(path):
        pytest.skip(f"no {name} in {DATA}; name its folder in REVIEW_DATA")
    return path


@pytest.fixture(scope="module")
def instruments():
    return readers.read_reviews(real("reviews_Musical_Instruments_5.json.gz"))


def test_numbers_of_musical_instruments(instruments):
    reviews, dropped = instruments
    assert (len(reviews), sum(dropped.values())) == (10261, 0)
    assert round(np.mean([review.rating for review in reviews]), 4) == 4.4887
    assert sum(review.text == "" for review in reviews) == 7
    assert (len(reviews.user_ids), len(reviews.item_ids)) == (1429, 900)
    assert min(np.bincount(reviews.user)) >= 5 and min(np.bincount(reviews.item)) >= 5


def test_word_counts_of_musical_instruments(instruments):
    words = [len(tokenise(review.text)) for review in instruments[0]]
    assert (np.median(words), np.percentile(words, 90)) == (54, 195)


def test_digital_music_has_metadata_of_its_items():
    reviews, dropped = readers.read_reviews(real("reviews_Digital_Music_5_subset.json.gz"))
    items = readers.read_items(real("meta_Digital_Music_subset.json.gz"))
    assert len(reviews) > 1000 and sum(dropped.values()) == 0
    described = {review.item_id for review in reviews} & set(items)
    assert len(described) > 100 and all(items[item].category for item in described)


def test_votes_of_gift_cards():
    reviews, _ = readers.read_reviews(real("Gift_Cards_5.json.gz"))
    assert len(reviews) == 2965
    # The layout of 2018 gives the number of helpful votes, not the number of all votes.
    votes = [review.helpful_up for review in reviews if review.helpful_up is not None]
    assert (len(votes), sum(votes), max(votes)) == (208, 1073, 60)
    assert {review.helpful_total for review in reviews} == {None}
    assert readers.read_items(real("meta_Gift_Cards_subset.json.gz"))
