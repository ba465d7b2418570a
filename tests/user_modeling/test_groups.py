"""Groups of users by aspect: planted ones are found, whatever the order, and are named by their aspects."""
import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from models.run_folder.aspect_tables import Aspect
from user_modeling import groups


class Tables:
    """The part of aspect Tables that groups read."""

    def __init__(self, mentions):
        self.user_mentions = np.asarray(mentions)
        count = self.user_mentions.shape[1]
        self.aspects = tuple(Aspect(f"a{number}", f"aspect {number}", ()) for number in range(count))


def planted(users=123, aspects=5, seed=1):
    """(Tables, taste [users]): each user speaks mostly of one aspect; how much they write differs 20-fold."""
    random = np.random.RandomState(seed)
    taste = np.sort(random.randint(0, aspects, users))
    odds = np.where(np.arange(aspects) == taste[:, None], 12., 1.)
    counts = random.randint(3, 60, users)
    return Tables([random.multinomial(count, odd / odd.sum()) for count, odd in zip(counts, odds)]), taste


def test_planted_groups_are_found_with_their_number_and_names():
    tables, taste = planted()
    found = groups.find(tables, seed=3)
    assert len(found.names) == 5 and adjusted_rand_score(taste, found.group) > .95
    assert found.agreement[5] > .9 and found.agreement[5] == max(found.agreement.values())
    for number, aspects in enumerate(found.aspects):
        assert aspects[0] == np.bincount(taste[found.group == number]).argmax()
        assert found.names[number].startswith(tables.aspects[aspects[0]].name)
    assert (np.diff(found.sizes()) <= 0).all() and found.sizes().sum() == 123


def test_the_order_of_users_and_the_length_of_reviews_do_not_matter():
    tables, _ = planted()
    order = np.random.RandomState(5).permutation(123)
    shuffled = groups.find(Tables(tables.user_mentions[order]), seed=3, count=5)
    assert adjusted_rand_score(groups.find(tables, seed=3, count=5).group[order], shuffled.group) == 1
    assert np.allclose(groups.profiles([[300, 0, 100], [0, 1, 0]])[0], groups.profiles([[3000, 0, 1000], [0, 1, 0]])[0],
                       atol=.1)


def test_the_same_seed_gives_the_same_groups():
    tables, _ = planted()
    first, second = (groups.find(tables, seed=7) for _ in range(2))
    assert np.array_equal(first.group, second.group) and first.agreement == second.agreement


def test_the_smallest_number_is_taken_among_those_that_agree_about_as_well():
    assert groups.chosen({2: .3, 5: .86, 9: .9, 11: .7}) == 5
    assert groups.chosen({}) == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mentions, sizes", [
    (np.zeros((7, 3)), []), (np.zeros((7, 0)), []), ([[2, 0]], [1]), ([[2, 0], [0, 3]], [2]),
    (np.ones((33, 4)), [33]), (np.eye(3)[np.arange(29) % 3], None)])
def test_few_users_equal_users_and_users_without_an_aspect_are_groups_too(mentions, sizes):
    found = groups.find(Tables(np.asarray(mentions, int)), seed=0)
    assert sizes is None or found.sizes().tolist() == sizes
    assert len(found.names) == len(found.aspects) == len(set(found.names))
    assert all(found.name_of(user) == groups.NOBODY for user in np.flatnonzero(found.group == groups.NONE))


@pytest.mark.filterwarnings("error")
def test_a_number_of_groups_above_the_number_of_profiles_is_lowered():
    found = groups.find(Tables(np.eye(3, dtype=int)[np.arange(29) % 3]), seed=0, count=8)
    assert sorted(found.sizes().tolist(), reverse=True) == [10, 10, 9]


def test_groups_with_the_same_aspects_have_different_names():
    names = groups._names(Tables(np.zeros((1, 2))), ((0,), (0,), (), ()))
    assert names == ("aspect 0", "aspect 0 (2)", "as all others", "as all others (4)")
