"""Two orders of an item's reviews are compared correctly."""
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.recommending.comparison import ROWS, compare
from flask_app.recommending.recommendation import Explanation, WeighedReview


def explanation(order):
    return Explanation(3., tuple(
        WeighedReview({"review": review}, position, 1 / len(order), 0., None, False)
        for position, review in enumerate(order, 1)), has_votes=False)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 27), st.randoms(use_true_random=False))
def test_comparison_is_correct_in_both_directions(count, random):
    orders = [random.sample(range(1, count + 1), count) for _ in range(2)]
    left, right = map(explanation, orders)
    forward, backward = compare(left, right), compare(right, left)
    assert forward.rows == min(ROWS, count) and forward.rows + forward.hidden == count
    assert {line.left for line in forward.lines} >= set(range(1, forward.rows + 1))
    assert forward.same_order == (orders[0] == orders[1])
    assert forward.same_first == (orders[0][0] == orders[1][0])
    assert forward.shared_top == len(set(orders[0][:3]) & set(orders[1][:3]))
    opposite = {"up": "down", "down": "up", "level": "level"}
    assert ({(line.left, line.right, line.direction) for line in forward.lines}
            == {(line.right, line.left, opposite[line.direction]) for line in backward.lines})


def test_items_without_reviews_can_be_compared():
    assert compare(explanation([]), explanation([])).lines == ()
