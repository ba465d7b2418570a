"""Pages are requested all the time while the model server hangs and swaps versions.

The times checked here are the bounds that the shop promises.
"""
import contextlib
import http.client
import os
import shutil
import signal
import threading
import time
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest

import train
from benchmarks.serving import model_server
from models.export import publish, versions
from preprocessing import __main__ as preprocess
from preprocessing import catalogue
from preprocessing.sample import corpus as sample
from runtime.files import draft_folder
from serving.client import ModelClient
from tests import conftest as tiny
from tests.flask_app import browser
from tests.flask_app.browser import element, follow, heading, leaving
from tests.flask_app.chain import Shop
from tests.support.waiting import until

FAILING, RECOVERY = 2., 5.  # seconds: to answer with status 503, and until pages work again after the cause ended
PATIENCE = 60  # seconds for steps without a promised bound, such as loading a version
MISMATCH = "Recommendations are being changed"


class Answer(NamedTuple):
    """The answer to one request."""
    time: float  # of the request
    seconds: float
    status: int
    body: str


class Visitor(threading.Thread):
    """A thread that requests pages, one after the other, until the context is left."""

    def __init__(self, address, pages):
        super().__init__()
        self._address, self._pages, self._stopped = address, pages, threading.Event()
        self.answers = []

    def run(self):
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE)
        while not self._stopped.wait(.05):
            start = time.monotonic()
            connection.request("GET", self._pages[len(self.answers) % len(self._pages)])
            answer = connection.getresponse()
            body = answer.read().decode()
            self.answers.append(Answer(start, time.monotonic() - start, answer.status, body))
        connection.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self.join()

    def statuses(self, since=0.):
        return {answer.status for answer in self.answers if answer.time >= since}

    def see(self, count):
        """Waits for `count` answers to requests made from now on; returns the time now."""
        now = time.monotonic()
        until(lambda: sum(answer.time >= now for answer in self.answers) >= count)
        return now


@pytest.fixture(scope="module")
def spare(chain, tmp_path_factory):
    """Folders of two exported versions: one of the chain's run, one of a run on another corpus."""
    folder = str(tmp_path_factory.mktemp("spare"))
    corpus = os.path.join(folder, "sample")
    sample.main(["--out", corpus] + tiny.TINY_CORPUS[:-1] + ["8"])  # the same sizes, other reviews
    preprocess.main(["--reviews", os.path.join(corpus, sample.REVIEWS), "--name", "other",
                     "--data_dir", folder] + tiny.TINY_DATA)
    train.main(["--data", os.path.join(folder, "other"), "--runs", folder, "--name", "run",
                "--epochs", "1"] + tiny.TINY_SIZES)
    return [publish.export(run, os.path.join(folder, name)) for run, name in (
        (chain.run_folder, "same"), (os.path.join(folder, "run"), "strange"))]


@pytest.fixture
def versions_folder(chain, tmp_path):
    """A copy of the chain's versions, for one test."""
    return shutil.copytree(chain.versions, str(tmp_path / "serve"))


@contextlib.contextmanager
def opened(chain, versions_folder):
    """(shop, running Visitor, process of the model server, function that returns its versions)."""
    connection = catalogue.of(chain.data_folder)
    user, item = (quote(*connection.execute(query).fetchone()) for query in (
        "SELECT user_id FROM users ORDER BY rating_count DESC", "SELECT item_id FROM items ORDER BY rating_count DESC"))
    pages = [f"/shoppers/{user}", f"/items/{item}?for={user}"]  # both ask the model server
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
    assert f"INFO Model server {server.rest}: deeprecsys, version 1" in shop.log


def check_failing(visitor, since):
    """Checks that all answers since then had status 503 and came in time. Returns their bodies."""
    answers = [answer for answer in visitor.answers if answer.time >= since]
    assert answers and {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < FAILING
    return [answer.body for answer in answers]


def check_recovered(visitor):
    """Checks that pages work again in time after the cause of a failure ended, and go on working."""
    until(lambda: visitor.answers[-1].status == 200, RECOVERY)
    assert visitor.statuses(visitor.see(6)) == {200}


def test_a_model_server_that_hangs_and_continues(chain, versions_folder):
    with opened(chain, versions_folder) as (shop, visitor, process, _):
        assert visitor.statuses() == {200}
        process.send_signal(signal.SIGSTOP)  # connections are accepted, but no answer comes
        try:
            visitor.see(1)
            bodies = check_failing(visitor, visitor.see(6))
        finally:
            process.send_signal(signal.SIGCONT)
        check_recovered(visitor)
    assert all("unavailable for a moment" in body for body in bodies)
    assert "model server: timeout" in shop.log


@contextlib.contextmanager
def watched(chain, versions_folder):
    """(browser on a shopper's page, shop, running Visitor, function that returns the server's versions)."""
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
def test_a_new_version_of_the_same_run_changes_no_page(chain, versions_folder, spare):
    with watched(chain, versions_folder) as (window, _, visitor, served):
        first = element(window, "article h2").text
        with draft_folder(versions_folder) as draft:
            shutil.copytree(spare[0], os.path.join(draft, "model"))
            versions.publish(os.path.join(draft, "model"), versions_folder)
        until(lambda: served() == ["2"])
        visitor.see(6)
        follow(window, "article h2 a")  # links of a page that was opened before still work
        with leaving(window):
            window.back()
        assert element(window, "article h2").text == first

        def footer():
            with leaving(window):
                window.refresh()
            return element(window, "footer").text

        until(lambda: "version 2" in footer())
        assert visitor.statuses() == {200}


@pytest.mark.slow
@pytest.mark.browser
def test_pages_are_503_while_a_version_of_another_run_is_served(chain, versions_folder, spare):
    with watched(chain, versions_folder) as (window, shop, visitor, served):
        title = heading(window)
        shutil.copytree(spare[1], os.path.join(versions_folder, ".draft"))
        os.rename(os.path.join(versions_folder, ".draft"), os.path.join(versions_folder, "2"))
        until(lambda: served() == ["2"])
        bodies = check_failing(visitor, visitor.see(6))
        with leaving(window):
            window.refresh()
        assert heading(window) == MISMATCH and browser.violations(window) == []
        shutil.rmtree(os.path.join(versions_folder, "2"))
        until(lambda: served() == ["1"])
        check_recovered(visitor)
        until(lambda: heading(window) == title)  # the open page reloaded by itself
        assert visitor.statuses() == {200, 503}
    assert all(MISMATCH in body for body in bodies)
    assert "does not match the catalogue: review" in shop.log
