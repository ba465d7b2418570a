"""A corpus in another script trains, and the network finds the user's own review above chance."""
import gzip
import json
import os

import pytest

from commands import evaluate
from preprocessing import __main__ as preprocess
from tests.conftest import TINY_DATA, TINY_SIZES
from tests.support import scripts

QUICK = ("arabic", "chinese")  # with spaces between words, and without; the other scripts are slow tests


@pytest.mark.parametrize("script", [script if script in QUICK else pytest.param(script, marks=pytest.mark.slow)
                                    for script in scripts.SCRIPTS])
def test_own_reviews_are_found_above_chance(tiny_data, tmp_path, script):
    import train

    with gzip.open(os.path.join(tiny_data.sample_folder, "reviews.json.gz"), "rt", encoding="utf-8") as lines:
        records = [scripts.record(json.loads(line), script) for line in lines]
    reviews = tmp_path / "reviews.json"
    reviews.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    data, runs = str(tmp_path / "data"), str(tmp_path / "runs")
    preprocess.main(["--reviews", str(reviews), "--name", script, "--data_dir", data] + TINY_DATA)
    train.main(["--data", os.path.join(data, script), "--runs", runs, "--name", script, "--epochs", "2"] + TINY_SIZES)
    evaluate.main(["--run", os.path.join(runs, script)])
    with open(os.path.join(runs, script, "evaluation", "report.json"), encoding="utf-8") as text:
        report = json.load(text)
    random = report["explanation_rules"]["random"]
    assert random["retrieval_auc"] == .5 and random["difference"]["retrieval_auc"]["low"] > 0, random
