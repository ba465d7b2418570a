"""The head of the page: which run it is about."""
import pytest

from evaluation.report import page


@pytest.mark.parametrize("preset, said", [
    ("default", "Run “x”, seed 3"), ("narre", "Run “x”, preset “narre”, seed 3"),
    ("config", "Run “x”, configured by a file, seed 3")])
def test_the_page_says_where_the_configuration_of_the_run_comes_from(preset, said):
    record = {"data": "tiny", "system": "deeprecsys", "run": "x", "preset": preset, "seed": 3, "test_pairs": 0,
              "ratings": {}, "explanation": {}, "explanation_rules": {}, "absent": {}}
    assert said in page.of(record, {}, {}, [], [])
