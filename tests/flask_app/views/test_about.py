"""The page "About this model" of a run that `./run evaluate` measured."""
import json
import os
import re
import shutil

import pytest

from commands import evaluate
from flask_app.application import create_app
from runtime.files import write_json
from tests.flask_app.reading import read


@pytest.mark.parametrize("with_aspects", [True, False])
def test_the_model_card_of_an_evaluated_run(aspect_chain, tmp_path, with_aspects):
    run = str(tmp_path / "tiny")
    shutil.copytree(aspect_chain.run_folder, run)
    shutil.copytree(aspect_chain.data_folder, str(tmp_path / "data"))
    with open(os.path.join(run, "config.json")) as source:
        config = source.read()
    with open(os.path.join(run, "config.json"), "w") as out:
        out.write(re.sub('"data_folder": "[^"]*"', '"data_folder": "../data"', config))
    evaluate.main(["--run", run])
    os.remove(os.path.join(run, "evaluation", "pairs.npz"))  # no request reads the measures of all pairs
    if not with_aspects:
        shutil.rmtree(os.path.join(run, "aspects"))
    page = read(create_app(run).test_client().get("/about"))
    text = " ".join(page.text.split())
    assert "There is no evaluation of this run" not in text
    shown, everything = map(float, re.search(
        r"show first, ([0-9.]+) % are critical .* of all reviews of the same items, ([0-9.]+) %", text).groups())
    if with_aspects:  # the evaluation had them in both cases
        assert re.search(r"Of (planted tastes|the two aspects that each speaks of most), two shoppers with \w+ in "
                         r"common share [0-9.]+ ?(, with \w+ [0-9.]+ ?)*\.", text), text
    assert 0 < shown < 100 and 0 < everything < 100
    for damaged in (None, {"shown": "many"}, 3):  # of an earlier version; damaged
        with open(os.path.join(run, "evaluation", "report.json")) as source:
            report = dict(json.load(source), critical=damaged)
        write_json(os.path.join(run, "evaluation", "report.json"), report)
        page = read(create_app(run).test_client().get("/about"))
        assert "are critical" not in page.text and "There is no evaluation of this run" not in page.text
