"""A Chromium that visits the shop, and what it asks of a page."""
import contextlib
import os
import shutil

import pytest

AXE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "axe", "axe.min.js")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--window-size=1280,1000")


def start(*flags, scripts=True):
    """A WebDriver; skips the test where no Chromium is installed."""
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    browser, driver = (next(filter(None, map(shutil.which, names)), None) for names in (
        ("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)))
    if not browser or not driver:
        pytest.skip("no Chromium with chromedriver on the PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in FLAGS + flags:
        options.add_argument(flag)
    if not scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2})
    window = webdriver.Chrome(service=Service(driver), options=options)
    window.set_page_load_timeout(60)
    return window


def one(window, css):
    return window.find_element("css selector", css)


def every(window, css):
    return window.find_elements("css selector", css)


@contextlib.contextmanager
def leaving(window):
    """For what leads to another page: ends when the old page is gone, for a posted form may take its time.

    The old root is only compared: asked while it goes, chromedriver has more than one error for it.
    """
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.support.ui import WebDriverWait

    old = one(window, "html")
    yield
    WebDriverWait(window, 30, ignored_exceptions=[WebDriverException]).until(lambda _: one(window, "html") != old)


def follow(window, css):
    """Clicks what leads to another page."""
    with leaving(window):
        one(window, css).click()


def heading(window):
    """The first heading's text, found and read at once: a page of failure that asks again by itself is gone between."""
    return window.execute_script("return document.querySelector('h1').innerText")


def asking(ask, window, *arguments, times=5):
    """What `ask(window, ...)` finds; a page that asked again by itself meanwhile is asked anew."""
    from selenium.common.exceptions import WebDriverException

    for _ in range(times - 1):
        with contextlib.suppress(WebDriverException):
            return ask(window, *arguments)
    return ask(window, *arguments)


def violations(window):
    """What axe finds on the page: [(rule, elements)]."""
    return asking(_violations, window)


def _violations(window):
    with open(AXE, encoding="utf-8") as script:
        window.execute_script(script.read())
    found = window.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]},"
        "                   rules: {'target-size': {enabled: true}}})"
        ".then(found => done(found.violations))"
        ".catch(error => done([{id: String(error), nodes: []}]))",
        LEVELS)
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
