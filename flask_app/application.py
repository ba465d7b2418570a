"""The shop: ranked items for a shopper and, for each, the few reviews that matter to this shopper.

Reads the catalogue and asks a model server; never imports TensorFlow.
"""
import os

# Before numpy is imported: its products here are small, and threads that wait for work would take
# the cores from the model server.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from flask import Flask  # noqa: E402

from flask_app.views import request_data as resources
from flask_app.recommending.word_contributions import Words  # noqa: E402
from flask_app.storage import runs
from flask_app.views import be_yourself as yourself
from flask_app.views import about, api, errors, pages, profile
from flask_app.web import headers, render  # noqa: E402
from flask_app.web.fragments import once  # noqa: E402
from flask_app.web.model_version import ModelVersion  # noqa: E402
from flask_app.web.rate_limit import RateLimit  # noqa: E402
from runtime.cli import UserError  # noqa: E402
from serving import signatures  # noqa: E402
from serving.client import ModelClient  # noqa: E402

SERVER_URL = "http://127.0.0.1:8501"
# Seconds for an exchange with the model server, and for its state. A page has two exchanges, and
# may take 2 s whatever the server does.
TIMEOUT, PROBE_TIMEOUT = .85, .25
LARGEST = 2 ** 16  # bytes of what a browser may send
FRESH = 600  # seconds that a browser keeps style and mark


def create_app(run_dir=None, server_url=SERVER_URL, catalogue_path=None, data_dir=None,
               pictures=False, model_name=signatures.MODEL_NAME, timeout=TIMEOUT):
    """Makes the application.

    Args:
      run_dir: the folder of a training run; its config.json names the data. May be None with a
        `catalogue_path`.
      server_url: the model server's REST address.
      catalogue_path: the catalogue; None for that of the run's data.
      data_dir: where the data sets are; None for where the run says.
      pictures: whether pages show the items' own pictures from other hosts, over https.
      model_name: the model's name at the server.
      timeout: seconds to wait for an answer of the model server.

    Raises:
      UserError: no such run, no catalogue, or an address that is none.
    """
    data, folder = runs.data_of(run_dir, data_dir) if run_dir is not None else (None, None)
    if catalogue_path is None:
        if folder is None:
            raise UserError("the shop needs a run or a catalogue; name one")
        catalogue_path = os.path.join(folder, "catalogue.sqlite")
    runs.check_catalogue(catalogue_path)
    app = Flask("flask_app")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, SEND_FILE_MAX_AGE_DEFAULT=FRESH,
                      CATALOGUE=catalogue_path, PICTURES=pictures,
                      RUN=run_dir and os.path.basename(os.path.abspath(run_dir)), DATA=data,
                      MODEL=model_name, RUN_FOLDER=run_dir, DATA_FOLDER=folder)
    app.extensions["model_server"] = _model_client(server_url, model_name, timeout)
    app.extensions["rate_limit"] = RateLimit(burst=20, a_minute=30)
    app.extensions["words"] = Words(folder, run_dir) if runs.has_artefact(folder) else None
    app.extensions["model_probe"] = probe = _model_client(server_url, model_name, PROBE_TIMEOUT)
    app.jinja_env.globals["model_version"] = ModelVersion(probe, model_name)
    app.url_map.merge_slashes = False  # an id may begin with a slash
    app.url_map.converters["id"] = resources.RawId
    app.jinja_env.filters.update(render.FILTERS, once=once())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    headers.register(app)
    errors.register(app)
    for room in (pages, profile, yourself, about, api):
        app.register_blueprint(room.blueprint)
    return app


def _model_client(url, model_name, timeout):
    """A REST client: that of gRPC would bring TensorFlow into this process."""
    try:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r}: give http://host:port")
        # One call that waited in vain is enough: else every thread of the shop would soon wait.
        return ModelClient(url, model_name, timeout, failures=1)
    except ValueError as error:
        raise UserError(f"--server {error}") from error
