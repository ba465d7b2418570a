"""A tiny shop with a real model server, which serves a SavedModel of planted numbers."""
import json
import os
import shutil

import pytest

from commands import aspects
from flask_app.application import create_app
from flask_app.recommending import ranked_page
from preprocessing import catalogue
from serving import signatures as wire
from serving.server import start as model_server
from tests.flask_app import chain as chains
from tests.flask_app.planted_model import plant, write_model
from tests.flask_app.tiny_catalogue import ITEMS, write_catalogue

UNLIMITED = 10 ** 6  # rankings a minute: all tests have one address


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
