"""`./run bench shop`: how fast the ranked page comes, and what it weighs.

The shop and the embedded model server run as processes of their own on this machine, with a run of random
weights on a corpus of random text of a given shape; shoppers ask for the page of somebody drawn at random, each
again as soon as the last answer is there. The model is exported with the first items of every ranking, unless
`--rankings 0` has each page weigh the whole catalogue.
"""
import contextlib
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote

import numpy as np

from benchmarks import flags, random_run, shapes
from benchmarks.flags import say, verdict
from benchmarks.serving import model_server
from models.run_folder import runs
from preprocessing import artefact as contract
from preprocessing import catalogue
from runtime import cli
from runtime.project import ROOT

SHOP = ("--processes", "2")  # one of Python alone is busy with one core
BESIDE = ("--tensorflow_intra_op_parallelism", "1")  # many small answers at a time: each on a core of its own
MOST_P95, MOST_KB = 250, 150  # milliseconds, KB of the page with its style and pictures of its own


def parse_args(argv=None):
    parser = cli.Parser("./run bench shop", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES))
    parser.add_argument("--factor", type=float, default=1., help="of the shape's reviews, users and items")
    parser.add_argument("--shoppers", type=int, default=8, help="who ask at the same time")
    parser.add_argument("--seconds", type=float, default=60., help="they ask for")
    parser.add_argument("--rankings", type=int, default=100, help="as of ./run export")
    parser.add_argument("--folder", help="keeps corpus, run and model there, and uses what stands there")
    parser.add_argument("--out", help="a JSON file for all figures")
    args = flags.parse(parser, argv, "factor", "shoppers", "seconds")
    if args.rankings < 0:
        parser.error(f"--rankings {args.rankings}: give 0 or more")
    return args


def build(folder, shape, factor, rankings):
    """Corpus, run, catalogue and model below a folder, where they do not stand yet: (run, versions)."""
    from models.export import publish, word_scores

    run = random_run.build(folder, shape, factor)
    data, versions = os.path.join(folder, "data"), os.path.join(folder, f"model_serve_{rankings}")
    if not os.path.isfile(os.path.join(data, catalogue.NAME)):
        _catalogue(contract.load(data), os.path.join(data, catalogue.NAME))
    if not os.path.isdir(versions) or not os.path.isdir(os.path.join(run, runs.WORDS)):
        publish.export(run, versions, rankings)
        word_scores.write(run)
    return run, versions


def _catalogue(a, path):
    """The catalogue of an artefact of random text: its words are its word ids, spelled in letters."""
    words = np.array(["".join(chr(97 + int(digit)) for digit in str(number))
                      for number in range(len(a.vocabulary))])
    train = np.zeros(len(a.review_item), bool)
    train[a.train.review] = True
    counts = [np.bincount(owner[train], minlength=len(slots)).tolist() for owner, slots in (
        (a.review_item, a.item_reviews), (a.review_user, a.user_reviews))]
    draft = path + ".draft"
    catalogue.write(
        draft,
        [(row, f"I{row}", f"Toy {row}", 10. + row % 50, None, f"Toys > Kind {row % 40}", f"Maker {row % 90}", None,
          count, 4.) for row, count in enumerate(counts[0])],
        [(row, f"U{row}", count, 4.) for row, count in enumerate(counts[1])],
        ((row, int(a.review_user[row]), int(a.review_item[row]), float(a.review_rating[row]), "A summary",
          " ".join(words[a.review_tokens[row, :a.review_length[row]]]), int(a.review_time[row]), None, None,
          "train" if train[row] else "test") for row in range(1, len(a.review_item))))
    os.rename(draft, path)


@contextlib.contextmanager
def served(run, versions):
    """(host, port) of a shop of the run, the model server beside it."""
    with model_server.server(os.path.abspath(versions), *BESIDE) as server:
        shop = subprocess.Popen([sys.executable, "-m", "flask_app", "--run", os.path.abspath(run), "--port", "0",
                                 "--server", server.rest, *SHOP], cwd=ROOT, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, universal_newlines=True)
        try:
            line = shop.stdout.readline()
            found = re.search(r"http://([^:]+):(\d+)/", line)
            if not found:
                raise cli.UserError(f"bench: the shop does not start: {line.strip() or 'it said nothing'}")
            yield found.group(1), int(found.group(2))
        finally:
            shop.terminate()
            shop.wait(30)


def load(address, users, shoppers, seconds, seed=2017):
    """([milliseconds of each answer], [status of each that is not 200]) of shoppers who ask for so many seconds."""
    taken, failed, until = [], [], time.monotonic() + seconds

    def ask(number):
        random, connection = np.random.RandomState(seed + number), http.client.HTTPConnection(*address, timeout=30)
        while time.monotonic() < until:
            path = f"/shoppers/{quote(users[random.randint(len(users))], safe='')}"
            start = time.perf_counter()
            status, _ = _get(connection, path)
            taken.append(1000 * (time.perf_counter() - start))
            if status != 200:
                failed.append(status)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(shoppers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, failed


def weight(address, path):
    """KB (1000 bytes) of a page and of what it loads from the shop."""
    connection = http.client.HTTPConnection(*address, timeout=30)
    page = _get(connection, path)[1]
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode()))
    return (len(page) + sum(len(_get(connection, part)[1]) for part in parts)) / 1000


def _get(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure(args, folder):
    run, versions = build(folder, args.shape, args.factor, args.rankings)
    connection = catalogue.of(os.path.join(folder, "data"))
    users = [row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user")]
    connection.close()
    with served(run, versions) as address:
        load(address, users, args.shoppers, min(5, args.seconds))  # to warm up
        taken, failed = load(address, users, args.shoppers, args.seconds)
        found = {f"p{part}": float(np.percentile(taken, part)) for part in (50, 95, 99)}
        weights = [weight(address, f"/shoppers/{user}") for user in users[:20]]
    return dict(found, pages=len(taken), failed=len(failed), pages_per_second=len(taken) / args.seconds,
                shoppers=args.shoppers, rankings=args.rankings, kb=float(np.mean(weights)), most_kb=max(weights))


def main(argv=None):
    args = parse_args(argv)
    with contextlib.ExitStack() as ending:
        folder = args.folder or ending.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        found = measure(args, folder)
    say(f"{found['pages']} ranked pages for {args.shoppers} shoppers at a time, {found['pages_per_second']:.1f} a "
        f"second, {found['failed']} failed")
    say(f"milliseconds: p50 {found['p50']:.0f}, p95 {found['p95']:.0f}, p99 {found['p99']:.0f}; target of p95 below "
        f"{MOST_P95}: {verdict(found['p95'] < MOST_P95)}")
    say(f"page weight: {found['kb']:.0f} KB, {found['most_kb']:.0f} at most; target at most {MOST_KB}: "
        f"{verdict(found['most_kb'] <= MOST_KB)}")
    flags.write(args, found)


if __name__ == "__main__":
    cli.run(main)
