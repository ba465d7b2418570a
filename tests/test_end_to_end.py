"""The real chain, as users drive it: corpus -> artefact -> run -> report -> SavedModel -> server -> shop."""
import html
import json
import os
import re
import subprocess
import sys
import urllib.request

import numpy as np
import pytest

from preprocessing import catalogue
from runtime.project import ROOT

# The smallest network and the shortest training that find the planted reviews.
SMALLEST = ["-e", "2", "--set", "filters=16", "--set", "attention_dim=16", "--set", "latent_dim=8", "--set",
            "batch_size=50"]


def run_command(*arguments):
    """Runs a command of the project in a process of its own; returns its output."""
    done = subprocess.run([sys.executable] + list(arguments), cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A trained, evaluated, exported run of a small corpus, and its server and shop."""
    from serving.server.start import start

    folder = str(tmp_path_factory.mktemp("chain"))
    folders = {name: os.path.join(folder, name) for name in ("raw", "data", "runs", "serve")}
    run_command("-m", "preprocessing.sample", "--out", folders["raw"], "--users", "90", "--items", "31",
                "--reviews", "1500")
    run_command("-m", "preprocessing", "--reviews", f"{folders['raw']}/reviews.json.gz", "--meta",
                f"{folders['raw']}/meta.json.gz", "--name", "small", "--data_dir", folders["data"], "--word_dim", "24")
    run_command("train.py", "--data", f"{folders['data']}/small", "--runs", folders["runs"], "--name", "r", *SMALLEST)
    run_command("-m", "commands.evaluate", "--run", "r", "--runs", folders["runs"])
    run_command("tensorflow_serving.py", "--run", "r", "--runs", folders["runs"], "--out", folders["serve"])
    server = start("deeprecsys", folders["serve"], port=0, rest_api_port=0)
    shop = subprocess.Popen(
        [sys.executable, "-m", "flask_app", "--run", "r", "--runs", folders["runs"], "--data", folders["data"],
         "--server", server.rest_url, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE)
    url = re.search(r"http://\S+/", shop.stdout.readline().decode()).group(0)
    yield dict(folders, server=server, url=url, run=os.path.join(folders["runs"], "r"))
    shop.terminate()
    shop.wait(10)
    server.stop()


def page(chain, path):
    with urllib.request.urlopen(chain["url"] + path, timeout=30) as answer:
        return answer.read().decode()


def words_of(markup):
    """The text of a page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def test_the_report_has_ratings_and_planted_truth(chain):
    with open(os.path.join(chain["run"], "evaluation", "report.json"), encoding="utf-8") as text:
        report = json.load(text)
    assert set(report["ratings"]) == {"deeprecsys", "mean", "bias", "mf"}
    assert all(scores["rmse"] > scores["mae"] > 0 for scores in report["ratings"].values())
    measures = report["explanation"]
    assert measures["planted_auc"] > .75  # two epochs on a small corpus find the planted reviews
    assert abs(measures["planted_auc_swapped"] - .5) < .1 < measures["planted_auc"] - measures["planted_auc_swapped"]
    assert report["explanation_rules"]["random"]["planted_auc"] == .5


def test_served_equals_in_process_over_rest_and_grpc(chain):
    from models.inference import trained
    from serving import signatures as wire
    from serving.client import ModelClient

    run = trained.load(chain["run"])
    random = np.random.RandomState(5)
    user = random.randint(0, len(run.artefact.user_reviews), 100).astype(np.int32)
    item = random.randint(0, len(run.artefact.item_reviews), 100).astype(np.int32)
    whole = run.predictor(user, item)
    here, item_slots = whole.outputs, whole.item_slots
    slots = run.corpus.user_slots, run.corpus.item_slots
    capped = run.predictor(user, item, slots=slots)
    tokens, pairs = run.artefact.review_tokens, run.corpus.pairs(user, item, slots=slots)
    for url in (chain["server"].rest_url, f"grpc://{chain['server'].grpc_address}"):
        client = ModelClient(url, timeout=60)
        there = client.predict(wire.EXPLAIN, {wire.USER: user, wire.ITEM: item})
        width = there[wire.ITEM_WEIGHTS].shape[1]
        assert not item_slots[:, width:].any()
        np.testing.assert_array_equal(there[wire.ITEM_REVIEWS], item_slots[:, :width])
        np.testing.assert_allclose(there[wire.RATING], here.rating, atol=1e-5)
        np.testing.assert_allclose(there[wire.ITEM_WEIGHTS], here.item_weights[:, :width], atol=1e-5)
        np.testing.assert_allclose(there[wire.ITEM_VOTES], here.votes[:, :width], atol=1e-5)
        some = slice(0, 20)
        published = client.predict(wire.SERVING_DEFAULT, {
            wire.TEXTS_USER: tokens[capped.user_slots[some]], wire.TEXTS_ITEM: tokens[capped.item_slots[some]],
            wire.USER: user[some, None], wire.ITEM: item[some, None],
            wire.RESIDUALS_ITEM: pairs.residuals[some]})
        np.testing.assert_allclose(published[wire.RATING][:, 0], capped.outputs.rating[some], atol=1e-5)
        np.testing.assert_allclose(published[wire.ITEM_REVIEW_WEIGHTS], capped.outputs.item_weights[some], atol=1e-5)


def test_shoppers_of_different_aspects_see_different_first_reviews(chain):
    with open(os.path.join(chain["raw"], "truth.json"), encoding="utf-8") as text:
        cares = json.load(text)["users"]
    connection = catalogue.connect(os.path.join(chain["data"], "small", "catalogue.sqlite"))
    item = connection.execute("SELECT item_id FROM items ORDER BY rating_count DESC LIMIT 1").fetchone()[0]
    active = [row[0] for row in connection.execute(
        "SELECT user_id FROM users ORDER BY rating_count DESC LIMIT 30")]
    connection.close()
    first = active[0]
    second = next(user for user in active if not set(cares[user]) & set(cares[first]))
    explained = [json.loads(run_command("-m", "commands.explain", "--run", chain["run"], "--user", user, "--item", item,
                                        "--json")) for user in (first, second)]
    assert explained[0]["reviews"][0]["user"] != explained[1]["reviews"][0]["user"]
    for record in explained:
        weights = [review["weight"] for review in record["reviews"]]
        assert weights == sorted(weights, reverse=True) and abs(sum(weights) - 1) < 1e-5
    both = words_of(page(chain, f"items/{item}?for={first}&beside={second}"))
    for record in explained:
        assert " ".join(record["reviews"][0]["text"].split())[:40] in both


def test_the_shop_shows_the_ranking_of_the_model_server(chain):
    from serving import signatures as wire
    from serving.client import ModelClient

    connection = catalogue.connect(os.path.join(chain["data"], "small", "catalogue.sqlite"))
    name, user = connection.execute("SELECT user_id, user FROM users ORDER BY rating_count DESC").fetchone()
    items = [row[0] for row in connection.execute("SELECT item_id FROM items ORDER BY item")]
    connection.close()
    assert f"shoppers/{name}" in page(chain, "")
    ranked = ModelClient(chain["server"].rest_url).predict(
        wire.RANK_UNBOUGHT, {wire.USER: np.array([user], np.int32), wire.TOP_K: np.int32(3)})
    shown = page(chain, f"shoppers/{name}")
    positions = [shown.index(items[item]) for item in ranked[wire.ITEM][0] if item >= 0]
    assert positions and positions == sorted(positions)
