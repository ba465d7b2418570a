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


def part(values):
    return weights.Part(np.asarray(values, float))


def reached(choice, parts, forms, test):
    """nDCG@10 [m] of a Choice."""
    values = sum(weight * each.values for weight, each in zip(np.append(choice.parts, choice.forms), parts + forms))
    return weights.ndcg(values, test, 10)


def test_the_part_that_ranks_is_chosen_and_noise_is_left_out():
    test, taste = planted()
    noise = np.random.RandomState(9).normal(0, 1, taste.shape)
    choice = weights.search([part(noise), part(noise[::-1])], [part(noise[:, ::-1]), part(taste)], (), test, 3)
    np.testing.assert_allclose(np.append(choice.parts, choice.forms), [0, 0, 0, 1], atol=1e-9)


def test_the_form_that_orders_best_alone_is_told_where_no_form_has_a_weight():
    test, taste = planted()
    random = np.random.RandomState(9)
    weak = [part(random.normal(0, 1, taste.shape)), part(taste + random.normal(0, 3, taste.shape))]
    choice = weights.search([part(taste)], weak, (), test, 3)
    assert not choice.forms.any() and choice.parts.sum() == pytest.approx(1)
    assert choice.alone.sum() == pytest.approx(1) and choice.alone[1] > .9


def test_two_parts_that_need_each_other_are_both_chosen():
    test, taste = planted()
    half = np.random.RandomState(4).rand(*taste.shape) * 6
    first, second = part(taste / 2 + half), part(taste / 2 - half)
    choice = weights.search([first], [second], (), test, 3)
    assert min(choice.parts[0], choice.forms[0]) > .2
    alone = [weights.ndcg(each.values, test, 10).mean() for each in (first, second)]
    assert reached(choice, [first], [second], test).mean() > max(alone) + .2


def test_no_part_alone_is_better_than_the_search_by_more_than_its_error():
    test, taste = planted(noise=1.)
    random = np.random.RandomState(5)
    parts = [part(taste + random.normal(0, 1, taste.shape)), part(random.normal(0, 1, taste.shape))]
    forms = [part(taste + random.normal(0, 2, taste.shape))]
    found = reached(weights.search(parts, forms, (), test, 3), parts, forms, test)
    for each in parts + forms:
        alone = weights.ndcg(each.values, test, 10)
        assert found.mean() >= alone.mean() - alone.std() / np.sqrt(len(test.users))


def test_forms_that_rank_alike_share_the_samples_and_a_form_may_be_missing():
    test, taste = planted(noise=1.)
    random = np.random.RandomState(6)
    forms = [part(taste + random.normal(0, 1, taste.shape)) for _ in range(3)]
    choice = weights.search([part(random.normal(0, 1, taste.shape))], iter(forms), (), test, 3)
    assert choice.forms.shape == (3,) and (choice.forms < .9).all()
    assert choice.parts.sum() + choice.forms.sum() == pytest.approx(1)
    without = weights.search([part(taste)], (), (), test, 3)
    assert without.parts.tolist() == [1.] and without.forms.shape == without.alone.shape == (0,)


def test_richer_forms_are_taken_where_they_lead_for_users_who_did_not_choose_them():
    test, taste = planted()
    random = np.random.RandomState(9)
    weak, noise = taste + random.normal(0, 3, taste.shape), random.normal(0, 1, taste.shape)
    taken = weights.search([part(noise)], [part(weak)], [part(taste)], test, 3)
    assert taken.forms.shape == (2,) and taken.forms[1] > .9 and taken.alone[1] > .9
    for richer in ([part(noise[::-1])], [part(weak)], [part(random.normal(0, 1, taste.shape)) for _ in range(3)]):
        plain = weights.search([part(noise)], [part(taste)], (), test, 3)
        kept = weights.search([part(noise)], [part(taste)], richer, test, 3)
        assert kept.forms.tolist() == plain.forms.tolist() + [0] * len(richer)
        assert (kept.parts == plain.parts).all() and kept.alone[0] == plain.alone[0]


def test_a_lead_is_measured_on_the_users_outside_of_each_sample():
    random = np.random.RandomState(7)
    measures = random.normal(0, 1, (4, 40))
    one, other = (weights.BestOfSamples(40, 3) for _ in range(2))
    for by_user in measures[:2]:
        one.add(by_user)
        other.add(by_user)
    assert not one.leads(other)
    for by_user in measures[2:]:
        one.add(by_user)
    drawn = np.random.RandomState(3).multinomial(40, np.full(40, 1 / 40), weights.SAMPLES)
    lead = np.zeros(40)
    for user in range(40):
        outside = np.flatnonzero(drawn[:, user] == 0)
        lead[user] = np.mean([measures[one.setting[k], user] - measures[other.setting[k], user] for k in outside])
    assert one.leads(other) == (lead.mean() > lead.std() / np.sqrt(40))
    one.add(measures[2] + 9)
    assert one.leads(other) and not other.leads(one)


def test_each_sample_has_its_best_setting():
    random = np.random.RandomState(7)
    by_user = np.stack([np.zeros(40), random.normal(.1, 1, 40), np.full(40, -1.)])

    def best(settings):
        of_samples = weights.BestOfSamples(40, 3)
        for setting in settings:
            of_samples.add(by_user[setting])
        return of_samples.setting

    assert set(best([0, 1, 2])) == {0, 1} and len(best([0])) == weights.SAMPLES
    assert (best([0, 0]) == 0).all()  # of equal ones the first
    np.testing.assert_array_equal(best([0, 1]) == 0, best([1, 0]) == 1)
    drawn = np.random.RandomState(3).multinomial(40, np.full(40, 1 / 40), weights.SAMPLES)
    np.testing.assert_array_equal(best([0, 1, 2]), np.argmax(by_user @ drawn.T, 0))


def test_training_items_are_not_ranked_and_equal_scores_share_a_place():
    test, taste = planted()
    constant = weights.Part(np.zeros(taste.shape))
    alike = weights.ndcg(constant.values, test, 10)
    assert alike.mean() == pytest.approx(0)  # 30 candidates: the middle is below the first ten
    few = held_out.HeldOut(*(test[:4]), np.ones_like(test.in_training))
    few.in_training[np.arange(60), test.item] = False
    assert weights.ndcg(constant.values, few, 10).mean() == 1  # nothing else is left


def test_items_whose_score_is_nan_are_ranked_below_all_others():
    test, taste = planted()
    scores = taste.copy()
    scores[test.row, test.item] = np.nan
    assert (weights.in_catalogue(scores, test) < weights.in_catalogue(taste, test)).all()
    assert weights.ndcg(scores, test, 10).max() == 0


def test_the_grid_holds_each_part_alone_and_its_settings_add_up_to_1():
    settings = weights.grid(3)
    np.testing.assert_allclose(settings.sum(1), 1)
    assert (settings >= 0).all() and len(np.unique(settings.round(9), axis=0)) == len(settings)
    for alone in np.eye(3):
        assert (settings == alone).all(1).any()


def test_the_weights_are_those_of_the_seed():
    test, taste = planted(noise=2.)
    parts = [part(taste), part(np.random.RandomState(8).normal(0, 1, taste.shape))]
    first, again, other = (weights.search(parts, (), (), test, seed).parts for seed in (1, 1, 2))
    assert (first == again).all() and first.sum() == pytest.approx(1)
    assert first[0] == pytest.approx(other[0], abs=.1)
