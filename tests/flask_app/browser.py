"""Starts Chromium for tests, and what tests do with a page: find elements, follow links, check accessibility."""
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


def element(window, css):
    """The first element that matches a CSS selector."""
    return window.find_element("css selector", css)


def elements(window, css):
    """All elements that match a CSS selector."""
    return window.find_elements("css selector", css)


@contextlib.contextmanager
def leaving(window):
    """A context for an action that leads to another page; it ends when the old page is gone.

    A posted form may take a while. The old root element is only compared with the new one: using it while the page
    changes makes chromedriver raise various errors.
    """
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.support.ui import WebDriverWait

    old = element(window, "html")
    yield
    WebDriverWait(window, 30, ignored_exceptions=[WebDriverException]).until(lambda _: element(window, "html") != old)


def follow(window, css):
    """Clicks an element that leads to another page."""
    with leaving(window):
        element(window, css).click()


def heading(window):
    """The text of the first heading, found and read in one step, because a page of failure reloads by itself."""
    return window.execute_script("return document.querySelector('h1').innerText")


def retried(action, window, *arguments, times=5):
    """The result of `action(window, ...)`, repeated where the page reloaded by itself meanwhile."""
    from selenium.common.exceptions import WebDriverException

    for _ in range(times - 1):
        with contextlib.suppress(WebDriverException):
            return action(window, *arguments)
    return action(window, *arguments)


def violations(window):
    """The accessibility rules that axe finds violated on the page: [(rule, elements)]."""
    return retried(_violations, window)


def _violations(window):
    with open(AXE, encoding="utf-8") as script:
        window.execute_script(script.read())
    violated = window.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]},"
        "                   rules: {'target-size': {enabled: true}}})"
        ".then(result => done(result.violations))"
        ".catch(error => done([{id: String(error), nodes: []}]))",
        LEVELS)
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in violated]
