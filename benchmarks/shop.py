"""`./run bench shop`: latency and size of the shop's pages, of each kind by itself.

Shop and model server run in their own processes on this machine, with random weights and an artificial corpus, or with
the run and the export of --run and --model_base_path. For each kind of page, several clients request random pages of
it, again and again without pause. The export stores the first items of every user's ranking; with `--rankings 0` each
ranked page ranks the whole catalogue instead, as it does for tastes. With `--seconds 3600 --warm_up 300 --pause 1.5
--follow` it is a soak test: the shoppers read, and go on by links; no page may fail, and the memory of both servers
must not grow after the warm-up. With `--every 8` a new version of the model is loaded every 8 seconds; no page may
fail.
"""
import contextlib
import functools
import http.client
import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from benchmarks import flags, process_memory, random_catalogue, random_run, report, shapes, shoppers
from benchmarks.report import say, verdict
from benchmarks.serving import load as server_load
from benchmarks.serving import model_server
from models.run_folder import aspect_tables, layout, runs
from preprocessing import catalogue
from runtime import cli, project
from runtime.processes import Children

SHOP_FLAGS = ("--processes", "2",  # one process of Python uses one core only
              "--rankings_a_minute", "1000000")  # all clients have one address
SERVER_FLAGS = ("--tensorflow_intra_op_parallelism", "1")  # many small requests at a time: one core for each
MAX_P95, MAX_KB = 250, 100  # milliseconds; KB of a page with its style sheet and its own pictures
MAX_GROWTH = 5  # percent of the memory after the warm-up


class Served(NamedTuple):
    """A running shop with its model server."""
    address: tuple  # (host, port)
    server: model_server.Server
    shop: subprocess.Popen

    def cpu(self):
        """Returns the CPU seconds of both so far."""
        return process_memory.cpu(self.server.process.pid) + process_memory.cpu(self.shop.pid)

    def memory(self):
        """Returns the resident MiB of the model server, and of all processes of the shop."""
        return {"model_server": self.server.memory(), "shop": process_memory.of(self.shop.pid)}


def parse_args(argv=None):
    parser = cli.Parser("./run bench shop", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES), help="sizes of the corpus")
    parser.add_argument("--factor", type=float, default=1., help="multiplies reviews, users and items of the shape")
    parser.add_argument("--shoppers", type=int, default=8, help="clients that request pages at the same time")
    parser.add_argument("--pause", type=float, default=0., metavar="SECONDS",
                        help="average time for which a client reads a page before it requests the next one")
    parser.add_argument("--follow", action="store_true",
                        help="clients go on by random links of the page that they have read, three times out of four")
    parser.add_argument("--every", type=float, metavar="SECONDS",
                        help="seconds between two new versions of the model; default: none")
    parser.add_argument("--pages", nargs="+", choices=shoppers.KINDS, help="kinds of pages; default: all, or ranked "
                        "with --follow and with --every")
    parser.add_argument("--seconds", type=float, default=60., help="duration of the measurement of each kind")
    parser.add_argument("--warm_up", type=float, default=5., help="seconds of requests before the measurement, of each")
    parser.add_argument("--rankings", type=int, default=100, help="--rankings of ./run export")
    parser.add_argument("--folder", help="keep corpus, run and model in this folder, and reuse those in it")
    parser.add_argument("--run", metavar="DIR", help="serve this trained run, in place of an artificial corpus")
    parser.add_argument("--model_base_path", metavar="DIR", help="its folder of versions, made by ./run export")
    parser.add_argument("--log", metavar="FILE", help="write the log lines of the shop to this file")
    args = flags.parse(parser, argv, "factor", "shoppers", "seconds", "warm_up")
    if args.rankings < 0:
        parser.error(f"--rankings {args.rankings}: give 0 or more")
    if args.every is not None and not 0 < args.every < args.seconds:
        parser.error(f"--every {args.every}: give a number above 0, and below --seconds")
    if args.pause < 0:
        parser.error(f"--pause {args.pause}: give 0 or more")
    if bool(args.run) != bool(args.model_base_path):
        parser.error("--run and --model_base_path belong together; give both of them, or none")
    args.pages = args.pages or ([shoppers.RANKED] if args.follow or args.every else list(shoppers.KINDS))
    return args


def build(folder, shape, factor, rankings):
    """Creates corpus, run, catalogue and model below a folder unless they exist. Returns (run, versions folder)."""
    from models.export import publish, word_scores

    cli.log.info("corpus and run in %s", folder)
    items = int(shapes.SHAPES[shape].items * factor)
    run = random_run.build(folder, shape, factor, **(random_run.large(items) if items > random_run.MANY else {}))
    versions = os.path.join(folder, f"{layout.MODELS}_{rankings}")
    random_catalogue.write_catalogue(os.path.join(folder, "data"))
    random_catalogue.write_aspects(folder, run)
    if not os.path.isdir(versions) or not os.path.isdir(os.path.join(run, layout.WORDS)):
        cli.log.info("export with the first %d items of every ranking", rankings)
        publish.export(run, versions, rankings)
        word_scores.write(run)
    return run, versions


