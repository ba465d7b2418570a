"""Starts Chromium, without a window on the screen, for pictures of pages and for measurements of them."""
import contextlib
import shutil
import tempfile
from typing import NamedTuple

from runtime.cli import UserError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")
PATIENCE = 60  # seconds for a page, and for a script in it


class Browser(NamedTuple):
    """Paths of the programs."""
    chromium: str
    driver: str


def installed():
    """Returns the Browser of this machine. Raises UserError where there is none."""
    browser, driver = next(filter(None, map(shutil.which, BROWSERS)), None), shutil.which("chromedriver")
    if not browser or not driver:
        raise UserError("no Chromium with chromedriver on the PATH; install the packages chromium and chromium-driver")
    return Browser(browser, driver)


@contextlib.contextmanager
def window(browser, *flags):
    """Yields a WebDriver of a new Browser, started with further flags. Raises UserError where it does not start."""
    try:
        from selenium import webdriver
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.chrome.service import Service
    except ImportError as error:
        raise UserError("the package selenium is not installed in this environment; ./run setup installs it") from error

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser.chromium
        for flag in FLAGS + (f"--user-data-dir={profile}",) + flags:
            options.add_argument(flag)
        try:
            opened = webdriver.Chrome(service=Service(browser.driver), options=options)
        except WebDriverException as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"{browser.chromium} does not start ({reason}); check that chromedriver has the same "
                            "version") from error
        try:
            opened.set_page_load_timeout(PATIENCE)
            opened.set_script_timeout(PATIENCE)
            yield opened
        finally:
            opened.quit()
