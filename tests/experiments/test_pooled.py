"""Seeds pooled: pairs of all splits together, deeprecsys compared with each rival, corrected for many comparisons."""
import numpy as np
import pytest

from experiments import pooled, tables
from experiments.pairs import Pairs
from metrics import rating, significance
from metrics.comparison import BY_STARS, OURS
from metrics.labels import MEASURES, RANKING_DIFFERENCE


def pairs(seed, shift=0., n=60):
    """Pairs of a run whose predictions differ from the stars by noise and a shift, and its first cosine likewise."""
    random = np.random.RandomState(seed)
    stars = random.randint(1, 6, n).astype(float)
    noise, reviews = random.normal(0, .4, n), random.rand(n, 5)
    measures = {OURS: {"agreement_cosine_1": .5 + shift + noise / 9, "personality": .9 + noise / 9},
                "random": {"agreement_cosine_1": .3 + noise / 9}, "swapped": {"retrieval_auc": noise}}
    return Pairs(random.randint(0, 20, n), stars, reviews,
                 {OURS: stars + noise + shift, "bias": stars + 1.5 * noise + .5}, measures)


def seed(number):
    report = {"rankings": {"models": {OURS: {"mrr": .5, "difference": {}}, "bias": {"mrr": .25, "difference": {}}}}}
    return pooled.Seed({"default": report, "narre": report},
                       {"default": pairs(number), "narre": pairs(number, .8)},
                       {"svd": pairs(number).rating})


def record():
    seeds, random = [seed(1), seed(2)], np.random.RandomState(0)
    return {"data": "x", "seeds": [1, 2], "ratings": pooled.ratings(seeds, "default", random),
            "rankings": pooled.rankings(seeds, "default", random), "absent": {"helpful_ndcg": "no votes"},
            "explanations": pooled.explanations(seeds, "default", random),
            "personality": pooled.seed_noise(pairs(1), pairs(2), random)[0]}


def test_ratings_are_measured_by_seed_and_compared_over_all_pairs():
    errors = record()["ratings"]
    assert set(errors) == {OURS, "bias", "narre", "svd"} and errors["svd"]["rmse"] == [0, 0]
    for position, of_seed in enumerate((pairs(1), pairs(2))):
        assert errors[OURS]["rmse"][position] == rating.rmse(of_seed.predicted[OURS], of_seed.rating)
    square = [np.mean(np.concatenate([rating.squared_errors(of_seed.predicted[name], of_seed.rating)
                                      for of_seed in (pairs(1), pairs(2))])) for name in (OURS, "bias")]
    gap = errors["bias"]["difference"]
    assert gap["difference"] == pytest.approx(square[0] - square[1]) and gap["high"] < 0


def test_explanations_of_rules_and_of_other_networks():
    entries = record()["explanations"]
    assert entries[OURS]["agreement_cosine_1"]["mean"] == pytest.approx(
        np.mean([pairs(number).measures[OURS]["agreement_cosine_1"] for number in (1, 2)]))
    assert entries["random"]["agreement_cosine_1"]["difference"] == pytest.approx(.2)
    assert entries["narre"]["agreement_cosine_1"]["difference"] == pytest.approx(-.8)
    for values in entries.values():
        for gap in values.values():
            if "p" in gap:
                assert gap["p"] <= gap["p_holm"] <= 1
    assert "retrieval_auc" not in entries.get("swapped", {})  # our network has no value to compare