@contextlib.contextmanager
def served(run, versions, log=None):
    """Yields a shop of the run with a model server, as `Served`; `log` is the path of the shop's log, None for none.

    Raises `UserError` if the shop does not start.
    """
    with model_server.server(os.path.abspath(versions), *SERVER_FLAGS) as server, Children() as children, \
            open(log or os.devnull, "wb") as lines:
        shop = children.start(
            "the shop", project.module("flask_app") + [
                "--run", os.path.abspath(run), "--port", "0", "--server", server.rest, *SHOP_FLAGS],
            stdout=subprocess.PIPE, stderr=lines)
        line = shop.stdout.readline().decode()
        address = re.search(r"http://([^:]+):(\d+)/", line)
        if not address:
            raise cli.UserError(f"bench: the shop does not start: {line.strip() or 'no output'}")
        yield Served((address.group(1), int(address.group(2))), server, shop)


def kilobytes(address, path):
    """Returns the KB (1000 bytes) of a page and of the files that it loads from the shop."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    page = shoppers.get(connection, path).body
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode()))
    return (len(page) + sum(len(shoppers.get(connection, part).body) for part in parts)) / 1000


def _scratch():
    return tempfile.TemporaryDirectory(prefix="bench-")


def measure(args, folder):
    """Returns all figures of one benchmark."""
    if args.run:
        run, versions, data = args.run, args.model_base_path, layout.data_of(args.run, runs.record_of(args.run))
    else:
        (run, versions), data = build(folder, args.shape, args.factor, args.rankings), os.path.join(folder, "data")
    pages = pages_of(run, data, args.pages)
    with contextlib.ExitStack() as ending:
        if args.every:
            source, versions = model_server.latest(versions), ending.enter_context(_scratch())
            model_server.write_variant(source, versions, 1)
        running = ending.enter_context(served(run, versions, args.log))
        load = functools.partial(shoppers.load, running.address, shoppers=args.shoppers, pause=args.pause,
                                 follow=args.follow)
        for paths in pages.values():
            load(paths, seconds=min(args.warm_up, args.seconds))  # not measured
        memory, kinds = [running.memory()], {}
        if args.every:
            replacing = ThreadPoolExecutor(1).submit(server_load.replace, versions, source, args)
        for kind, paths in pages.items():
            used = running.cpu()
            answers = load(paths, seconds=args.seconds, each_minute=lambda: memory.append(running.memory()))
            kinds[kind] = _of_kind(answers, args.seconds)
            kinds[kind]["cpu"] = 1000 * (running.cpu() - used) / max(1, kinds[kind]["pages"])
        for kind, paths in pages.items():
            sizes = [kilobytes(running.address, path) for path in paths[:20]]
            kinds[kind].update(kb=float(np.mean(sizes)), most_kb=max(sizes))
    return dict(kinds=kinds, new_versions=replacing.result() - 1 if args.every else 0,
                shoppers=args.shoppers, pause=args.pause, follow=args.follow, rankings=args.rankings,
                mib={name: {"before": round(memory[0][name], 1), "after": round(memory[-1][name], 1),
                            "each_minute": [round(mib[name], 1) for mib in memory]} for name in memory[0]})


def pages_of(run, data, kinds):
    """Returns {kind: addresses} of those `kinds` of pages that the shop of a run has."""
    tables = aspect_tables.load(run)
    with contextlib.closing(catalogue.of(data)) as connection:
        found = shoppers.addresses(connection, [aspect.code for aspect in tables.aspects] if tables else [])
    if not set(kinds) <= set(found):
        cli.log.warning("%s has no aspects (./run aspects finds them): pages for tastes are not measured", run)
    return {kind: paths for kind, paths in found.items() if kind in kinds}


def _of_kind(answers, seconds):
    """The figures of the pages of one kind, of `shoppers.Answers`."""
    pages = len(answers.milliseconds)
    return dict({f"p{part}": float(np.percentile(answers.milliseconds, part)) for part in (50, 95, 99)}, pages=pages,
                failed=sum(answers.failed.values()), failures=dict(answers.failed), pages_per_second=pages / seconds)


def main(argv=None):
    args = parse_args(argv)
    with contextlib.ExitStack() as ending:
        folder = args.folder or ending.enter_context(_scratch())
        figures = measure(args, folder)
    for kind, found in figures["kinds"].items():
        say(f"{shoppers.TITLES[kind]}: {found['pages']} pages for {args.shoppers} shoppers at a time, "
            f"{found['pages_per_second']:.1f} per second, {found['failed']} failed")
        if found["failed"]:
            say(f"failed: {json.dumps(found['failures'])}")
        say(f"  milliseconds: p50 {found['p50']:.0f}, p95 {found['p95']:.0f}, p99 {found['p99']:.0f}; target for p95 "
            f"below {MAX_P95}: {verdict(found['p95'] < MAX_P95)}")
        say(f"  CPU milliseconds of shop and model server for a page: {found['cpu']:.0f}")
        say(f"  page size: {found['kb']:.0f} KB on average, {found['most_kb']:.0f} at most; target at most {MAX_KB}: "
            f"{verdict(found['most_kb'] <= MAX_KB)}")
    if args.every:
        say(f"{figures['new_versions']} new versions of the model")
    for name, mib in figures["mib"].items():
        growth = 100 * (mib["after"] / mib["before"] - 1)
        target = f"; target at most {MAX_GROWTH:+d} %: {verdict(growth <= MAX_GROWTH)}" if args.follow else ""
        say(f"memory of the {name.replace('_', ' ')}: {mib['before']:.0f} MiB after the warm-up, {mib['after']:.0f} at "
            f"the end, {growth:+.1f} %{target}")
    report.write(args, figures)


if __name__ == "__main__":
    cli.run(main)
