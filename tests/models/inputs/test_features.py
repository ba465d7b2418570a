"""The arrays that the network reads, compared with dense numpy; the own review is in none of them."""
import numpy as np
import pytest

from models.inputs import baselines, expected_words
from models.inputs.expected_words import DAMPING
from models.inputs.features import Corpus
from preprocessing import bag
from tests.models.building import VARIANTS, artefact, config, corpus, named

A = artefact()
EVERY = np.arange(len(A.review_tokens))  # row of a review
TRAIN = A.train


def of_training(of_corpus, rows=slice(None)):
    return of_corpus.pairs(TRAIN.user[rows], TRAIN.item[rows], TRAIN.review[rows], TRAIN.rating[rows])


@pytest.fixture(scope="module")
def default():
    return corpus(config(), A)


def test_the_own_review_is_in_no_slot(default):
    pairs = of_training(default)
    assert not (pairs.user_slots == TRAIN.review[:, None]).any()
    assert not (pairs.item_slots == TRAIN.review[:, None]).any()
    kept = corpus(config(leave_target_out=False), A)
    assert (of_training(kept).item_slots == TRAIN.review[:, None]).any(1).mean() > .5


def test_all_other_reviews_are_in_the_slots(default):
    pairs = of_training(default)
    for slots, table, ids in ((pairs.user_slots, A.user_reviews, TRAIN.user),
                              (pairs.item_slots, A.item_reviews, TRAIN.item)):
        for row in range(len(ids)):
            assert set(slots[row]) - {0} == set(table[ids[row]]) - {0, TRAIN.review[row]}


def test_an_own_review_without_words_is_no_own_review(default):
    empty = np.nonzero(A.review_length[TRAIN.review] == 0)[0]
    assert len(empty) and not of_training(default, empty).own.any()
    written = np.nonzero(A.review_length[TRAIN.review])[0]
    np.testing.assert_array_equal(of_training(default, written).own, TRAIN.review[written])


def test_offset_and_residuals_leave_the_own_rating_out(default):
    pairs, offsets = of_training(default), default.offsets
    user_offset, item_offset = offsets.leave_out(TRAIN.user, TRAIN.item, TRAIN.rating)
    np.testing.assert_allclose(pairs.offset, offsets.mean + user_offset + item_offset, atol=1e-6)
    for row in range(len(TRAIN.user)):
        for slot, review in enumerate(pairs.item_slots[row]):
            author = offsets.user[A.review_user[review]]
            wanted = A.review_rating[review] - offsets.mean - author - item_offset[row]
            wanted = wanted if review else 0
            assert abs(pairs.residuals[row, slot] - wanted) < 1e-5


def test_held_out_pairs_read_the_offsets_as_they_are(default):
    test = A.test
    pairs = default.pairs(test.user, test.item, test.review)
    np.testing.assert_allclose(pairs.offset, default.offsets.predict(test.user, test.item),
                               atol=1e-6)


@pytest.mark.parametrize("fields, offset", [(dict(), "mean"), (dict(rating_offset="none"), 0)])
def test_learned_offsets_are_added_to_the_mean_or_to_zero(fields, offset):
    made = corpus(config("drawing", **fields), A)
    wanted = made.offsets.mean if offset == "mean" else 0
    np.testing.assert_allclose(of_training(made).offset, wanted, atol=1e-6)


def test_features_against_dense_numpy(default):
    pairs = of_training(default)
    held_out = np.ones(len(A.review_tokens), bool)
    held_out[TRAIN.review] = False
    bags = bag.tfidf(A.review_tokens, A.document_frequency, A.meta["training_reviews"],
                     held_out).toarray()
    cross, inputs, expected = default.cross_likeness(pairs), default.inputs(pairs)[0], default.to_others.words
    mean_bag = bags[TRAIN.review].sum(0) / A.meta["training_reviews"]
    for row in range(len(TRAIN.user)):
        user_bags = [bags[review] for review in pairs.user_slots[row] if review]
        mean = np.mean(user_bags, 0) if user_bags else np.zeros(bags.shape[1])
        np.testing.assert_allclose(pairs.wrote[row].toarray()[0], mean, atol=1e-6)
        for slot, review in enumerate(pairs.item_slots[row]):
            others = [bags[other] for other in pairs.item_slots[row] if other and other != review]
            typical = bags[review] @ np.mean(others, 0) if review and others else 0
            assert abs(pairs.typicality[row, slot] - typical) < 1e-5
            query = (mean - mean_bag) / np.linalg.norm(mean - mean_bag)
            wanted = bags[review] @ query if user_bags else 0
            assert abs(pairs.lexical[row, slot] - wanted) < 1e-5
            bag_expected = np.sum(others, 0) / (len(others) + DAMPING) * expected.repeat + expected.usual
            assert abs(inputs.expected[row, slot] - bags[review] @ bag_expected) < 1e-5
        wanted = bags[pairs.own] @ (mean - mean_bag) / np.linalg.norm(mean - mean_bag) if user_bags else 0
        np.testing.assert_allclose(cross[row], wanted + np.zeros(len(pairs.own)), atol=1e-5)
    assert pairs.lexical.max() > .1 and pairs.typicality.max() > .1 and inputs.expected.max() > .01