@pytest.mark.parametrize("table", ["ratings", "rankings", "ranking_faithfulness"])
def test_the_differences_of_every_table_are_corrected_and_have_a_star(table):
    random = np.random.RandomState(0)
    seeds = {"ratings": [seed(1), seed(2)], "rankings": [ranked(1, .2), ranked(2, .3)],
             "ranking_faithfulness": [faithful(1, 3.), faithful(2, 5.)]}[table]
    found = getattr(pooled, table)(seeds, "default", random)
    gaps = [values["difference"] for values in found.values() if "difference" in values]
    np.testing.assert_allclose([gap["p_holm"] for gap in gaps], significance.holm([gap["p"] for gap in gaps]))
    assert min(gap["p_holm"] for gap in gaps) < tables.LEVEL
    lines = "\n".join(getattr(tables, table)({table: found}))
    assert lines.count("]* |") == sum(gap["p_holm"] < tables.LEVEL for gap in gaps)
    for gap in gaps:
        del gap["p_holm"]  # as in a record of an earlier version
    assert "]*" not in "\n".join(getattr(tables, table)({table: found}))


def test_rankings_by_seed():
    assert record()["rankings"] == {OURS: {"mrr": [.5, .5]}, "bias": {"mrr": [.25, .25]}, "narre": {"mrr": [.5, .5]}}


def ranked(number, shift):
    """The seed of a number whose evaluations hold rankings: ours finds `shift` more than "popular", NARRE 0.1 less."""
    random = np.random.RandomState(number)
    users, found = np.arange(40 + number), random.rand(40 + number) / 2
    ours = {OURS: {"ndcg_10": found + shift}, "popular": {"ndcg_10": found}, BY_STARS: {"ndcg_10": found / 2}}
    narre = {OURS: {"ndcg_10": found}, BY_STARS: {"ndcg_10": found + shift - .1}}
    reports = {preset: {"rankings": {"models": {name: {"ndcg_10": float(np.mean(values["ndcg_10"])), "difference": {}}
                                                for name, values in models.items()}}}
               for preset, models in (("default", ours), ("narre", narre))}
    return pooled.Seed(reports, {preset: pairs(number)._replace(ranked_user=users, ranked=models)
                                 for preset, models in (("default", ours), ("narre", narre))}, {})


def test_rankings_are_compared_over_the_users_of_all_seeds():
    values = pooled.rankings([ranked(1, .2), ranked(2, .3)], "default", np.random.RandomState(0))
    assert set(values) == {OURS, BY_STARS, "popular", "narre"} and "difference" not in values[OURS]
    gap = values["popular"]["difference"]
    assert gap["difference"] == pytest.approx((41 * .2 + 42 * .3) / 83) and gap["low"] > .2 and gap["high"] < .3
    assert values["narre"]["difference"]["difference"] == pytest.approx(.1)  # its order by stars
    lines = tables.rankings({"rankings": values})
    assert lines[0] == f"| model | nDCG@10 | {RANKING_DIFFERENCE} |"
    assert any(line.startswith("| most popular | ") and "+0.25" in line for line in lines)


def test_a_network_with_personal_scores_is_compared_by_its_order_of_items():
    seed = ranked(1, .2)
    both = pooled.Seed(*(dict(part, ranking=part["narre"]) for part in seed[:2]), {})
    values = pooled.rankings([both], "default", np.random.RandomState(0))
    assert values["ranking"]["difference"]["difference"] == pytest.approx(.2)  # "found" of its model OURS
    assert values["narre"]["difference"]["difference"] == pytest.approx(.1)


def test_rankings_of_other_users_are_not_compared():
    seed = ranked(1, .2)
    seed.pairs["narre"] = seed.pairs["narre"]._replace(ranked_user=np.arange(9, 50))
    values = pooled.rankings([seed], "default", np.random.RandomState(0))
    assert "difference" in values["popular"] and "difference" not in values["narre"]


def test_a_model_that_one_seed_lacks_is_left_out():
    one, other = ranked(1, .2), ranked(2, .2)
    del other.reports["default"]["rankings"]["models"]["popular"]
    assert set(pooled.rankings([one, other], "default", np.random.RandomState(0))) == {OURS, BY_STARS, "narre"}


