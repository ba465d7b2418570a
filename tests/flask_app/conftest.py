"""A tiny shop with a real model server, which serves a SavedModel of planted numbers."""
import json
import os
import shutil
from typing import NamedTuple

import numpy as np
import pytest

from commands import aspects
from flask_app.application import create_app
from flask_app.recommending import ranked_page
from preprocessing import catalogue
from serving import signatures as wire
from serving.server import start as model_server
from tests.flask_app import chain as chains

SHOPPERS = ["ann", "bob", "ça/d %?#&+", "dee", "eve"]
ITEMS = ["drum", "kite", "puzzle box/7 é?%", "robot", "salt", "train", "bare"]
TITLES = ["Tin drum", None, "Box of <b>puzzles</b>", "Robot", 'Salt & Pepper "set"',
          "Wooden train", None]
SCRIPT = "<script>document.title = 'owned'</script> & loud"
SECRET = "held-out-words-that-no-page-may-show"
UNLIMITED = 10 ** 6  # rankings a minute: all tests have one address
LONG = "rails " * 200 + "the very last word"

# user, item, stars, summary, text, split
REVIEWS = [
    (0, 0, 5, "Sturdy", "It is sturdy and it lasts, my battery of kids broke nothing.", "train"),
    (1, 0, 2, "Too noisy", "So noisy that the cat has left us.", "train"),
    (2, 0, 4, None, SCRIPT, "train"),
    (3, 0, 1, "Broke", "Broke on the first day: cheap plastic.", "train"),
    (4, 0, 3, "Fine", 'A fine drum "for the price", &amp; so on.', "train"),
    (0, 1, 4, "Flies", "Flies high, sturdy lines that last.", "train"),
    (1, 2, 5, "Silent fun", "Silent, and clever fun for hours.", "train"),
    (3, 2, 3, "Odd", "Pieces are missing.", "train"),
    (2, 3, 5, None, "", "train"),
    (4, 3, 2, "Loud", "The robot is loud and noisy.", "train"),
    (0, 4, 3, "Salty", "It is what it is.", "validation"),
    (1, 5, 4, "Choo", LONG, "train"),
    (2, 5, 1, "Choo choo", "100% wood_and_glue.", "train"),
    (3, 5, 5, "On rails", "On rails, at last.", "train"),
    (4, 5, 2, "Off rails", "Off the rails.", "train"),
    (0, 3, 1, "Secret", SECRET, "test"),
    (2, 4, 4, "Pepper", "Peppery.", "train"),
]


class Planted(NamedTuple):
    """The numbers of the model: `U` shoppers, `I` items, `N` reviews; row 0 of the reviews is empty."""
    base: np.ndarray  # [U, I] stars without reviews
    personal: np.ndarray  # [U, N+1]
    useful: np.ndarray  # [N+1]
    residual: np.ndarray  # [N+1] stars
    slots: np.ndarray  # [I, R] training reviews of the items
    bought: np.ndarray  # [U, I] bool

    def weights(self, user, item):
        """{review row: weight}, heaviest first."""
        rows = self.slots[item][self.slots[item] > 0]
        logits = self.personal[user, rows] + self.useful[rows]
        weights = np.exp(logits) / np.exp(logits).sum()
        return dict(sorted(zip(rows.tolist(), weights.tolist()), key=lambda pair: -pair[1]))

    def votes(self, user, item):
        """{review row: stars}."""
        weights = self.weights(user, item)
        return {row: (weight - 1 / len(weights)) * self.residual[row]
                for row, weight in weights.items()}

    def rating(self, user, item):
        return self.base[user, item] + sum(self.votes(user, item).values())

    def ranking(self, user, with_owned=False):
        """Item rows, best first."""
        items = [item for item in range(len(ITEMS)) if with_owned or not self.bought[user, item]]
        return sorted(items, key=lambda item: -self.rating(user, item))


