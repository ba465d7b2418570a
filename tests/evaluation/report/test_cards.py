"""The four numbers of the first screen, from a record made by hand."""
from evaluation.report import cards
from metrics.comparison import OURS

GAP = {"difference": .1, "low": .05, "high": .2, "p": .001}
UNSURE = dict(GAP, low=-.05)


def record(measures, rules):
    """A report's record; rules are {name: (means, gap of every measure)}."""
    return {"ratings": {"deeprecsys": {"rmse": .8}, "mean": {"rmse": 1., "difference": dict(GAP, low=-.3, high=-.1)},
                        "mf": {"rmse": .9, "difference": dict(GAP, low=-.2, high=-.1)}},
            "explanation": measures,
            "explanation_rules": {name: dict(means, difference=dict.fromkeys(means, gap))
                                  for name, (means, gap) in rules.items()}}


MEASURES = {"retrieval_auc_centred": .9, "agreement_cosine_1": .2, "comprehensiveness": .15, "planted_auc_shown": .99}
RULES = {"swapped": (dict.fromkeys(MEASURES, .95), GAP), "random": (dict.fromkeys(MEASURES, .1), GAP),
         "lsi": (dict.fromkeys(MEASURES, .3), UNSURE), "tfidf": (dict.fromkeys(MEASURES, .25), GAP)}


def test_the_fourth_number_is_planted_auc_where_there_is_a_planted_truth():
    planted = cards.of(record(MEASURES, RULES))
    assert [card.value for card in planted] == [.8, .9, .2, .99] and planted[3].chance == .5
    without = {name: value for name, value in MEASURES.items() if not name.startswith("planted")}
    assert [card.value for card in cards.of(record(without, RULES))] == [.8, .9, .2, .15]


def test_a_measure_that_is_absent_has_no_card():
    assert len(cards.of(record({}, {}))) == 1
    assert cards.of({"ratings": {}, "explanation": {}, "explanation_rules": {}}) == []


def test_each_number_is_compared_with_the_best_baseline_or_rule():
    rating, retrieval, first, _ = cards.of(record(MEASURES, RULES))
    assert "matrix factorisation, 0.9000" in rating.rival and "is better: the 95 % interval" in rating.rival
    assert "LSI, 0.3000" in retrieval.rival and "interval of the difference holds 0" in retrieval.rival
    assert "0.100" in first.meaning and first.chance == .1  # reviews in random order
    worse = dict(RULES, lsi=({"agreement_cosine_1": .3}, dict(GAP, low=-.3, high=-.1)))
    assert "is worse: the 95 %" in cards.of(record(MEASURES, worse))[2].rival


def test_bars_are_sorted_and_few_and_hold_the_network_and_the_controls():
    many = dict(RULES, **{name: ({"agreement_cosine_1": .01 * number}, GAP)
                          for number, name in enumerate(("latest", "longest", "helpful", "centroid"))})
    rating, _, first, _ = cards.of(record(MEASURES, many))
    assert [value for _, value in rating.bars] == [.8, .9, 1.]
    values = [value for _, value in first.bars]
    assert values == sorted(values, reverse=True) and len(values) == cards.SHOWN
    assert {OURS, "swapped users", "random order"} <= {name for name, _ in first.bars}


def test_text_is_escaped_in_the_html():
    html = "".join(cards.section(record(MEASURES, dict(RULES, **{"<b>": (dict.fromkeys(MEASURES, .5), GAP)}))))
    assert "&lt;b&gt;" in html and "<b>, " not in html
