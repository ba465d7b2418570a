"""The weights are chosen on validation items alone: a planted part is found, a worthless one is left out."""
import numpy as np
import pytest

from models.ranking import held_out, weights


def planted(noise=0., users=60, items=31, seed=3):
    """(HeldOut, [m, I] values that place the held-out items first up to noise)."""
    random = np.random.RandomState(seed)
    taste = random.normal(0, 1, (users, items))
    item = (taste + random.normal(0, noise + 1e-9, taste.shape)).argmax(1)
    known = np.zeros((users, items), bool)
    known[np.arange(users), (item + 1) % items] = True
    return held_out.HeldOut(np.arange(users), np.arange(users), item, np.full(users, 5.), known), taste


def parts_of(**values):
    return {name: weights.Part(np.asarray(value, float)) for name, value in values.items()}


def test_the_part_that_ranks_is_chosen_and_noise_is_left_out():
    test, taste = planted()
    noise = np.random.RandomState(9).normal(0, 1, taste.shape)
    choice = weights.search(parts_of(purchases=noise, evidence=taste, popularity=noise[::-1]), test, 3)
    assert set(choice.weights) == {"evidence"} and choice.ndcg == 1


def test_two_parts_that_need_each_other_are_both_chosen():
    test, taste = planted()
    half = np.random.RandomState(4).rand(*taste.shape) * 6
    choice = weights.search(parts_of(purchases=taste / 2 + half, evidence=taste / 2 - half), test, 3)
    alone = [weights.search(parts_of(part=values), test, 3).ndcg for values in (taste / 2 + half, taste / 2 - half)]
    assert set(choice.weights) == {"purchases", "evidence"} and choice.ndcg > max(alone) + .2


def test_no_setting_of_the_family_is_better_than_the_search_by_more_than_its_error():
    test, taste = planted(noise=1.)
    random = np.random.RandomState(5)
    values = dict(purchases=taste + random.normal(0, 1, taste.shape), evidence=taste + random.normal(0, 2, taste.shape),
                  popularity=random.normal(0, 1, taste.shape))
    choice = weights.search(parts_of(**values), test, 3)
    for name, value in values.items():
        alone = weights.search(parts_of(**{name: value}), test, 3)
        assert choice.ndcg >= alone.ndcg - alone.by_user.std() / np.sqrt(len(test.users))


def test_training_items_are_not_ranked_and_equal_scores_share_a_place():
    test, taste = planted()
    constant = weights.Part(np.zeros(taste.shape))
    alike = weights.ndcg(constant.values, test, 10)
    assert alike.mean() == pytest.approx(0)  # 30 candidates: the middle is below the first ten
    few = held_out.HeldOut(*(test[:4]), np.ones_like(test.in_training))
    few.in_training[np.arange(60), test.item] = False
    assert weights.reached({"a": constant}, {"a": 1.}, few).ndcg == 1  # nothing else is left


def test_the_grid_holds_each_part_alone_and_its_settings_add_up_to_1():
    settings = weights._grid(3)
    np.testing.assert_allclose(settings.sum(1), 1)
    assert (settings >= 0).all() and len(np.unique(settings.round(9), axis=0)) == len(settings)
    for alone in np.eye(3):
        assert (settings == alone).all(1).any()


def test_the_weights_are_those_of_the_seed():
    test, taste = planted(noise=2.)
    parts = parts_of(purchases=taste, popularity=np.random.RandomState(8).normal(0, 1, taste.shape))
    first, again, other = (weights.search(parts, test, seed).weights for seed in (1, 1, 2))
    assert first == again and sum(first.values()) == pytest.approx(1)
    assert first["purchases"] == pytest.approx(other["purchases"], abs=.1)