def test_expected_words_are_those_of_training_reviews_alone(default):
    held_out = np.ones(len(A.review_tokens), bool)
    held_out[TRAIN.review] = False
    tokens = A.review_tokens.copy()
    tokens[held_out] = np.where(tokens[held_out] > 0, len(A.vocabulary) - 1, 0)
    other = corpus(config(), A._replace(review_tokens=tokens))
    assert (other.bags != default.bags).nnz
    for part, same in zip(other.to_others.words, default.to_others.words):
        np.testing.assert_array_equal(part, same)
    rows = np.unique(TRAIN.review[A.review_length[TRAIN.review] > 0])
    found = expected_words.learn(default.bags, A.review_item, rows)
    np.testing.assert_array_equal(default.to_others.words.repeat, found.repeat)
    assert found.repeat.any()


def test_usefulness_is_computed_only_where_it_has_a_weight(default):
    part = TRAIN.user[:5], TRAIN.item[:5], TRAIN.review[:5], TRAIN.rating[:5]
    for pairs in (default.pairs(*part, with_usefulness=False), corpus(config("drawing"), A).pairs(*part)):
        assert not pairs.typicality.any() and not pairs.expected.any()
        assert pairs.expected.shape == pairs.item_slots.shape
    assert default.pairs(*part).expected.any()


def test_likeness_that_is_not_centred(default):
    plain = corpus(config(centred_likeness=False, unit_likeness=False), A)
    pairs = of_training(plain)
    np.testing.assert_allclose(pairs.lexical, plain.likeness(pairs.item_slots, pairs.wrote), atol=1e-6)
    np.testing.assert_allclose(plain.topics(EVERY), plain.bags.toarray() @ A.word_topics, atol=1e-5)
    assert abs(pairs.lexical - of_training(default).lexical).max() > .05


def test_topics_and_distinct_words(default):
    bags = default.bags.toarray()
    centred = (bags - A.mean_bag) * bags.any(1)[:, None]
    np.testing.assert_allclose(default.topics(EVERY), centred @ A.word_topics, atol=1e-5)
    for row, tokens in enumerate(A.review_tokens):
        assert default.log_words[row] == pytest.approx(np.log(1 + len(set(tokens) - {0})), abs=1e-6)


@pytest.mark.parametrize("name", ["default", "drawing", "original"] + sorted(VARIANTS))
def test_packed_reviews_equal_the_rows_of_the_artefact(name):
    """The slots of packed inputs and the own review point at the tokens of the right reviews."""
    made = corpus(named(name), A)
    pairs = of_training(made, slice(0, 9))
    inputs, own = made.inputs(pairs)
    for side, table in ((inputs.user, pairs.user_slots), (inputs.item, pairs.item_slots)):
        width = side.tokens.shape[1]
        np.testing.assert_array_equal(side.tokens[side.slots], A.review_tokens[table][..., :width])
        np.testing.assert_allclose(side.topics[side.slots], made.topics(EVERY)[table], atol=1e-6)
        assert not A.review_tokens[table][..., width:].any()
        assert not side.tokens[0].any() and len(np.unique(side.tokens, axis=0)) <= len(side.tokens)
    np.testing.assert_array_equal(inputs.item.tokens[own],
                                  A.review_tokens[pairs.own][:, :inputs.item.tokens.shape[1]])
    np.testing.assert_array_equal(inputs.item.counterparts[pairs.item_slots > 0],
                                  A.review_user[pairs.item_slots][pairs.item_slots > 0])
    text_query = made.config.text_query
    heard = inputs.item.tokens[inputs.item.other_slots]
    wanted = A.review_tokens[pairs.user_slots][..., :heard.shape[-1]] if text_query else 0
    np.testing.assert_array_equal(heard, np.zeros_like(heard) + wanted)


def test_the_test_split_is_never_read():
    """Changed ratings of the test split change no array."""
    stars, poison = A.review_rating.copy(), np.full(len(A.test.rating), np.nan, np.float32)
    stars[A.test.review] = np.nan
    poisoned = A._replace(review_rating=stars, test=A.test._replace(rating=poison))
    offsets = baselines.choose_offsets(TRAIN, A.validation, 5, 7)
    for one, other in zip(*(of_training(Corpus(a, config(), offsets)) for a in (A, poisoned))):
        np.testing.assert_array_equal(*(part if isinstance(part, np.ndarray) else part.toarray()
                                        for part in (one, other)))
