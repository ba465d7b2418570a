"""Clients of a running shop: each requests pages, reads them, and goes on, as several shoppers do at the same time; and
the addresses that they request, of each kind of page."""
import collections
import html
import http.client
import re
import threading
import time
from typing import NamedTuple
from urllib.parse import quote, urlencode

import numpy as np

from benchmarks import report
from preprocessing import catalogue

MINUTE = 60  # seconds between two calls of `each_minute`
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')
OFTEN = .75  # how often a shopper who follows links does so; else one of the addresses given is opened
EACH = 2000  # addresses of a kind
TITLES_READ = 100000
RANKED, ITEM, TASTES, ITEM_FOR_TASTES, SEARCH, HARD_SEARCH, FRONT = KINDS = (
    "ranked", "item", "tastes", "item_for_tastes", "search", "hard_search", "front")
TITLES = {RANKED: "items of a shopper", ITEM: "item for a shopper", TASTES: "items for tapped tastes",
          ITEM_FOR_TASTES: "item for tapped tastes", SEARCH: "search in titles and reviews",
          HARD_SEARCH: "search for two words, for one letter, for nothing that exists", FRONT: "front page"}


class Page(NamedTuple):
    """One HTTP response."""
    status: int
    body: bytes


class Answers(NamedTuple):
    """What the clients of `load` measured."""
    milliseconds: list  # of each page
    failed: collections.Counter  # by what went wrong: "503 /items Title of the page", or the name of an exception


def get(connection, path):
    """Returns the `Page` of an address of the shop. Raises OSError or http.client.HTTPException."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return Page(answer.status, answer.read())


def load(address, paths, shoppers, seconds, pause=0., follow=False, each_minute=lambda: None, seed=2017):
    """Has several clients request pages for some seconds.

    Args:
      address: (host, port) of the shop.
      paths: of the pages that are requested, at random.
      shoppers: number of clients.
      seconds: duration.
      pause: seconds on average for which a client reads a page before the next one; from none to twice as long.
      follow: whether a client goes on to a random link of the page that it has read, three times out of four.
      each_minute: called without arguments during the measurement, in the thread of the caller.
      seed: of all that is random.

    Returns:
      `Answers`. A page is failed if its status is not 200, or the connection fails; the client goes on.
    """
    answers, end = Answers([], collections.Counter()), time.monotonic() + seconds

    def request_pages(number):
        random, connection = np.random.RandomState(seed + number), http.client.HTTPConnection(*address, timeout=30)
        links = []
        while time.monotonic() < end:
            known = links if links and random.random_sample() < OFTEN else paths
            path = known[random.randint(len(known))]
            page = _timed(connection, path, answers)
            links = _links(page) if follow and page else []
            time.sleep(min(2 * pause * random.random_sample(), max(0., end - time.monotonic())))

    threads = [threading.Thread(target=request_pages, args=(number,), daemon=True) for number in range(shoppers)]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        report.wait(max(0., min(MINUTE, end - time.monotonic())), f"{shoppers} shoppers")
        each_minute()
    for thread in threads:
        thread.join()
    return answers


def _timed(connection, path, answers):
    """Requests a page and records it in `answers`. Returns the `Page`; None where it failed."""
    start = time.perf_counter()
    try:
        page = get(connection, path)
    except (OSError, http.client.HTTPException) as error:
        connection.close()  # the next request opens it again
        answers.failed[type(error).__name__] += 1
        return None
    finally:
        answers.milliseconds.append(1000 * (time.perf_counter() - start))
    if page.status != 200:
        answers.failed[f"{page.status} /{path.split('/')[1].split('?')[0]} {_title(page.body)}"] += 1
        return None
    return page


def _links(page):
    """Returns the addresses of the shop's own pages that a page links to."""
    return [html.unescape(path) for path in LINK.findall(page.body.decode("utf-8", "replace"))]


def _title(body):
    found = re.search(r"<title>(.*?)</title>", body.decode("utf-8", "replace"))
    return html.unescape(found.group(1)) if found else ""


def addresses(connection, codes, seed=2017):
    """Returns {kind: list of addresses}, without the two of tastes where there are no aspects.

    Args:
      connection: an open catalogue.
      codes: of the aspects of the run.
      seed: of all that is random.
    """
    random = np.random.RandomState(seed)
    users, items = ([quote(one, safe="") for one in ids] for ids in (
        catalogue.user_ids(connection), catalogue.item_ids(connection)))
    texts = [row[0] for query in (f"SELECT title FROM items WHERE title != '' LIMIT {TITLES_READ}",
                                  f"SELECT text FROM reviews WHERE split = 'train' AND text != '' LIMIT {EACH}")
             for row in connection.execute(query)]
    words = [word for text in texts for word in text.split()[:8] if word.isalnum()] or ["a"]

    def drawn(make):
        return [make() for _ in range(EACH)]

    def one(values):
        return values[random.randint(len(values))]

    def tastes():
        chosen = [codes[number] for number in random.permutation(len(codes))[:3]]
        return urlencode({"want": chosen[:2], "avoid": chosen[2:]}, doseq=True)

    def hard():
        return [f"{one(words)} {one(words)}", one(words)[0], f"{one(words)}0x"][random.randint(3)]

    found = {RANKED: drawn(lambda: f"/shoppers/{one(users)}"),
             ITEM: drawn(lambda: f"/items/{one(items)}?for={one(users)}"),
             SEARCH: drawn(lambda: f"/search?{urlencode({'q': one(words)})}"),
             HARD_SEARCH: drawn(lambda: f"/search?{urlencode({'q': hard()})}"), FRONT: ["/"]}
    if len(codes):
        found[TASTES] = drawn(lambda: f"/yourself?{tastes()}")
        found[ITEM_FOR_TASTES] = drawn(lambda: f"/items/{one(items)}?{tastes()}")
    return {kind: found[kind] for kind in KINDS if kind in found}
