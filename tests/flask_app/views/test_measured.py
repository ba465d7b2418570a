"""What the page "About this model" says of the order of reviews: measures, verdicts, the strongest rule."""
import pytest

from flask_app.views import measured
from metrics import claims

COSINE = claims.MEASURE


def rule(value, low, high, **others):
    """A rule of a report with a value of the cosine and the interval of our lead, and of other measures."""
    gaps = {COSINE: (low, high), **others}
    return {COSINE: value, "difference": {name: {"difference": (first + last) / 2, "low": first, "high": last}
                                          for name, (first, last) in gaps.items()}}


REPORT = {"explanation_rules": {
    "swapped": rule(.12, .02, .03), "centroid": rule(.147, .001, .011), "tfidf": rule(.16, -.03, -.01),
    "centroid_tfidf": rule(.17, -.01, .002, agreement_rouge1_1=(-.02, -.01), sufficiency=(.01, .02)),
    "lsi": rule(.1, .01, .02, agreement_rouge1_1=(-.03, -.02), helpful_ndcg=(-.1, .1)),
    "random": rule(.9, -.9, -.8, tau_votes=(-.9, -.8)),
    "aspect_cover": rule(.95, -.9, -.8, aspect_f_3=(-.2, -.1))}}  # chosen by our own order: no rule


def test_each_sentence_names_measure_and_unit_and_follows_its_interval():
    personal, typical, words, strongest, better = measured.sentences(REPORT)
    assert personal == (
        "The review shown first is more similar to what the shopper wrote later than the one that another shopper sees "
        "first: by +0.0250 TF-IDF cosine (95\u00a0% interval +0.0200 to +0.0300).")
    assert "more similar" in typical and "the most typical review" in typical
    assert "less similar" in words and "\u22120.0200 TF-IDF cosine" in words
    assert "about as similar" in strongest and "that of centroid + TF-IDF, the strongest rule of this run" in strongest
    assert better == ("By these other measures a rule is significantly better: first shown: ROUGE-1 (LSI); sufficiency "
                      "(less is better) (centroid + TF-IDF).")


def test_the_strongest_rule_is_told_once():
    rules = {name: values for name, values in REPORT["explanation_rules"].items() if name in ("swapped", "centroid")}
    told = measured.sentences({"explanation_rules": rules})
    assert measured.strongest_rule({"explanation_rules": rules}) == "centroid" and len(told) == 3
    assert "not measured" in told[2]


@pytest.mark.parametrize("damaged", [
    {}, {"explanation_rules": None}, {"explanation_rules": {"lsi": 3, "tfidf": {COSINE: 1, "difference": 7}}},
    {"explanation_rules": {"lsi": rule(float("nan"), 0, 1), "tfidf": {"difference": {COSINE: {"low": "x"}}}}}])
def test_what_is_missing_or_damaged_is_not_measured(damaged):
    assert all("not measured" in sentence for sentence in measured.sentences(damaged))
    assert len(measured.sentences(damaged)) == 3 and measured.strongest_rule(damaged) is None
