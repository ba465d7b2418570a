"""The split: the published permutation and cuts, the splits by time and by user, and data that is too small."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.split import LastCounts, last_counts, split
from runtime.cli import UserError


def test_the_published_permutation_and_cuts():
    train, validation, test = split(167597, "random", 2017)
    assert [len(part) for part in (train, validation, test)] == [134077, 16760, 16760]
    order = np.random.RandomState(2017).permutation(167597)
    assert np.array_equal(np.concatenate([train, validation, test]), order)


@settings(deadline=None, max_examples=40)
@given(count=st.integers(10, 300), seed=st.integers(0, 2 ** 32 - 1),
       protocol=st.sampled_from(["random", "time"]))
def test_every_row_is_in_exactly_one_part(count, seed, protocol):
    times = np.random.RandomState(seed).randint(0, 9, count)
    parts = split(count, protocol, seed, times)
    assert sorted(np.concatenate(parts)) == list(range(count))
    assert [len(part) for part in parts] == [
        int(.8 * count), int(.9 * count) - int(.8 * count), count - int(.9 * count)]


@settings(deadline=None, max_examples=60)
@given(owners=st.lists(st.integers(0, 12), min_size=1, max_size=60), seed=st.integers(0, 99),
       protocol=st.sampled_from(["users", "items"]))
def test_a_cold_split_holds_out_all_ratings_of_its_users_or_items(owners, seed, protocol):
    owners = np.unique(owners, return_inverse=True)[1].ravel()
    count = owners.max() + 1
    order = np.random.RandomState(seed).permutation(count).tolist()
    groups = order[:int(.8 * count)], order[int(.8 * count):int(.9 * count)], order[int(.9 * count):]
    if not all(groups):
        with pytest.raises(UserError, match=f"^the corpus: {count} {protocol} are too few"):
            split(len(owners), protocol, seed, **{protocol: owners})
        return
    expected = [[row for row, owner in enumerate(owners) if owner in group] for group in groups]
    assert [part.tolist() for part in split(len(owners), protocol, seed, **{protocol: owners})] == expected


def test_the_seed_determines_the_split():
    assert np.array_equal(split(50, seed=3)[2], split(50, seed=3)[2])
    assert not np.array_equal(split(50, seed=3)[2], split(50, seed=4)[2])


def test_a_split_by_time_puts_the_latest_rows_into_the_test():
    times = [5, 1, 5, 3, 2, 9, 5, 7, 8, 6]
    train, validation, test = split(10, "time", times=times)
    assert train.tolist() == [1, 4, 3, 0, 2, 6, 9, 7]  # equal times in the order of the file
    assert (validation.tolist(), test.tolist()) == ([8], [5])


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_corpus_too_small_is_refused(count):
    with pytest.raises(UserError, match=f"^the corpus: {count} reviews are too few"):
        split(count)


RATINGS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=40)  # (user, time)


def by_hand(ratings):
    """The split 'last', user by user: lists of rows."""
    parts = [], [], []
    for user in {user for user, _ in ratings}:
        rows = sorted((time, row) for row, (who, time) in enumerate(ratings) if who == user)
        held = 2 if len(rows) >= 3 else 0
        for position, (_, row) in enumerate(rows):
            parts[max(0, position - len(rows) + 1 + held)].append(row)
    return tuple(map(sorted, parts))


@settings(deadline=None, max_examples=100)
@given(ratings=RATINGS)
def test_the_last_rating_of_each_user_is_the_test_and_the_one_before_validation(ratings):
    users, times = zip(*ratings)
    expected = by_hand(ratings)
    if not expected[2]:
        with pytest.raises(UserError, match="^the corpus: no user has 3 reviews or more"):
            split(len(ratings), "last", times=times, users=users)
        return
    parts = split(len(ratings), "last", times=times, users=users)
    assert tuple(part.tolist() for part in parts) == expected
    for seed in (1, 2):
        assert all(map(np.array_equal, split(len(ratings), "last", seed, times, users=users), parts))


@settings(deadline=None, max_examples=100)
@given(ratings=RATINGS)
def test_users_whom_the_order_of_the_file_decides_for_are_those_whom_another_order_changes(ratings):
    users, times = map(np.array, zip(*ratings))
    counts = last_counts(times, users)
    rows = np.bincount(users)
    assert (counts.held, counts.whole) == ((rows >= 3).sum(), ((rows > 0) & (rows < 3)).sum())
    if counts.held:
        parts = split(len(users), "last", times=times, users=users)
        back = [len(users) - 1 - part for part in split(len(users), "last", times=times[::-1], users=users[::-1])]
        moved = np.concatenate([np.setxor1d(*both) for both in zip(parts, back)])
        assert counts.tied == len(np.unique(users[moved.astype(int)]))


def test_users_of_a_split_by_the_last_ratings_are_counted():
    assert last_counts([1, 2, 2, 1, 1, 1, 2, 3], [0, 0, 0, 1, 1, 2, 2, 2]) == LastCounts(held=2, whole=1, tied=1)
