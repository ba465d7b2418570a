"""Suggested shoppers differ in what they write; two orders of reviews are compared truly."""
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.recommending.comparison import ROWS, compare
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.recommending.suggested_shoppers import most_different, suggested
from tests.flask_app.conftest import write_catalogue

THEMES = {"noise": "noisy loud alarm silence", "battery": "battery charger voltage power",
          "price": "cheap bargain discount price"}


def themed_catalogue(path):
    """Three themes, three shoppers each with seven reviews of its words; the first writes most."""
    themes = list(THEMES.values())
    reviews = [(user, item, 3, None, f"this thing and {themes[user % 3]} with word{item}.", "train")
               for user in range(9) for item in range(8 if user == 0 else 7)]
    return write_catalogue(path, reviews, [f"u{user}" for user in range(9)],
                           [f"i{item}" for item in range(8)])


def test_suggestions_contrast(tmp_path):
    three = suggested(themed_catalogue(tmp_path / "catalogue.sqlite"), 0, count=3)
    assert three[0].user_id == "u0"
    assert {int(one.user_id[1:]) % 3 for one in three} == {0, 1, 2}
    for one in three:
        theme = list(THEMES.values())[int(one.user_id[1:]) % 3].split()
        assert set(one.words) == set(theme)
        assert all(word in one.quote for word in theme)


def test_who_stands_beside_has_another_taste(tmp_path):
    three = suggested(themed_catalogue(tmp_path / "catalogue.sqlite"), 0, count=3)
    texts = [f"{THEMES['noise']} {THEMES['battery']}"]
    assert int(most_different(three, "u0", texts).user_id[1:]) % 3 == 2
    assert most_different(three[:1], three[0].user_id, texts) is None


def explanation(order):
    return Explanation(3., tuple(
        WeighedReview({"review": review}, place, 1 / len(order), 0., None, False)
        for place, review in enumerate(order, 1)), has_votes=False)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 27), st.randoms(use_true_random=False))
def test_comparison_is_true_both_ways(count, random):
    orders = [random.sample(range(1, count + 1), count) for _ in range(2)]
    left, right = map(explanation, orders)
    forth, back = compare(left, right), compare(right, left)
    assert forth.rows == min(ROWS, count) and forth.rows + forth.hidden == count
    assert {line.left for line in forth.lines} >= set(range(1, forth.rows + 1))
    assert forth.same_order == (orders[0] == orders[1])
    assert forth.same_first == (orders[0][0] == orders[1][0])
    assert forth.shared_top == len(set(orders[0][:3]) & set(orders[1][:3]))
    opposite = {"up": "down", "down": "up", "level": "level"}
    assert ({(line.left, line.right, line.direction) for line in forth.lines}
            == {(line.right, line.left, opposite[line.direction]) for line in back.lines})


def test_no_reviews_compare_well():
    assert compare(explanation([]), explanation([])).lines == ()
