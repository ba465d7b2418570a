"""Distributions and cuts of a corpus, compared with slow counts."""
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.summary import distributions

SIZES = st.lists(st.integers(0, 400), min_size=1, max_size=50)


@settings(deadline=None, max_examples=100)
@given(values=SIZES, outlier=st.sampled_from([None, 7000, 123456]))
def test_every_number_is_in_one_bar(values, outlier):
    values = values + ([outlier] if outlier else [])
    found = distributions.histogram(np.array(values))
    edges = found["edges"]
    assert sum(found["counts"]) == sum(value > 0 or edges[0] < 0 for value in values)
    assert len(edges) == len(found["counts"]) + 1 <= distributions.BARS + 2
    assert all(first < second and second % 1 == .5 for first, second in zip(edges, edges[1:]))
    assert (found["lowest"], found["highest"]) == (min(values), max(values))


def test_no_numbers_have_no_histogram():
    assert distributions.histogram(np.array([], int)) is None


@settings(deadline=None, max_examples=100)
@given(lengths=SIZES, seed=st.integers(0, 99), caps=st.tuples(*[st.integers(1, 30)] * 3))
def test_what_the_caps_cut_is_counted(lengths, seed, caps):
    random = np.random.RandomState(seed)
    user, item = random.randint(0, 5, len(lengths)), random.randint(0, 3, len(lengths))
    found = distributions.cut(np.array(lengths), user, item, dict(zip(("L", "R_user", "R_item"), caps)))
    words, of_user, of_item = (found[name] for name in (distributions.WORDS, distributions.OF_USER,
                                                        distributions.OF_ITEM))
    assert words["cut"] == sum(length > caps[0] for length in lengths)
    assert words["left_out"] == sum(lengths) - sum(min(length, caps[0]) for length in lengths)
    for cut, owner, cap in ((of_user, user, caps[1]), (of_item, item, caps[2])):
        sizes = [sum(length > 0 for length, who in zip(lengths, owner) if who == one) for one in set(owner.tolist())]
        assert cut == {"cap": cap, "cut": sum(size > cap for size in sizes), "of": sum(size > 0 for size in sizes),
                       "left_out": sum(max(0, size - cap) for size in sizes), "out_of": sum(sizes)}