def plant(seed=11):
    random = np.random.RandomState(seed)
    users, items, count = len(SHOPPERS), len(ITEMS), len(REVIEWS)
    train = [row for row in range(1, count + 1) if REVIEWS[row - 1][5] == "train"]
    slots = np.zeros((items, 5), int)
    bought = np.zeros((users, items), bool)
    for row in train:
        user, item = REVIEWS[row - 1][:2]
        slots[item, np.count_nonzero(slots[item])] = row
        bought[user, item] = True
    stars = np.array([0] + [review[2] for review in REVIEWS], float)
    return Planted(base=random.uniform(2, 4.6, (users, items)),
                   personal=random.normal(size=(users, count + 1)),
                   useful=random.normal(size=count + 1) / 2,
                   residual=np.where(stars > 0, stars - 3, 0.), slots=slots, bought=bought)


def write_catalogue(path, reviews=REVIEWS, shoppers=SHOPPERS, items=ITEMS,
                    titles=TITLES):
    """Writes the tiny catalogue, or a variant of it. Returns its path."""
    train = [review for review in reviews if review[5] == "train"]

    def count_and_mean(side, row):
        stars = [review[2] for review in train if review[side] == row]
        return len(stars), np.mean(stars) if stars else None

    catalogue.write(
        str(path),
        [(row, item, (titles + [None] * row)[row], 7.5 if row % 2 else None,
          "http://ecx.images-amazon.com/images/I/x.jpg" if row % 3 else None, None, None, None,
          *count_and_mean(1, row)) for row, item in enumerate(items)],
        [(row, shopper, *count_and_mean(0, row)) for row, shopper in enumerate(shoppers)],
        [(row, user, item, stars, summary, text, 1393545600 - row * 86400, None, None, split)
         for row, (user, item, stars, summary, text, split) in enumerate(reviews, 1)])
    return str(path)


def write_model(folder, planted):
    """Writes the planted model as a SavedModel with the signatures that the shop calls."""
    from runtime.tf1 import tf

    def explain(user, item):
        rows = tf.gather(tf.constant(planted.slots, tf.int32), item)  # [B, R]
        rows = rows[:, :tf.reduce_max(tf.math.count_nonzero(rows, 1, dtype=tf.int32))]
        real = tf.cast(rows > 0, tf.float32)
        pairs = tf.stack([tf.broadcast_to(user[:, None], tf.shape(rows)), rows], -1)
        personal = tf.gather_nd(tf.constant(planted.personal, tf.float32), pairs) * real
        useful = tf.gather(tf.constant(planted.useful, tf.float32), rows) * real
        weights = tf.exp(personal + useful) * real
        weights /= tf.maximum(tf.reduce_sum(weights, 1, keepdims=True), 1e-9)
        even = real / tf.maximum(tf.reduce_sum(real, 1, keepdims=True), 1)
        votes = (weights - even) * tf.gather(tf.constant(planted.residual, tf.float32), rows)
        base = tf.gather_nd(tf.constant(planted.base, tf.float32), tf.stack([user, item], -1))
        return {wire.RATING: base + tf.reduce_sum(votes, 1), wire.ITEM_REVIEWS: rows,
                wire.ITEM_WEIGHTS: weights, wire.ITEM_PERSONAL: personal, wire.ITEM_USEFUL: useful,
                wire.ITEM_VOTES: votes, wire.USER_REVIEWS: rows[:, :1],
                wire.USER_WEIGHTS: weights[:, :1]}

    def rank(user, k, with_owned):
        users, items = tf.shape(user)[0], planted.base.shape[1]
        rating = explain(tf.repeat(user, items), tf.tile(tf.range(items), [users]))[wire.RATING]
        rating = tf.reshape(rating, [users, items])
        owned = tf.gather(tf.constant(planted.bought), user) & (not with_owned)
        best, item = tf.math.top_k(tf.where(owned, tf.fill([users, items], -1e9), rating), k)
        return {wire.ITEM: tf.where(best > -1e8, item, -tf.ones_like(item)),
                wire.RATING: tf.where(best > -1e8, best, tf.zeros_like(best))}

    with tf.Graph().as_default(), tf.Session() as session:
        user, item = (tf.placeholder(tf.int32, [None], name) for name in (wire.USER, wire.ITEM))
        k = tf.placeholder(tf.int32, [], wire.TOP_K)
        signatures = {
            wire.EXPLAIN: ({wire.USER: user, wire.ITEM: item}, explain(user, item)),
            wire.RANK: ({wire.USER: user, wire.TOP_K: k}, rank(user, k, True)),
            wire.RANK_UNBOUGHT: ({wire.USER: user, wire.TOP_K: k}, rank(user, k, False))}
        builder = tf.saved_model.Builder(os.path.join(str(folder), "3"))
        builder.add_meta_graph_and_variables(
            session, [tf.saved_model.SERVING],
            {name: tf.saved_model.predict_signature_def(inputs, outputs)
             for name, (inputs, outputs) in signatures.items()})
        builder.save()
    return str(folder)


