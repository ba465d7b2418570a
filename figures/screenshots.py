"""Pictures of the real shop: a browser looks at a shop and a model server started for it."""
import contextlib
import os
import shutil
import tempfile
import threading
from urllib.parse import quote

from waitress import create_server

from figures import visit
from flask_app.application import create_app
from flask_app.recommending import suggested_shoppers
from models.export import publish
from models.run_folder import runs
from preprocessing import catalogue
from runtime.cli import UserError
from serving.server import start
from serving.signatures import MODEL_NAME

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")
WIDTH, PATIENCE = 1280, 60  # pixels, seconds for a page
REVIEWS = 20  # of the item shown: enough to choose from, few enough to follow


def take(run_folder, out):
    """Takes webapp*.png and webapp.gif, a visit, into the folder `out`; returns paths.

    Raises:
      UserError: there is no browser on this machine.
    """
    browser, driver = find_browser()
    with _shop(run_folder) as (address, path):
        shopper, item = subjects(path)
        page, beside = f"/shoppers/{quote(shopper, safe='')}", f"/items/{quote(item, safe='')}"
        pictures = [_look(browser, driver, address + place, os.path.join(out, name), height, dark)
                    for name, place, height, dark in (
                        ("webapp.png", page, 1400, False), ("webapp_item.png", beside, 1400, False),
                        ("webapp_dark.png", page, 1000, True),
                        ("webapp_profile.png", f"/profiles/{quote(shopper, safe='')}", 1000, False))]
        with _window(browser, driver) as window:
            return pictures + [visit.take(window, address, page, beside,
                                          os.path.join(out, "webapp.gif"))]


def find_browser():
    """Paths of (Chromium, its driver)."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        raise UserError("screenshots: no Chromium with chromedriver on the PATH; install the "
                        "packages chromium and chromium-driver, or give --only architecture")
    return browser, driver


def subjects(path):
    """Raw ids of the shopper who is suggested first, and of an item of about REVIEWS reviews."""
    suggested = suggested_shoppers.suggested(path, os.stat(path).st_mtime_ns)
    with contextlib.closing(catalogue.connect(path)) as connection:
        item, = connection.execute("SELECT item_id FROM items ORDER BY abs(rating_count - ?), item",
                                   (REVIEWS,)).fetchone()
        anybody, = connection.execute("SELECT user_id FROM users ORDER BY rating_count DESC, user"
                                      ).fetchone()
    return (suggested[0].user_id if suggested else anybody), item


@contextlib.contextmanager
def _shop(run_folder):
    """A shop of the run on a free port of this machine: (address, path of the catalogue)."""
    data_folder = runs.read(run_folder)[2]
    path = os.path.join(data_folder, catalogue.NAME)
    with contextlib.ExitStack() as ending:
        versions = ending.enter_context(tempfile.TemporaryDirectory())
        publish.export(run_folder, versions)
        server = start(MODEL_NAME, versions)
        ending.callback(server.stop)
        app = create_app(run_folder, server.rest_url, catalogue_path=path)
        shop = create_server(app, host="127.0.0.1", port=0)
        ending.callback(shop.close)
        threading.Thread(target=shop.run, daemon=True).start()
        yield f"http://127.0.0.1:{shop.effective_port}", path


def _look(browser, driver, url, picture, height, dark):
    with _window(browser, driver, f"--window-size={WIDTH},{height}",
                 f"--blink-settings=preferredColorScheme={0 if dark else 1}") as window:
        window.get(url)
        if not window.save_screenshot(picture):
            raise UserError(f"{picture}: cannot be written; give another --out")
    return picture


@contextlib.contextmanager
def _window(browser, driver, *flags):
    """A WebDriver of a browser of its own."""
    try:
        from selenium import webdriver
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.chrome.service import Service
    except ImportError as error:
        raise UserError("screenshots: no selenium here; use the environment of Python 3.7, or give "
                        "--only architecture") from error

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in FLAGS + (f"--user-data-dir={profile}",) + flags:
            options.add_argument(flag)
        try:
            window = webdriver.Chrome(service=Service(driver), options=options)
        except WebDriverException as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"screenshots: {browser} does not start ({reason}); see that "
                            "chromedriver is of its version") from error
        try:
            window.set_page_load_timeout(PATIENCE)
            yield window
        finally:
            window.quit()
