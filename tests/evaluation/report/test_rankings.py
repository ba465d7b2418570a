"""The table of rankings on the page and in the terminal: names, values, differences, and what is absent."""
import pytest

from evaluation.report import tables, terminal
from metrics import labels
from metrics.comparison import BY_STARS, OURS

GAP = {"difference": .125, "low": .01, "high": .25, "p": .01}


def record(users_of_stars):
    models = {BY_STARS: {"ndcg_10": .01, "difference": {"ndcg_10": GAP}}, OURS: {"ndcg_10": .2, "difference": {}},
              "text_ease": {"ndcg_10": .3, "overlap_10": 1.5, "difference": {"mrr": GAP}}}
    return {"rankings": {"users": 30, "users_of_lists": 30, "users_of_stars": users_of_stars, "items": 77, "k": 10,
                         "models": models}}


@pytest.mark.parametrize("users, said", [(30, False), (20, True)])
def test_the_page_says_how_many_users_models_of_stars_are_measured_on(users, said):
    html = "".join(tables.rankings(record(users)))
    text = "\n".join(terminal._rankings(record(users)["rankings"]))
    assert "77 items, 30 users" in text and (f"({users} of them" in text) == said
    assert "all 77 items" in html and "for 30 users" in html and (f"on {users} of them" in html) == said


def test_the_best_model_comes_first_and_differences_have_intervals():
    html = "".join(tables.rankings(record(30)))
    text = "\n".join(terminal._rankings(record(30)["rankings"]))
    for output in (html, text):
        places = [output.index(labels.model(name)) for name in ("text_ease", BY_STARS)]
        assert places == sorted(places) and labels.RANKING_DIFFERENCE in output
        assert output.count("+0.1250 [+0.0100, +0.2500]") == 1 and "1.5000" in output
        assert labels.RANKINGS["novelty_10"] not in output  # no model has it


def test_the_share_of_the_possible_gain_is_told_where_there_is_an_oracle():
    planted = record(30)
    planted["rankings"]["models"].update({"popular": {"ndcg_10": .1, "expected_ndcg_10": .1, "difference": {}},
                                          "oracle": {"ndcg_10": .3, "expected_ndcg_10": .6, "difference": {}}})
    planted["rankings"]["models"][OURS]["expected_ndcg_10"] = .5
    said = (f"Share of the possible gain of {OURS}, from most popular to the oracle: 80 % by expected nDCG@10, "
            "50 % by nDCG@10.")
    assert said in "".join(tables.rankings(planted)) and said in terminal._rankings(planted["rankings"])
    assert "possible gain" not in "".join(tables.rankings(record(30)))


def test_the_faithfulness_of_the_order_is_shown_with_its_control():
    faithful = {"purchase": {"value": 31.25, "control": 7.5, "users": 19, "difference": GAP}}
    with_it = record(30)
    with_it["rankings"]["faithfulness"] = faithful
    html = "".join(tables.ranking_faithfulness(with_it))
    text = "\n".join(terminal._rankings(with_it["rankings"]))
    for output in (html, text):
        assert labels.FAITHFULNESS["purchase"] in output and labels.FAITHFULNESS_CONTROLS["purchase"] in output
        assert "31.2500" in output and "7.5000" in output and "+0.1250 [+0.0100, +0.2500]" in output
        assert labels.FAITHFULNESS["review"] not in output
    assert tables.ranking_faithfulness(record(30)) == tables.ranking_faithfulness({}) == []


def test_a_report_that_is_older_than_the_rivals():
    older = {"users": 9, "items": 7, "k": 10, "models": {OURS: {"ndcg_10": .5}, "popular": {"ndcg_10": .25}}}
    assert "for 9 users" in "".join(tables.rankings({"rankings": older})) and tables.rankings({}) == []
    assert "0.2500" in "\n".join(terminal._rankings(older))
