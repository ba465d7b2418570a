"""What a visitor wants and avoids, as parts of the score."""
from types import SimpleNamespace

import numpy as np
import pytest

from flask_app.recommending import wishes
from flask_app.recommending.reasons import Reason, Reasons

# items, aspects: of 20 reviews of each item, those that speak of an aspect, and the praise among them
MENTIONS = np.array([[10, 0, 4], [10, 10, 4], [0, 10, 4], [20, 20, 4], [5, 5, 4]])
PRAISE = np.array([[9., 0, 2], [1, 9, 2], [0, 1, 2], [10, 10, 2], [3, 3, 2]])
ASPECTS = SimpleNamespace(tables=SimpleNamespace(item_mentions=MENTIONS, item_praise=PRAISE,
                                                 item_reviews=np.full(5, 20)))


def parts(spread=1., **chosen):
    """{kind: [I]} what all wishes of the kind add."""
    found = wishes.Wishes(ASPECTS, **chosen).parts(spread)
    return {kind: sum(of_aspects.values()) for kind, of_aspects in found.items()}


def test_the_parts_of_each_aspect_are_told():
    found = wishes.Wishes(ASPECTS, (0, 1), (2,)).parts(1.)
    assert {kind: list(of_aspects) for kind, of_aspects in found.items()} == {"wanted": [0, 1], "avoided": [2]}
    assert found["wanted"][0][1] < 0 < found["wanted"][1][1]  # item 1: the aspect 0 is criticised, 1 is praised


def test_a_wanted_aspect_lifts_what_is_praised_and_an_avoided_one_lowers_what_is_criticised_or_named():
    wanted, avoided = parts(wanted=(0,))[wishes.WANTED], parts(avoided=(0,))[wishes.AVOIDED]
    assert wanted.argmax() == 0 and wanted.argmin() == 1
    assert avoided.argmax() == 2  # no review speaks of it at all
    assert avoided[1] < avoided[0] < avoided[2]  # named with praise is better than criticised, worse than not named


@pytest.mark.parametrize("chosen", [{"wanted": (0, 1)}, {"avoided": (1,)}, {"wanted": (0,), "avoided": (1,)}])
def test_parts_are_0_on_average_and_scale_with_the_scores(chosen):
    one, three = parts(1., **chosen), parts(3., **chosen)
    assert set(one) == set(chosen)
    for kind, part in one.items():
        assert part.mean() == pytest.approx(0, abs=1e-9) and part.std() > .1
        np.testing.assert_allclose(three[kind], 3 * part)


def test_an_aspect_that_tells_no_items_apart_adds_nothing():
    assert not parts(wanted=(2,))[wishes.WANTED].any() and not parts(avoided=(2,))[wishes.AVOIDED].any()
    assert parts() == {}


def test_the_parts_of_reasons_still_add_up_to_the_score():
    reasons = Reasons(.5, (Reason("reviews", .8, .8), Reason("popularity", -.3, 0.)), {}, {})
    more = wishes.added(reasons, {"wanted": {0: .7, 2: -.3}, "avoided": {1: -.9}})
    assert more.wished == ((0, .7), (2, -.3), (1, -.9))
    assert more.score == pytest.approx(sum(part.part for part in more.parts)) == pytest.approx(0)
    assert sum(part.share for part in more.parts) == pytest.approx(1)
    assert [part.kind for part in more.parts] == ["reviews", "popularity", "wanted", "avoided"]
