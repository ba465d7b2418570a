"""The Flask application of the shop, put together. Reads the catalogue and calls a model server; no TensorFlow."""
import os

from flask import Flask

from flask_app.recommending.word_contributions import WordScorer
from flask_app.storage import runs
from flask_app.views import about, api, errors, pages, profile, start, your_tastes
from flask_app.views.form_request import FormRequest
from flask_app.web import headers, render, request_log
from flask_app.web import host_names as names_of_hosts
from flask_app.web.fragments import once
from flask_app.web.metrics import Metrics
from flask_app.web.model_version import ModelVersion
from flask_app.web.patient_client import PATIENCE, ClientBySize, PatientClient
from flask_app.web.rate_limit import RateLimit
from flask_app.web.raw_ids import RawId
from runtime.cli import UserError
from serving import signatures
from serving.client import ModelClient

SERVER_URL = "http://127.0.0.1:8501"
# Seconds for an exchange with the model server, and for a query of its state. A page needs two exchanges, and must
# answer within 2 s whatever the server does, unless it answers that it loads a version.
TIMEOUT, PROBE_TIMEOUT = .85, .25
# Bytes of a request's body: three boxes of 8,000 characters of at most 9 bytes as browsers send them, and the rest.
LARGEST = 2 ** 18
# Rankings for tastes and filters that one address may request in a minute, a quarter of them at once: who taps one
# taste after the other is never refused.
RANKINGS_A_MINUTE = 240
FRESH = 600  # seconds that a browser keeps style sheet and icon


def create_app(run_folder=None, server_url=SERVER_URL, catalogue_path=None, data_folder=None,
               pictures=False, model_name=signatures.MODEL_NAME, timeout=TIMEOUT, host_names=(), processes=1,
               rankings_a_minute=RANKINGS_A_MINUTE):
    """Makes the application.

    Args:
      run_folder: the folder of a training run; its config.json names the data. May be None where `catalogue_path`
        is given.
      server_url: the model server's REST address.
      catalogue_path: the catalogue; None for that of the run's data.
      data_folder: the folder that holds the data sets; None for the place that the run names.
      pictures: whether pages show the items' own pictures from other hosts, over https.
      model_name: the model's name at the server.
      timeout: seconds to wait for an answer of the model server.
      host_names: the only names by which requests may address the shop; none: any.
      processes: number of processes that will answer; they share the counts of `/metrics`.
      rankings_a_minute: rankings for tastes and filters that one address may request from a process.

    Raises:
      UserError: there is no such run or no catalogue, or the address of the server is not valid.
    """
    data = runs.data_of(run_folder, data_folder) if run_folder is not None else None
    if catalogue_path is None:
        if data is None:
            raise UserError("the shop needs a run or a catalogue; give one of them")
        catalogue_path = data.catalogue
    runs.check_catalogue(catalogue_path)
    artefact_folder = data and data.folder
    app = Flask("flask_app")
    app.request_class = FormRequest
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, SEND_FILE_MAX_AGE_DEFAULT=FRESH,
                      CATALOGUE=catalogue_path, PICTURES=pictures,
                      RUN=run_folder and os.path.basename(os.path.abspath(run_folder)), DATA=data and data.name,
                      MODEL=model_name, RUN_FOLDER=run_folder, DATA_FOLDER=artefact_folder)
    _connect(app, server_url, timeout)
    app.extensions["rate_limit"] = RateLimit(burst=20, a_minute=30)
    app.extensions["ranking_limit"] = RateLimit(max(1, rankings_a_minute // 4), rankings_a_minute)
    app.extensions["words"] = (WordScorer(artefact_folder, run_folder) if runs.has_artefact(artefact_folder)
                               else None)
    _prepare_templates(app)
    _register_views(app, host_names)
    app.extensions["metrics"] = Metrics([rule.endpoint for rule in app.url_map.iter_rules()], processes)
    return app


def _connect(app, server_url, timeout):
    """Gives the application its clients of the model server: for answers, and for the state of the server."""
    name, timeouts = app.config["MODEL"], (timeout, max(timeout, PATIENCE), PROBE_TIMEOUT)
    app.extensions["model_server"] = ClientBySize(*(PatientClient(*(
        model_client(server_url, name, seconds) for seconds in timeouts)) for _ in ("ordinary", "large")))
    app.extensions["model_probe"] = model_client(server_url, name, PROBE_TIMEOUT)


def _prepare_templates(app):
    """Sets what the templates can call, and how their blocks become lines."""
    app.jinja_env.globals["model_version"] = ModelVersion(app.extensions["model_probe"], app.config["MODEL"])
    app.jinja_env.globals["request_id"] = request_log.request_id
    app.jinja_env.filters.update(render.FILTERS, once=once())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _register_views(app, host_names):
    """Registers all addresses of the shop, and what is done before and after each request."""
    app.url_map.merge_slashes = False  # an id may begin with a slash
    app.url_map.converters["id"] = RawId
    headers.register(app)
    names_of_hosts.register(app, host_names)
    request_log.register(app)
    errors.register(app)
    for view in (start, pages, profile, your_tastes, about, api):
        app.register_blueprint(view.blueprint)


def model_client(url, model_name, timeout):
    """A REST client of the model server; a gRPC client would import TensorFlow. Raises UserError."""
    try:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r}: give http://host:port")
        # After one timeout further calls fail at once for a while: else every thread of the shop would soon wait.
        return ModelClient(url, model_name, timeout, failures=1)
    except ValueError as error:
        raise UserError(f"--server {error}") from error
