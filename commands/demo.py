"""The demo: from reviews to a shop in the browser, by the commands a user would type."""
import os
import re
import time
from functools import partial

from models.run_folder import progress
from runtime import cli, processes
from runtime.project import ROOT
from runtime.stages import Made, Pipeline, Stage, sha256
from serving.signatures import MODEL_NAME


def build_all(pipeline, args):
    """Builds everything up to the SavedModel.

    Returns:
      (run, model, evaluate): a `Made` each, and a function that builds the run's evaluation: the shop shows it once
      it is there, so that nobody has to wait for it.
    """
    name = args.name or (name_after(args.reviews) if args.reviews else "sample")
    given = {flag: Made(path, sha256(path))
             for flag, path in (("reviews", args.reviews), ("meta", args.meta)) if path}
    if not given:
        sample = pipeline.build(Stage(
            "make the sample corpus", ["-m", "preprocessing.sample", "--out", "{out.path}"],
            out=f"data/raw/{name}", sources=["preprocessing"]))
        given = {flag: Made(f"{sample.path}/{flag}.json.gz", sample.digest)
                 for flag in ("reviews", "meta")}
    files = [part for flag in given for part in (f"--{flag}", f"{{{flag}.path}}")]
    data = pipeline.build(Stage(
        "preprocess the reviews", ["-m", "preprocessing", "--name", "{out.name}"] + files,
        out=f"data/{name}", sources=["preprocessing"]), **given)
    epochs = ["--epoch", str(args.epochs)] if args.epochs else []
    run = pipeline.build(Stage(
        "train the attention network",
        ["train.py", "--data", "{data.name}", "--name", "{out.name}"] + epochs,
        out=f"runs/{name}", sources=["train.py", "models", "metrics", "preprocessing", "runtime"],
        resume=["--resume"], ended=progress.is_finished), data=data)
    model = pipeline.build(Stage(
        "export it for the model server",
        ["tensorflow_serving.py", "--run", "{run.name}", "--out", "{out.path}"],
        out=f"model_serve/{run.name}",
        sources=["tensorflow_serving.py", "models", "metrics", "preprocessing", "serving/signatures.py", "runtime"]),
                           run=run, data=data)
    evaluation = Stage(
        "evaluate it beside the baselines", ["-m", "commands.evaluate", "--run", "{run.name}"],
        out=f"{run.path}/evaluation", in_place=True,
        sources=["commands", "evaluation", "metrics", "models", "preprocessing", "runtime"])
    return run, model, partial(pipeline.build, evaluation, run=run, data=data, **given)


def serve(pipeline, run, model, args):
    """Starts the model server and the shop. Returns the shop's address, once the shop is ready."""
    pipeline.heading("start the model server and the shop")
    server = f"http://127.0.0.1:{args.rest_api_port}"
    pipeline.children.start("the model server", [
        "-m", "serving.server", "--model_base_path", model.path, "--port", str(args.grpc_port),
        "--rest_api_port", str(args.rest_api_port)])
    pipeline.children.start("the shop", [
        "-m", "flask_app", "--run", run.name, "--host", args.host, "--port", str(args.port),
        "--server", server])
    url = f"http://{'127.0.0.1' if args.host == '0.0.0.0' else args.host}:{args.port}/"
    for ready in (f"{server}/v1/models/{MODEL_NAME}/metadata", f"{url}readyz"):
        pipeline.children.wait_until_ready(ready, timeout=120)
    return url


def name_after(path):
    """The name of data and run after a file: `reviews_X_5` for `/a/reviews_X_5.json.gz`."""
    stem = re.split(r"\.(?:json|jsonl|csv|txt|gz)\b", os.path.basename(path))[0]
    return re.sub(r"[^A-Za-z0-9_-]+", "_", stem).strip("_-") or "reviews"


def parse_args(argv=None):
    parser = cli.Parser(prog="demo", description="From reviews to a shop in the browser.")
    parser.add_argument("--reviews", metavar="FILE", help="raw reviews; without, a sample")
    parser.add_argument("--meta", metavar="FILE", help="metadata of the items of --reviews")
    parser.add_argument("--name", help="of data and run; without, after the file, or `sample`")
    parser.add_argument("--epochs", type=int, default=8, help="of training, at most")
    parser.add_argument("--port", type=int, default=5000, help="of the shop")
    parser.add_argument("--host", default="127.0.0.1", help="where the shop listens")
    parser.add_argument("--rest_api_port", type=int, default=8501, help="of the model server, REST")
    parser.add_argument("--grpc_port", type=int, default=8500, help="of the model server, gRPC")
    args = parser.parse_args(argv)
    if args.meta and not args.reviews:
        parser.error("--meta goes with --reviews")
    if args.name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", args.name):
        parser.error(f"--name {args.name!r}: letters, digits and _ . - only")
    if args.epochs is not None and args.epochs < 1:
        parser.error("--epochs must be 1 or more")
    for flag in ("reviews", "meta"):
        path = getattr(args, flag)
        if path is not None and not os.path.isfile(path):
            parser.error(f"--{flag} {path}: there is no such file")
        setattr(args, flag, path and os.path.abspath(path))
    return args


def main(argv=None):
    start = time.time()
    args = parse_args(argv)
    os.chdir(ROOT)
    ports = {"--port": (args.host, args.port),
             "--rest_api_port": ("127.0.0.1", args.rest_api_port),
             "--grpc_port": ("127.0.0.1", args.grpc_port)}
    with processes.Children() as children:
        pipeline = Pipeline(children, total=5 if args.reviews else 6)
        with processes.hold_ports(ports):  # a second demo is told now, not after its training
            run, model, evaluate = build_all(pipeline, args)
        url = serve(pipeline, run, model, args)
        cli.log.info("the shop is open after %.1f s; Ctrl-C ends it", time.time() - start)
        print(url, flush=True)
        evaluate()
        children.watch()


if __name__ == "__main__":
    cli.run(main)
