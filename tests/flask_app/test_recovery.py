"""The real chain while pages are asked for: the model server hangs, and swaps versions.

What is measured here are the bounds that the shop promises, and no tighter ones.
"""
import contextlib
import http.client
import os
import shutil
import signal
import threading
import time
from urllib.parse import quote, urlsplit

import pytest

import train
from benchmarks.serving import model_server
from models.export import publish, versions
from preprocessing import __main__ as preprocess
from preprocessing import catalogue
from preprocessing.sample import corpus as sample
from serving.client import ModelClient
from tests import conftest as tiny
from tests.flask_app import browser
from tests.flask_app.browser import follow, heading, leaving, one
from tests.flask_app.chain import Shop
from tests.support.waiting import until

POLITE, BACK = 2., 5.  # seconds: of a page in a fault, and until all is well after its cause went
PATIENCE = 60  # seconds for what has no bound of the shop's: the model server loads a version
MISFIT = "Model and catalogue do not fit"


class Visitor(threading.Thread):
    """Asks for pages, one after the other, until the context is left."""

    def __init__(self, address, pages):
        super().__init__()
        self._address, self._pages, self._stopped = address, pages, threading.Event()
        self.answers = []  # (moment of asking, seconds, status, body)

    def run(self):
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE)
        while not self._stopped.wait(.05):
            start = time.monotonic()
            connection.request("GET", self._pages[len(self.answers) % len(self._pages)])
            answer = connection.getresponse()
            self.answers.append((start, time.monotonic() - start, answer.status,
                                 answer.read().decode()))
        connection.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self.join()

    def statuses(self, since=0.):
        return {status for start, _, status, _ in self.answers if start >= since}

    def see(self, count):
        """Waits for so many more answers to questions from now on; returns the moment."""
        now = time.monotonic()
        until(lambda: sum(start >= now for start, *_ in self.answers) >= count)
        return now


@pytest.fixture(scope="module")
def spare(chain, tmp_path_factory):
    """Folders of servables to be published: of the chain's run anew, of another corpus's run."""
    folder = str(tmp_path_factory.mktemp("spare"))
    corpus = os.path.join(folder, "sample")
    sample.main(["--out", corpus] + tiny.TINY_CORPUS[:-1] + ["8"])  # as many of all, other reviews
    preprocess.main(["--reviews", os.path.join(corpus, sample.REVIEWS), "--name", "other",
                     "--data_dir", folder] + tiny.TINY_DATA)
    train.main(["--data", os.path.join(folder, "other"), "--runs", folder, "--name", "run",
                "--epochs", "1"] + tiny.TINY_SIZES)
    return [publish.export(run, os.path.join(folder, name)) for run, name in (
        (chain.run_folder, "same"), (os.path.join(folder, "run"), "strange"))]


@pytest.fixture
def versions_folder(chain, tmp_path):
    """A copy of the chain's versions, for one test alone."""
    return shutil.copytree(chain.versions, str(tmp_path / "serve"))


@contextlib.contextmanager
def opened(chain, versions_folder):
    """(shop, visitor who is asking, process of the model server, function: its versions)."""
    connection = catalogue.of(chain.data_folder)
    pages = [f"/{side}s/{quote(*connection.execute(query).fetchone())}" for side, query in (
        ("shopper", "SELECT user_id FROM users ORDER BY rating_count DESC"),
        ("item", "SELECT item_id FROM items ORDER BY rating_count DESC"))]
    connection.close()
    with model_server.server(versions_folder) as server:
        status = ModelClient(server.rest).status
        shop = Shop(chain._replace(rest_port=urlsplit(server.rest).port))
        try:
            with Visitor(urlsplit(shop.url).netloc, pages) as visitor:
                visitor.see(len(pages))
                yield shop, visitor, server.process, lambda: [
                    state["version"] for state in status()["model_version_status"]
                    if state["state"] == "AVAILABLE"]
        finally:
            shop.stop()
    assert "Traceback" not in shop.log


def check_polite(visitor, since):
    """All since were pages of status 503 that came in time; their texts."""
    found = [answer for answer in visitor.answers if answer[0] >= since]
    assert found and {status for _, _, status, _ in found} == {503}
    assert max(seconds for _, seconds, _, _ in found) < POLITE
    return [body for *_, body in found]


def check_back(visitor):
    """The cause went just now; in time the pages are there again, and stay."""
    until(lambda: visitor.answers[-1][2] == 200, BACK)
    assert visitor.statuses(visitor.see(6)) == {200}


def test_a_server_that_hangs_and_goes_on(chain, versions_folder):
    with opened(chain, versions_folder) as (shop, visitor, process, _):
        assert visitor.statuses() == {200}
        process.send_signal(signal.SIGSTOP)  # connections are accepted, nobody answers
        try:
            visitor.see(1)
            bodies = check_polite(visitor, visitor.see(6))
        finally:
            process.send_signal(signal.SIGCONT)
        check_back(visitor)
    assert all("catching its breath" in body for body in bodies)
    assert "model server: timeout" in shop.log


@contextlib.contextmanager
def watched(chain, versions_folder):
    """(window of a browser on an item's page, shop, visitor, function: the server's versions)."""
    window = browser.start()
    try:
        with opened(chain, versions_folder) as (shop, visitor, _, served):
            window.get(shop.url)
            follow(window, ".card h3 a")
            yield window, shop, visitor, served
    finally:
        window.quit()


@pytest.mark.slow
@pytest.mark.browser
def test_a_new_version_of_the_same_run_is_not_noticed(chain, versions_folder, spare):
    with watched(chain, versions_folder) as (window, _, visitor, served):
        first = one(window, "article h2").text
        with versions.draft(versions_folder) as draft:
            shutil.copytree(spare[0], os.path.join(draft, "model"))
            versions.publish(os.path.join(draft, "model"), versions_folder)
        until(lambda: served() == ["2"])
        visitor.see(6)
        follow(window, ".toggles a")  # a page that was opened before goes on
        with leaving(window):
            window.back()
        assert one(window, "article h2").text == first

        def foot():
            with leaving(window):
                window.refresh()
            return one(window, "footer").text

        until(lambda: "version 2" in foot())
        assert visitor.statuses() == {200}


@pytest.mark.slow
@pytest.mark.browser
def test_a_version_of_another_run_is_told_until_the_right_one_is_back(chain, versions_folder,
                                                                      spare):
    with watched(chain, versions_folder) as (window, shop, visitor, served):
        title = heading(window)
        shutil.copytree(spare[1], os.path.join(versions_folder, ".draft"))
        os.rename(os.path.join(versions_folder, ".draft"), os.path.join(versions_folder, "2"))
        until(lambda: served() == ["2"])
        bodies = check_polite(visitor, visitor.see(6))
        with leaving(window):
            window.refresh()
        assert heading(window) == MISFIT and browser.violations(window) == []
        shutil.rmtree(os.path.join(versions_folder, "2"))
        until(lambda: served() == ["1"])
        check_back(visitor)
        until(lambda: heading(window) == title)  # the open page asked again by itself
        assert visitor.statuses() == {200, 503}
    assert all(MISFIT in body for body in bodies)
    assert "the model does not fit the catalogue: review" in shop.log
