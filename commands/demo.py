"""`./run demo`: from raw reviews to a shop in the browser. What an earlier demo made is used again."""
import os
import re
import time

from experiments import demo
from preprocessing.tokenise import TOKENISERS
from runtime import cli, processes
from runtime.project import ROOT
from runtime.stages import Pipeline


def parse_args(argv=None):
    parser = cli.Parser(prog="./run demo", description=__doc__)
    parser.add_argument("--reviews", metavar="FILE", help="file of raw reviews; default: a generated sample corpus")
    parser.add_argument("--meta", metavar="FILE", help="metadata of the items of --reviews")
    parser.add_argument("--tokens", choices=sorted(TOKENISERS), help="what a word of --reviews is; see "
                        "./run preprocess --help")
    parser.add_argument("--name", help="name of the data and the run; default: from the name of --reviews, else "
                        "'sample'")
    parser.add_argument("--epochs", type=int, default=8, help="greatest number of epochs of the training")
    parser.add_argument("--build_only", action="store_true",
                        help="end when the SavedModel is exported; start neither the model server nor the shop")
    parser.add_argument("--port", type=int, default=5000, help="port of the shop")
    parser.add_argument("--host", default="127.0.0.1", help="address at which the shop listens")
    parser.add_argument("--rest_api_port", type=int, default=8501, help="REST port of the model server")
    parser.add_argument("--grpc_port", type=int, default=8500, help="gRPC port of the model server")
    args = parser.parse_args(argv)
    if args.meta and not args.reviews:
        parser.error("--meta is given without --reviews")
    if args.name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", args.name):
        parser.error(f"--name {args.name!r}: letters, digits and _ . - only")
    if args.epochs < 1:
        parser.error("--epochs must be 1 or more")
    for flag in ("reviews", "meta"):
        path = getattr(args, flag)
        if path is not None and not os.path.isfile(path):
            parser.error(f"--{flag} {path}: no such file")
        setattr(args, flag, path and os.path.abspath(path))
    return args


def main(argv=None):
    start = time.monotonic()
    args = parse_args(argv)
    os.chdir(ROOT)
    ports = {"--port": (args.host, args.port),
             "--rest_api_port": ("127.0.0.1", args.rest_api_port),
             "--grpc_port": ("127.0.0.1", args.grpc_port)}
    with processes.Children() as children:
        pipeline = Pipeline(children, total=8 if args.reviews else 9)
        with processes.hold_ports(ports):  # a port in use is reported now, not after the training
            built = demo.build_all(pipeline, args)
        if args.build_only:
            return
        url = demo.serve(pipeline, built, args)
        cli.log.info("The shop is open after %.1f s; Ctrl-C ends it.", time.monotonic() - start)
        print(url, flush=True)
        built.follow()
        cli.log.info("%s", demo.made(built, url))
        children.watch()


if __name__ == "__main__":
    cli.run(main)
