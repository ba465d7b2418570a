"""Which review of a user and an item is kept, beside a loop over the reviews."""
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.corpus import repeated

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=30)


def loop(reviews, is_last):
    """(kept rows, first repeated row) in a slow and obvious way."""
    kept, places, first = [], {}, None
    for row, (user, item, time) in enumerate(reviews):
        if (user, item) not in places:
            places[user, item] = len(kept)
            kept.append(row)
            continue
        first = row if first is None else first
        place = places[user, item]
        if is_last and time >= reviews[kept[place]][2]:
            kept[place] = row
    return kept, first


@settings(deadline=None, max_examples=150)
@given(reviews=rows, is_last=st.booleans())
def test_the_same_reviews_are_kept_as_by_a_loop(reviews, is_last):
    user, item, time = (np.array(column, np.int32) for column in zip(*reviews))
    kept = repeated.kept(user, item, time.astype(np.int64), is_last)
    assert (kept.rows.tolist(), kept.first) == loop(reviews, is_last)
    assert kept.dropped == len(reviews) - len(kept.rows)