def test_the_sentences_under_the_tables():
    study = record()
    text = "\n".join(tables.short(study))
    biases, svd, random = (tables.name_of(name) for name in ("bias", "svd", "random"))
    cosine, helpful = (MEASURES[name] for name in ("agreement_cosine_1", "helpful_ndcg"))
    assert "| **deeprecsys** | 0." in text and " ± " in text
    ratings, = tables.sentence_on_ratings(study)
    assert f"below that of {biases}" in ratings and f"above that of {svd}" in ratings
    first, personal = tables.sentences_on_explanations(study)
    assert first.startswith(cosine) and f"higher than that for {random}" in first
    assert personal.startswith("Personality: mean distance 0.9")
    assert f"{helpful}: absent, no votes." in text
    lines = tables.full(study)
    assert sum(f"| {cosine} |" in line for line in lines) == 3
    assert any(line.rstrip(" |").endswith("*") for line in lines)


def test_the_sentence_on_ratings_says_whether_reviews_help():
    low, none, high = (dict(zip(("difference", "low", "high"), gap)) for gap in (
        (-.2, -.3, -.1), (0, -.1, .1), (.2, .1, .3)))
    svd = tables.name_of("svd")
    for gap, words in ((low, "Reviews help"), (none, "do not significantly help"), (high, f"above that of {svd}")):
        line, = tables.sentence_on_ratings({"ratings": {OURS: {}, "svd": {"difference": gap}}})
        assert words in line


def test_a_sentence_marks_what_holds_after_the_correction_too():
    low = {"difference": -.2, "low": -.3, "high": -.1}
    gaps = {"svd": dict(low, p_holm=.01), "bias": dict(low, p_holm=.2), "mf": {"difference": 0, "low": -1, "high": 1}}
    line, = tables.sentence_on_ratings({"ratings": dict({OURS: {}}, **{
        name: {"difference": gap} for name, gap in gaps.items()})})
    below = line.split("significantly below that of ")[1].split(";")[0].split(", ")
    assert set(below) == {tables.name_of("svd") + "*", tables.name_of("bias")}
    assert tables.name_of("mf") + "*" not in line


@pytest.mark.parametrize("low, high, words", [
    (.1, .3, "depends on the user"), (-.1, .1, "may be noise"), (-.3, -.1, "are noise")])
def test_the_sentence_on_personality_follows_the_interval(low, high, words):
    noise = {"shoppers": .5, "seeds": .25, "low": low, "high": high}
    line, = tables.sentences_on_explanations({"explanations": {OURS: {}}, "personality": noise})
    assert "0.500" in line and "0.250" in line and words in line


def faithful(number, moved):
    """The seed of a number whose items move `moved` places without the largest purchase, and 1 without a random one."""
    users = np.arange(30 + number)
    values = {"purchase": {"value": np.where(users < 25, moved, np.nan), "control": np.where(users < 25, 1., np.nan)},
              "review": {"value": np.full(len(users), np.nan), "control": np.full(len(users), np.nan)}}
    return pooled.Seed({}, {"default": pairs(number)._replace(ranked_user=users, faithful=values)}, {})


def test_the_faithfulness_of_the_order_is_pooled_over_users_and_seeds():
    found = pooled.ranking_faithfulness([faithful(1, 3.), faithful(2, 5.)], "default", np.random.RandomState(0))
    assert set(found) == {"purchase"}  # no seed has reviews
    assert found["purchase"]["value"] == [3, 5] and found["purchase"]["control"] == [1, 1]
    gap = found["purchase"]["difference"]
    assert gap["difference"] == pytest.approx(3) and gap["low"] == pytest.approx(3)
    table = "\n".join(tables.ranking_faithfulness({"ranking_faithfulness": found}))
    assert "4.0000 ± 1.4142" in table and "without a random purchase" in table
    assert pooled.ranking_faithfulness([faithful(1, 3.), seed(1)], "default", np.random.RandomState(0)) == {}
    assert tables.ranking_faithfulness({}) == []
