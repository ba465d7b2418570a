"""Records of a run in which one value has a wrong shape: the pages leave out what it says, and no page fails."""
import copy
import json
import os

import pytest

from flask_app.application import create_app
from metrics.claims import MEASURE
from models.run_folder.layout import CONFIG, REPORT
from preprocessing.artefact import META
from tests.flask_app.reading import read

WRONG = [None, [], [1], {}, {"x": {}}, {"x": None}, "x", 3, -1, True, float("nan"), float("inf"), 10 ** 400]
GAP = {"difference": .1, "low": .05, "high": .2}
RECORDS = {
    "report": {
        "test_pairs": 31, "sampled_users": 7, "ratings": {"deeprecsys": {"rmse": .7712, "mae": .6123}},
        "explanation": {"planted_auc": .8765, MEASURE: .2},
        "explanation_rules": {"lsi": {"planted_auc": .5432, "difference": {"planted_auc": GAP}},
                              "swapped": {MEASURE: .1, "difference": {MEASURE: GAP}}},
        "critical": {"shown": .25, "all": .2, "pairs": 31},
        "rankings": {"k": 10, "users": 13, "items": 900, "overlap_by_taste": {
            "of": "planted tastes", "shared": {"2": {"mean": 4.5, "pairs": 7}}}, "models": {
                "deeprecsys": {"coverage_10": 14 / 900, "overlap_10": 3.3}, "popular": {"overlap_10": 8.4}}}},
    "config": {"data": "toys", "preset": "narre", "started": "2026", "git_revision": "5eb534965d32",
               "model": {"filters": 7, "layers": [1, 2]}},
    "meta": {"name": "toys", "sizes": {"N": 99, "I": 9, "U": 8, "V": 77, "L": 66}, "splits": {"train": 90, "test": 9},
             "sources": [{"file": "toys.json.gz", "sha256": "7847e2ce358147da"}]}}


def damaged(value):
    """A record with one value replaced, for each of its values and each wrong one."""
    for wrong in WRONG:
        yield copy.deepcopy(wrong)
    for key in (list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
        for wrong in damaged(value[key]):
            changed = copy.copy(value)
            changed[key] = wrong
            yield changed


@pytest.fixture
def shop(folders):
    """(client, function that writes a record) of a shop whose records are whole."""
    run, data = str(folders / "runs" / "late"), str(folders / "data")
    paths = {"report": os.path.join(run, REPORT), "config": os.path.join(run, CONFIG),
             "meta": os.path.join(data, "toys", META)}
    app = create_app(run, "http://127.0.0.1:9", data_folder=data)
    app.jinja_env.globals["model_version"] = lambda: "does not answer"

    def write(name, content):
        os.makedirs(os.path.dirname(paths[name]), exist_ok=True)
        with open(paths[name] + ".new", "w") as out:
            json.dump(content, out)
        os.replace(paths[name] + ".new", paths[name])

    for name, content in RECORDS.items():
        write(name, content)
    return app.test_client(), write


def test_whole_records_are_shown(shop):
    text = " ".join(read(shop[0].get("/about")).text.split())
    for told in ("0.771", "0.612", "0.876", "0.543", "+0.050 … +0.200",
                 "31 held-out ratings of a sample of 7 shoppers",
                 "share 3.3 items on average (by popularity alone: 8.4)", "with two in common share 4.5",
                 "25 % are critical", "rankings of 13 shoppers together hold 14 of all 900", "Preset narre",
                 "revision 5eb534965d", "All 2 fields", "99 reviews of 9 items by 8 shoppers", "train reviews 90",
                 "toys.json.gz, sha256 7847e2ce3581…"):
        assert told in text, (told, text)


@pytest.mark.parametrize("name", list(RECORDS))
def test_a_value_of_a_wrong_shape_fails_no_page(shop, name):
    client, write = shop
    for record in damaged(RECORDS[name]):
        write(name, record)
        for page in ("/about", "/"):
            answer = client.get(page)
            assert answer.status_code == 200, (page, record)
            if name == "report":
                assert not {"nan", "inf"} & set(read(answer).one("main").text.split()), (page, record)


@pytest.mark.parametrize("change, gone, left", [
    ({"ratings": {"x": {}, "bias": {"rmse": .5, "mae": .4}}}, "0.771", "0.500"),
    ({"explanation_rules": {"tfidf": None}}, "0.543", "0.876"),
    ({"explanation": [1]}, "0.876", "0.771"), ({"test_pairs": None}, "held-out ratings", "TF-IDF cosine")])
def test_damaged_parts_count_as_not_measured_and_the_others_are_shown(shop, change, gone, left):
    client, write = shop
    write("report", dict(RECORDS["report"], **change))
    text = read(client.get("/about")).one("main").text
    assert gone not in text and left in text


def test_a_configuration_of_a_wrong_shape_is_left_out(shop):
    client, write = shop
    write("config", dict(RECORDS["config"], model="x", git_revision=5))
    assert "How the model was trained" not in read(client.get("/about")).text
    write("config", dict(RECORDS["config"], git_revision=5))
    text = read(client.get("/about")).text
    assert "training started at 2026." in " ".join(text.split()) and "revision" not in text
