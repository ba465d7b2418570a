"""Why an item is ranked where it is: parts, shares and named purchases."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.recommending import reasons
from flask_app.recommending.recommendation import Explanation, MismatchError, explanations_of
from serving import signatures as wire

REVIEWS = {3: {"review": 3, "item": 2, "user": 8}, 5: {"review": 5, "item": 2, "user": 9}}


def answer(evidence, purchases, popularity, bought, bought_parts):
    """An answer of `explain` about one pair, whose item has the reviews 3 and 5."""
    row = np.array([[.5, .5]])
    return {wire.RATING: np.array([4.]), wire.ITEM_REVIEWS: np.array([[5, 3]]), wire.ITEM_WEIGHTS: row,
            wire.ITEM_VOTES: row, wire.ITEM_PERSONAL: row, wire.ITEM_USEFUL: row,
            wire.ITEM_SHARES: np.array([[.75, .25]]),
            wire.SCORE: np.array([2 + evidence + purchases + popularity]), wire.SCORE_BASE: np.array([2.]),
            wire.SCORE_EVIDENCE: np.array([evidence]), wire.SCORE_PURCHASES: np.array([purchases]),
            wire.SCORE_POPULARITY: np.array([popularity]),
            wire.BOUGHT_ITEMS: np.array([bought]), wire.BOUGHT_PARTS: np.array([bought_parts])}


def of(*parts):
    explanation, = explanations_of(answer(*parts), [None], [2], REVIEWS)
    return explanation.reasons


def test_the_parts_add_up_and_the_shares_are_those_above_zero():
    why = of(.6, .5, -.4, [7, 4, 1, -1, -1], [.3, .1, .05, 0, 0])
    assert sum(part.part for part in why.parts) == pytest.approx(why.score) == pytest.approx(.7)
    assert sum(part.share for part in why.parts) == pytest.approx(1)
    assert [part.kind for part in why.parts] == [reasons.EVIDENCE, reasons.PURCHASES, reasons.POPULARITY]
    assert [part.share for part in why.parts] == pytest.approx([.6 / 1.1, .5 / 1.1, 0])
    assert [part.kind for part in why.telling] == [reasons.EVIDENCE, reasons.PURCHASES]
    assert why.bought == {7: .3, 4: .1} and why.review_shares == {5: .75, 3: .25}


def test_without_purchases_none_is_named():
    why = of(.6, 0., .2, [-1] * 5, [0.] * 5)
    assert why.bought == {} and [part.kind for part in why.telling] == [reasons.EVIDENCE, reasons.POPULARITY]


def test_parts_that_are_all_below_zero_have_no_share():
    why = of(-.6, -.1, -.2, [-1] * 5, [0.] * 5)
    assert why.telling == [] and all(part.share == 0 for part in why.parts) and why.score == pytest.approx(-.9)


def test_an_export_ordered_by_stars_tells_no_reasons():
    by_stars = {name: value for name, value in answer(0., 0., 0., [-1], [0.]).items() if name not in (
        wire.SCORE, wire.SCORE_BASE, wire.SCORE_EVIDENCE, wire.SCORE_PURCHASES, wire.SCORE_POPULARITY, wire.ITEM_SHARES,
        wire.BOUGHT_ITEMS, wire.BOUGHT_PARTS)}
    explanation, = explanations_of(by_stars, [None], [2], REVIEWS)
    assert isinstance(explanation, Explanation) and explanation.reasons is None


@pytest.mark.parametrize("name", [wire.SCORE_EVIDENCE, wire.BOUGHT_PARTS, wire.ITEM_SHARES])
def test_an_answer_that_lacks_a_part_or_holds_nan_is_a_mismatch(name):
    whole = answer(.6, .5, .4, [7, -1], [.3, 0.])
    lacking = {key: value for key, value in whole.items() if key != name}
    nan = dict(whole, **{name: np.full(np.shape(whole[name]), np.nan)})
    for broken in (lacking, nan):
        with pytest.raises(MismatchError, match=name):
            explanations_of(broken, [None], [2], REVIEWS)


NUMBERS = st.floats(-30, 30)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, st.lists(NUMBERS, max_size=2))
def test_the_shown_steps_of_the_waterfall_add_up_and_follow_each_other(evidence, purchases, popularity, named):
    why = reasons.Reasons(evidence + purchases + popularity, (
        reasons.Reason(reasons.EVIDENCE, evidence, 0.), reasons.Reason(reasons.PURCHASES, purchases, 0.),
        reasons.Reason(reasons.POPULARITY, popularity, 0.)), dict(enumerate(named)), {})
    steps = why.steps
    cents = [round(100 * step.value) for step in steps]
    assert sum(cents) == pytest.approx(100 * why.score, abs=.51)
    assert [step.start for step in steps] == [0.] * bool(steps) + [step.end for step in steps[:-1]]
    low, high = why.ends
    assert all(low <= step.start <= high and low <= step.end <= high for step in steps)


def kinds(*args):
    return [part.kind for part in reasons.told(*args)]


def test_the_largest_part_is_told_first_and_small_ones_are_not():
    assert kinds(of(.9, .2, 4., [7], [.1])) == [reasons.POPULARITY, reasons.EVIDENCE]  # .2 is less than a twentieth
    assert kinds(of(.9, .5, .1, [7], [.1])) == [reasons.EVIDENCE, reasons.PURCHASES, reasons.POPULARITY]
    assert kinds(None) == []


@given(st.lists(st.floats(-9, 9), min_size=3, max_size=3))
def test_sentences_and_waterfall_begin_with_the_same_part(parts):
    why = of(*parts, [7], [.1])
    told, steps = kinds(why), why.steps
    assert (told[:1] == [steps[0].kind]) if told and steps and max(parts) >= .005 else not told or max(parts) < .006
    assert [why.part(kind) for kind in told] == sorted((why.part(kind) for kind in told), reverse=True)


def test_a_part_below_zero_is_never_told():
    assert kinds(of(-1., -.1, .1, [-1], [0.])) == [reasons.POPULARITY]
    assert kinds(of(-1., -1., -1., [-1], [0.])) == []


def test_a_part_without_a_say_in_the_order_is_not_told():
    personal, popular = of(.2, .1, 5., [-1], [0.]), of(-.2, .1, 5., [-1], [0.])
    alone = reasons.PURCHASES, reasons.POPULARITY
    assert kinds(personal, alone) == [reasons.EVIDENCE]
    assert kinds(popular, alone) == []


@given(st.lists(st.floats(-9, 9), min_size=6, max_size=6))
def test_the_points_before_the_next_item_add_up_to_the_difference_of_the_scores_as_shown(parts):
    first, second = (of(*three, [7, 4, 1, -1, -1], [.3, .1, .05, 0, 0]) for three in (parts[:3], parts[3:]))
    points = reasons.ahead(first, second)
    shown = [why.steps[-1].end if why.steps else 0. for why in (first, second)]
    assert sum(points.values()) == pytest.approx(shown[0] - shown[1], abs=1e-6)
    assert list(points.values()) == sorted(points.values(), reverse=True) and 0. not in points.values()
    assert sum(first.shown_parts.values()) == pytest.approx(shown[0], abs=1e-6)
    assert reasons.ahead(first, first) == {}
    assert reasons.ahead(first, None) is None and reasons.ahead(None, first) is None
