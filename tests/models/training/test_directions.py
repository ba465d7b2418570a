"""The directions in which keys start: planted ones are found, and laws of the estimate."""
import numpy as np
import pytest

from models.training import directions
from models.training.trainer import Trainer
from tests.models.building import artefact, config, corpus

OWNERS, EACH, TOPICS = 31, 7, 5
STEADY, NOISY = 1, 3  # columns of the topics: one tells the owner, one varies most


def planted(seed=0):
    """(topics [n, D], owner [n])."""
    random = np.random.RandomState(seed)
    owner = random.permutation(np.repeat(np.arange(OWNERS), EACH))
    topics = random.normal(0, .1, (len(owner), TOPICS))
    topics[:, STEADY] += random.normal(0, .3, OWNERS)[owner]
    topics[:, NOISY] += random.normal(0, 2., len(owner))
    return topics.astype(np.float32), owner


def found(topics, owner, dim=4, owners=OWNERS, size=1000):
    starts = range(0, len(owner), size)
    return directions.directions(((topics[start:start + size], owner[start:start + size]) for start in starts),
                                 owners, dim)


def test_the_direction_that_tells_the_owner_comes_first_and_noise_has_no_weight():
    keys = found(*planted())
    assert keys.shape == (TOPICS, 4) and keys.dtype == np.float32
    length = np.linalg.norm(keys, axis=1)
    assert np.argmax(np.abs(keys[:, 0])) == STEADY and np.argmax(length) == STEADY
    assert length[NOISY] < .2 * length[STEADY]


def test_topics_that_do_not_vary_change_nothing(monkeypatch):
    monkeypatch.setattr(directions, "CHIEF", TOPICS)
    topics, owner = planted()
    more = found(np.hstack([topics, np.zeros((len(topics), 3), np.float32)]), owner)
    np.testing.assert_allclose(np.abs(more[:TOPICS]), np.abs(found(topics, owner)), atol=1e-4)
    assert not more[TOPICS:].any()


def test_what_all_reviews_have_in_common_tells_no_owner():
    topics, owner = planted()
    common = np.array([3, 0, 1, -2, .5], np.float32)
    plain, shifted = found(topics, owner), found(topics + common, owner)
    plain, shifted = (np.abs(keys) / np.linalg.norm(keys) for keys in (plain, shifted))  # the length is that of topics
    np.testing.assert_allclose(shifted, plain, atol=2e-3)


def test_keys_are_as_long_as_topics():
    topics, owner = planted()
    keys = topics @ found(topics, owner, TOPICS)
    assert (keys ** 2).sum() == pytest.approx((topics ** 2).sum(), rel=1e-4)


def test_neither_chunks_nor_the_order_nor_numbers_without_a_review_change_anything():
    topics, owner = planted()
    whole = found(topics, owner)
    order = np.random.RandomState(1).permutation(len(owner))
    for other in (found(topics, owner, size=13), found(topics[order], owner[order]),
                  found(topics, 2 * owner, owners=2 * OWNERS)):
        np.testing.assert_allclose(np.abs(other), np.abs(whole), atol=2e-3)


def test_sums_in_a_file_and_owners_in_blocks_change_nothing(monkeypatch):
    topics, owner = planted()
    whole = found(topics, 2 * owner, owners=2 * OWNERS)
    monkeypatch.setattr(directions, "OWNERS", 5)
    monkeypatch.setattr("runtime.scratch.IN_MEMORY", 0)
    np.testing.assert_allclose(found(topics, 2 * owner, owners=2 * OWNERS), whole, rtol=1e-5, atol=1e-6)


def test_more_directions_than_topics_are_0():
    keys = found(*planted(), dim=9)
    assert keys.shape == (TOPICS, 9) and not keys[:, TOPICS:].any() and keys[:, :2].any(0).all()


@pytest.mark.parametrize("owner", [np.zeros(4, int), np.arange(4)])
def test_one_owner_or_one_review_each_tell_nothing(owner):
    assert found(np.random.RandomState(0).rand(4, 3).astype(np.float32), owner) is None


def test_equal_reviews_tell_nothing():
    assert found(np.zeros((6, 3), np.float32), np.array([0, 0, 0, 1, 1, 1])) is None


@pytest.mark.parametrize("side", ["user", "item"])
def test_no_held_out_review_is_read(side):
    a = artefact()
    tokens = a.review_tokens.copy()
    for split in (a.validation, a.test):
        tokens[split.review] = tokens[split.review][:, ::-1] // 2
    before, after = (directions.of_corpus(corpus(config(), each), side, 3)
                     for each in (a, a._replace(review_tokens=tokens)))
    assert before.any()
    np.testing.assert_array_equal(before, after)


def test_a_training_starts_in_them_and_with_identity_in_the_topics(tmp_path):
    for start in ("owners", "identity"):
        trainer = Trainer(config(bag_start=start), artefact(), str(tmp_path))
        for tower, side in ((trainer.network.item, "user"), (trainer.network.user, "item")):
            expected = np.eye(*tower.key_bag.shape.as_list()) if start == "identity" else directions.of_corpus(
                trainer.corpus, side, trainer.config.attention_dim)
            np.testing.assert_allclose(trainer.session.run(tower.key_bag), expected, atol=1e-6)


def test_a_corpus_whose_owners_cannot_be_told_apart_starts_in_the_topics(tmp_path, monkeypatch, caplog):
    caplog.set_level("INFO")
    monkeypatch.setattr(directions, "of_corpus", lambda *arguments: None)
    trainer = Trainer(config(), artefact(), str(tmp_path))
    np.testing.assert_array_equal(trainer.session.run(trainer.network.item.key_bag),
                                  np.eye(*trainer.network.item.key_bag.shape.as_list()))
    assert "keys start as the topics" in caplog.text
