"""The demo: from raw reviews to a shop in the browser, by the commands that a user would type, as stages."""
import os
import re
from typing import Callable, NamedTuple

from models.run_folder import layout, progress, users_report
from preprocessing.reading import opening
from preprocessing.sample import corpus
from runtime import cli, processes
from runtime.files import sha256
from runtime.stages import Made, Stage
from serving.signatures import MODEL_NAME

# Endings of files of reviews that a name does not keep; their format itself is recognised by their content.
FORMATS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet")


class Built(NamedTuple):
    """What the shop needs, and what can follow once it is open."""
    run: Made
    model: Made  # the SavedModel
    follow: Callable  # builds the evaluation, the map and the tables of users, which the shop shows once they exist


def build_all(pipeline, args):
    """Builds everything up to the SavedModel; returns a Built.

    Args:
      pipeline: `stages.Pipeline`.
      args: flags of `./run demo`.
    """
    name = args.name or (name_after(args.reviews) if args.reviews else "sample")
    given = _raw_files(pipeline, args, name)
    raw = [part for flag in given for part in (f"--{flag}", f"{{{flag}.path}}")]
    tokens = ["--tokens", args.tokens] if args.tokens else []
    data = pipeline.build(Stage(
        "preprocess the reviews", ["-m", "preprocessing", "--name", "{out.name}"] + raw + tokens,
        out=os.path.join(layout.DATA, name)), **given)
    run = pipeline.build(Stage(
        "train the attention network",
        ["train.py", "--data", "{data.name}", "--name", "{out.name}", "--epoch", str(args.epochs)],
        out=os.path.join(layout.RUNS, name), resume=["--resume"], is_finished=progress.is_complete), data=data)
    aspects = pipeline.build(Stage(
        "find what the reviews speak of", ["-m", "commands.aspects", "--run", "{run.name}"],
        out=layout.aspects_of(run.path), in_place=True), run=run, data=data)
    model = pipeline.build(Stage(
        "export the run for the model server",
        ["tensorflow_serving.py", "--run", "{run.name}", "--out", "{out.path}"],
        out=os.path.join(layout.MODELS, run.name)), run=run, data=data)
    return Built(run, model, lambda: _follow(pipeline, given, run=run, data=data, aspects=aspects))


def _raw_files(pipeline, args, name):
    """Returns {"reviews", "meta": Made} of the user's files, or of a sample corpus where none is given."""
    given = {flag: Made(path, sha256(path))
             for flag, path in (("reviews", args.reviews), ("meta", args.meta)) if path}
    if given:
        return given
    sample = pipeline.build(Stage(
        "make the sample corpus", ["-m", "preprocessing.sample", "--out", "{out.path}"],
        out=os.path.join(layout.DATA, "raw", name)))
    return {flag: Made(os.path.join(sample.path, file), sample.digest)
            for flag, file in (("reviews", corpus.REVIEWS), ("meta", corpus.META))}


def _follow(pipeline, given, run, **inputs):
    """Builds what the shop adds to its pages once it exists; a stage that fails is logged, and the others are built.

    Args:
      given: {flag: Made} of the raw files.
      run, inputs: the Made that all of these stages depend on.
    """
    evaluation = Stage(
        "evaluate the run beside the baselines", ["-m", "commands.evaluate", "--run", "{run.name}"],
        out=os.path.join(run.path, layout.EVALUATION), in_place=True)
    users = Stage(
        "group and compare the users", ["-m", "commands.users", "--run", "{run.name}"],
        out=layout.users_of(run.path), in_place=True, part="tables", owns=lambda path: path in users_report.FILES)
    users_map = Stage(
        "draw the map of users", ["-m", "tSNE.tSNE_visualization", "--run", "{run.name}"],
        out=layout.users_of(run.path), in_place=True, part="map", owns=lambda path: path not in users_report.FILES)
    for stage, further in (users, {}), (evaluation, given), (users_map, {}):  # the shortest one first
        try:
            pipeline.build(stage, run=run, **inputs, **further)
        except processes.Failed:
            cli.log.warning("The shop stays open, without what this command would have added: %s", stage.title)


def serve(pipeline, built, args):
    """Starts the model server and the shop. Returns the shop's address, once the shop is ready."""
    pipeline.heading("start the model server and the shop")
    server = f"http://127.0.0.1:{args.rest_api_port}"
    pipeline.children.start("the model server", [
        "-m", "serving.server", "--model_base_path", built.model.path, "--port", str(args.grpc_port),
        "--rest_api_port", str(args.rest_api_port), "--log_requests=false"])  # the shop logs the requests of its pages
    pipeline.children.wait_until_ready(f"{server}/v1/models/{MODEL_NAME}/metadata", timeout=120)
    pipeline.children.start("the shop", [
        "-m", "flask_app", "--run", built.run.name, "--host", args.host, "--port", str(args.port),
        "--server", server])
    url = f"http://{'127.0.0.1' if args.host == '0.0.0.0' else args.host}:{args.port}/"
    pipeline.children.wait_until_ready(f"{url}readyz", timeout=120)
    return url


def made(built, url):
    """A last line that names what can be opened now: the shop, and of the report and the map of users what exists."""
    pages = [("report", layout.PAGE), ("map of users", layout.MAP_PAGE)]
    files = [f"{title}: {os.path.join(built.run.path, page)}" for title, page in pages
             if os.path.exists(os.path.join(built.run.path, page))]
    return f"The demo is complete. {'; '.join([f'Shop: {url}'] + files)}. Ctrl-C ends the shop."


def name_after(path):
    """The name of data and run, taken from a file's name: `reviews_X_5` for `/a/reviews_X_5.json.gz`."""
    stem = os.path.basename(path)
    for endings in (opening.ENDINGS, FORMATS):  # from the end: the compression, then what is in it
        stem = next((stem[:-len(ending)] for ending in endings if stem.lower().endswith(ending)), stem)
    return re.sub(r"[^A-Za-z0-9_-]+", "_", stem).strip("_-") or "reviews"