@pytest.fixture(scope="session")
def planted():
    return plant()


@pytest.fixture(scope="session")
def model_folder(planted, tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model"), planted)


@pytest.fixture(scope="session")
def server(model_folder):
    """The model server with the planted model, shared by all tests that do not stop or change it."""
    started = model_server.start(wire.MODEL_NAME, model_folder)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def catalogue_path(tmp_path_factory):
    return write_catalogue(tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite")


@pytest.fixture(scope="session")
def app(server, catalogue_path):
    """The shop. Its timeout is long, because these tests do not measure speed."""
    return create_app(server_url=server.rest_url, catalogue_path=catalogue_path, timeout=60,
                      rankings_a_minute=UNLIMITED)


@pytest.fixture
def folders(tmp_path):
    """A folder with two runs on one data set; 'late' is the latest."""
    for age, name in ((9, "early"), (0, "late")):
        config = tmp_path / "runs" / name / "config.json"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps({"data": "toys"}))
        os.utime(str(config), (1e9 - age, 1e9 - age))
    (tmp_path / "data" / "toys").mkdir(parents=True)
    write_catalogue(tmp_path / "data" / "toys" / "catalogue.sqlite")
    return tmp_path


@pytest.fixture
def client(app, monkeypatch):
    monkeypatch.setattr(ranked_page, "PAGE", len(ITEMS))  # all on one page
    return app.test_client()


@pytest.fixture(scope="session")
def chain(tiny_export, tmp_path_factory):
    """The tiny run, exported; no model server is running yet."""
    return chains.make(tiny_export, str(tmp_path_factory.mktemp("chain")))


@pytest.fixture(scope="session")
def chain_server(chain):
    """The model server of the real shop."""
    started = model_server.start(wire.MODEL_NAME, chain.versions)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def chain_app(chain, chain_server):
    """The real shop in this process, without tables of aspects."""
    return create_app(chain.run_folder, chain_server.rest_url, timeout=60, rankings_a_minute=UNLIMITED)


@pytest.fixture(scope="session")
def aspect_chain(chain, chain_server, tmp_path_factory):
    """The Chain of a copy of the run with the tables of `./run aspects`, and the port of the model server that runs."""
    run = str(tmp_path_factory.mktemp("aspects") / "tiny")
    shutil.copytree(chain.run_folder, run)
    with open(os.path.join(run, "config.json")) as source:
        config = json.load(source)
    with open(os.path.join(run, "config.json"), "w") as out:
        json.dump(dict(config, data_folder=os.path.relpath(chain.data_folder, run)), out)
    aspects.main(["--run", run, "--number", "5"])
    return chain._replace(run_folder=run, rest_port=int(chain_server.rest_url.rpartition(":")[2]))


@pytest.fixture(scope="session")
def aspect_app(aspect_chain):
    """The real shop of that run in this process."""
    return create_app(aspect_chain.run_folder, aspect_chain.server_url, timeout=60, rankings_a_minute=UNLIMITED)


@pytest.fixture(scope="session")
def shopper(chain):
    """The id of the shopper of the real shop who has most ratings."""
    connection = catalogue.of(chain.data_folder)
    user_id, = connection.execute("SELECT user_id FROM users ORDER BY rating_count DESC").fetchone()
    connection.close()
    return user_id
