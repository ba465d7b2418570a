"""Small corpora: one user, one item, one review of each, equal texts: an artefact, or one clear line."""
import logging

import pytest

from preprocessing import artefact as contract
from runtime.cli import UserError
from tests.preprocessing.writing import SMALL, build, reviews

KINDS = {
    "one user": lambda row, review: review._replace(user_id="u", item_id=f"i{row}"),
    "one item": lambda row, review: review._replace(user_id=f"u{row}", item_id="i"),
    "one review each": lambda row, review: review._replace(user_id=f"u{row}", item_id=f"i{row}"),
    "equal texts": lambda row, review: review._replace(text="loud and quiet"),
    "equal words": lambda row, review: review._replace(text="loud"),
    "one text": lambda row, review: review._replace(text="" if row % 2 else review.text)}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [10, 11, 33])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_small_corpus_is_an_artefact(kind, count):
    rows = [KINDS[kind](row, review) for row, review in enumerate(reviews(count))]
    artefact = contract.check(build(rows, SMALL._replace(topics=128)))
    assert artefact.meta["sizes"]["N"] == count and artefact.meta["sizes"]["D"] < 128


def test_topics_that_are_more_than_the_corpus_allows_are_lowered_and_that_is_said(caplog):
    with caplog.at_level(logging.INFO, "recsys"):
        topics = build(reviews(33), SMALL._replace(topics=128)).meta["sizes"]["D"]
        assert f"26 training reviews with text: topics lowered from 128 to {topics}" in caplog.text
        caplog.clear()
        build(reviews(33), SMALL)
    assert "lowered" not in caplog.text


@pytest.mark.parametrize("count", [1, 4])
def test_too_few_reviews_for_three_splits_are_one_line(count):
    with pytest.raises(UserError, match="give 10 or more"):
        build(reviews(count))
