"""The clients of a shop: they follow links, and tell what fails and how."""
import collections
import threading

import pytest
import waitress.server

from benchmarks import shoppers

LINKS = b'<a class="x" href="/items/a&amp;b">a</a> <a href="https://example.org/">out</a> <link href="/static/s.css">'


@pytest.fixture
def shop():
    """Address of a shop of two pages, of which the second fails, and the paths that were requested."""
    seen = collections.Counter()

    def application(environ, start_response):
        path = environ["PATH_INFO"]
        seen[path] += 1
        start_response("503 Away" if path.startswith("/items") else "200 OK", [("Content-Type", "text/html")])
        return [b"<title>Not &lt;now&gt;</title>" if path.startswith("/items") else LINKS]

    server = waitress.server.create_server(application, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    return ("127.0.0.1", server.effective_port), seen


def test_pages_links_and_failures_are_counted(shop):
    address, seen = shop
    minutes = []
    answers = shoppers.load(address, ["/shoppers/u%201"], 3, 2, pause=.01, follow=True,
                            each_minute=lambda: minutes.append(1))
    assert len(answers.milliseconds) == sum(seen.values()) and set(seen) == {"/shoppers/u 1", "/items/a&b"}
    assert answers.failed == {"503 /items Not <now>": seen["/items/a&b"]} and minutes == [1]


def test_without_following_only_pages_of_shoppers_are_requested(shop):
    address, seen = shop
    answers = shoppers.load(address, ["/shoppers/u%201", "/shoppers/%2F"], 2, .2)
    assert set(seen) <= {"/shoppers/u 1", "/shoppers//"} and not answers.failed


def test_a_shop_that_is_away_is_counted_by_the_kind_of_error():
    answers = shoppers.load(("127.0.0.1", 9), ["/shoppers/u"], 1, .1, pause=.02)
    assert set(answers.failed) <= {"ConnectionRefusedError"}
    assert sum(answers.failed.values()) == len(answers.milliseconds)
