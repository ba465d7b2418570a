"""Opposite wishes of a visitor, on whole runs: the first ten items differ, and so does what is said of them.

The runs `sample` and `mi` (Musical Instruments) are looked for in the folder MADE_RUNS (default: the project's), as
runs/NAME, data/NAME and model_serve/NAME; `./run demo` makes the first one.
"""
import json
import os

import numpy as np
import pytest

from flask_app.recommending import typed, viewer
from flask_app.recommending.viewer import Tastes
from flask_app.recommending.word_contributions import WordScorer
from flask_app.storage import aspects as stored_aspects
from flask_app.storage.store import Store
from runtime.project import ROOT
from serving import signatures as wire
from serving.client import ModelClient
from serving.server import start as model_server

FOLDER = os.environ.get("MADE_RUNS", ROOT)
TOP = 10
MOST_SHARED = 4  # items of two lists of ten that opposite wishes may share


@pytest.fixture(scope="module", params=["sample", "mi"])
def made(request):
    """(aspects, word scorer, client of the model server, folder of the data)."""
    run, data, export = (os.path.join(FOLDER, kind, request.param) for kind in ("runs", "data", "model_serve"))
    aspects = stored_aspects.of_run(run)
    if aspects is None or not os.path.isdir(export) or not os.path.isdir(data):
        pytest.skip(f"no run {request.param} with aspects and export in {FOLDER}; name its folder in MADE_RUNS")
    server = model_server.start(wire.MODEL_NAME, export)
    yield aspects, WordScorer(data, run), ModelClient(server.rest_url, wire.MODEL_NAME, 60), data
    server.stop()


def first(made, tastes, texts=()):
    """The first items of a visitor."""
    aspects, words, model, _ = made
    read = typed.read(texts, aspects, words)
    both = Tastes(tastes.wanted + read.wanted, tastes.avoided + read.avoided)
    reviews = [viewer.OwnReview(text, -1, 0.) for text in read.liked if text]
    return [entry.item for entry in viewer.visitor(model, words, aspects, both, reviews).rank(TOP)]


def test_want_and_avoid_of_every_aspect_share_few_of_the_first_ten(made):
    tables, shares = made[0].tables, []
    for number, aspect in enumerate(made[0].all):
        wanted, avoided = first(made, Tastes((number,))), first(made, Tastes((), (number,)))
        assert len(set(wanted) & set(avoided)) <= MOST_SHARED, aspect.name
        against = np.asarray(tables.item_mentions[:, number] - tables.item_praise[:, number]) / np.maximum(
            tables.item_reviews, 1)
        shares.append((against[avoided].mean(), against.mean()))
    criticised, usual = np.mean(shares, axis=0)
    assert criticised < usual / 2  # of what is avoided, the first items are criticised less than half as often


def test_what_is_avoided_is_hardly_spoken_of_in_the_first_ten_neither_badly_nor_at_all(made):
    """So that whoever avoids a thing ("batteries") does not read of it, even with praise."""
    tables, avoided, usual = made[0].tables, [], []
    for number in range(len(made[0].all)):
        share = np.asarray(tables.item_mentions[:, number]) / np.maximum(tables.item_reviews, 1)
        avoided.append(share[first(made, Tastes((), (number,)))].mean())
        usual.append(share.mean())
    assert np.mean(avoided) < np.mean(usual) / 3


def test_a_sentence_and_its_negation_share_few_of_the_first_ten(made):
    aspects, words, _, _ = made
    tried = 0
    for aspect in aspects.all:
        liked, disliked = f"I want {aspect.words[0]}.", f"I do not want {aspect.words[0]}."
        if not typed.read([liked], aspects, words).wanted:
            continue  # one word alone does not make a sentence speak of the aspect
        tried += 1
        assert typed.read([disliked], aspects, words).avoided == typed.read([liked], aspects, words).wanted
        assert len(set(first(made, Tastes(), [liked])) & set(first(made, Tastes(), [disliked]))) <= MOST_SHARED
    assert tried >= len(aspects.all) / 2


def test_what_is_wanted_is_good_by_the_planted_truth(made):
    """The mean planted quality, in units of its spread over the items, of the first ten for each wanted aspect."""
    aspects, _, _, data = made
    path = os.path.join(data, "truth.json")
    if not os.path.isfile(path):
        pytest.skip("no planted truth")
    with open(path) as file:
        truth = json.load(file)["items"]
    store = Store(os.path.join(data, "catalogue.sqlite"))
    items = store.items(range(store.item_count()))
    store.close()
    planted = sorted(next(iter(truth.values())))
    quality = np.array([[truth[items[row]["item_id"]][name] for name in planted] for row in sorted(items)])
    tables = aspects.tables
    share = (tables.item_praise + 2.5) / (tables.item_mentions + 5.)
    found = []
    for number in range(len(aspects.all)):
        name = np.argmax([np.corrcoef(quality[:, column], share[:, number])[0, 1] for column in range(len(planted))])
        found.append(quality[first(made, Tastes((number,))), name].mean() / quality[:, name].std())
    assert np.mean(found) > 1
