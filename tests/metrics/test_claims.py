"""Nothing is said of a run that its intervals do not show."""
import pytest

from metrics import claims


def report(**gaps):
    return {"explanation_rules": {method: {"difference": {claims.MEASURE: gap}} for method, gap in gaps.items()}}


def gap(low, high):
    return {"difference": (low + high) / 2, "low": low, "high": high, "p": .5}


@pytest.mark.parametrize("low, high, verdict", [
    (.01, .03, claims.YES), (-.01, .03, claims.UNSURE), (-.03, -.01, claims.NO), (0., 0., claims.UNSURE),
    (0., .02, claims.UNSURE)])
def test_a_claim_holds_only_where_the_whole_interval_is_above_0(low, high, verdict):
    for claim in claims.of(report(swapped=gap(low, high), centroid=gap(low, high), tfidf=gap(low, high))):
        assert claim.verdict == verdict and f"{low:+.4f} to {high:+.4f}" in claim.text
        assert (" more similar" in claim.text) == (verdict == claims.YES)
        doubted = claim.text.startswith(("It could not be decided whether the", "It is not the case that the"))
        assert doubted == (verdict != claims.YES)


def test_each_claim_has_its_own_interval():
    found = claims.of(report(swapped=gap(.1, .2), centroid=gap(-.2, -.1)), "shopper")
    assert [(claim.method, claim.verdict) for claim in found] == [
        ("swapped", claims.YES), ("centroid", claims.NO), ("tfidf", claims.UNKNOWN)]
    assert found[0].text.startswith("The order of the reviews is personal. ") and "another shopper" in found[0].text
    assert found[2].text == ("It was not measured whether the order of the reviews is better than that by word "
                             "similarity (TF-IDF).")


@pytest.mark.parametrize("damaged", [
    {}, {"explanation_rules": []}, {"explanation_rules": {"swapped": 3}}, report(swapped={"low": 1}),
    report(swapped={"difference": 1, "low": "a", "high": 2}), report(swapped=gap(float("nan"), 1)),
    report(swapped=None)])
def test_a_report_that_is_damaged_claims_nothing(damaged):
    assert {claim.verdict for claim in claims.of(damaged)} == {claims.UNKNOWN}
