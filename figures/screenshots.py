"""Takes pictures of the real shop, with a browser, from a shop and a model server that are started for it."""
import contextlib
import os
import shutil
import tempfile
import threading
from urllib.parse import quote

from tqdm import tqdm
from waitress import create_server

from figures import visit
from flask_app.application import create_app
from flask_app.recommending import suggested_shoppers
from models.export import publish
from models.run_folder import runs
from preprocessing import catalogue
from runtime import cli
from runtime.cli import UserError
from serving.server.start import start
from serving.signatures import MODEL_NAME

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")
WIDTH, PATIENCE = 1280, 60  # pixels, seconds for a page
REVIEWS = 20  # wished number of reviews of the item shown


def take(run_folder, out):
    """Takes webapp*.png and webapp.gif into the folder `out`; returns the paths.

    Raises:
      UserError: there is no browser on this machine.
    """
    browser, driver = find_browser()
    with _shop(run_folder) as (address, path):
        shopper, item = subjects(path)
        shopper_page, item_page = f"/shoppers/{quote(shopper, safe='')}", f"/items/{quote(item, safe='')}?beside="
        pages = (("webapp.png", shopper_page, 1400, False), ("webapp_item.png", item_page, 1400, False),
                 ("webapp_dark.png", shopper_page, 1000, True),
                 ("webapp_profile.png", f"/profiles/{quote(shopper, safe='')}", 1000, False))
        pictures = [_picture(browser, driver, address + page, os.path.join(out, name), height, dark)
                    for name, page, height, dark in tqdm(pages, "screenshots", unit="page", leave=False, disable=None)]
        cli.log.info("record a visit to the shop")
        with _window(browser, driver) as window:
            return pictures + [visit.take(window, address, shopper_page, item_page,
                                          os.path.join(out, "webapp.gif"))]


def find_browser():
    """Returns the paths of (Chromium, its driver). Raises UserError."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        raise UserError("screenshots: no Chromium with chromedriver on the PATH; install the "
                        "packages chromium and chromium-driver, or choose another kind with --only")
    return browser, driver


def subjects(path):
    """Returns raw ids: of the shopper that the shop suggests first, and of an item with about REVIEWS reviews."""
    suggested = suggested_shoppers.suggested(path, os.stat(path).st_mtime_ns)
    with contextlib.closing(catalogue.connect(path)) as connection:
        item, = connection.execute("SELECT item_id FROM items ORDER BY abs(rating_count - ?), item",
                                   (REVIEWS,)).fetchone()
        most_active, = connection.execute("SELECT user_id FROM users ORDER BY rating_count DESC, user").fetchone()
    return (suggested[0].user_id if suggested else most_active), item


@contextlib.contextmanager
def _shop(run_folder):
    """Yields (address, path of the catalogue) of a shop of the run on a free port of this machine."""
    data_folder = runs.read(run_folder).data_folder
    path = os.path.join(data_folder, catalogue.NAME)
    with contextlib.ExitStack() as stack:
        versions = stack.enter_context(tempfile.TemporaryDirectory())
        publish.export(run_folder, versions)
        server = start(MODEL_NAME, versions)
        stack.callback(server.stop)
        app = create_app(run_folder, server.rest_url, catalogue_path=path)
        shop = create_server(app, host="127.0.0.1", port=0)
        stack.callback(shop.close)
        threading.Thread(target=shop.run, daemon=True).start()
        yield f"http://127.0.0.1:{shop.effective_port}", path


def _picture(browser, driver, url, picture, height, dark):
    with _window(browser, driver, f"--window-size={WIDTH},{height}",
                 f"--blink-settings=preferredColorScheme={0 if dark else 1}") as window:
        window.get(url)
        if not window.save_screenshot(picture):
            raise UserError(f"{picture}: cannot be written; choose another --out")
    return picture


@contextlib.contextmanager
def _window(browser, driver, *flags):
    """Yields a WebDriver of a new browser."""
    try:
        from selenium import webdriver
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.chrome.service import Service
    except ImportError as error:
        raise UserError("screenshots: selenium is not installed; use the environment of Python 3.7, or choose "
                        "another kind with --only") from error

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in FLAGS + (f"--user-data-dir={profile}",) + flags:
            options.add_argument(flag)
        try:
            window = webdriver.Chrome(service=Service(driver), options=options)
        except WebDriverException as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"screenshots: {browser} does not start ({reason}); check that chromedriver has the "
                            "same version") from error
        try:
            window.set_page_load_timeout(PATIENCE)
            yield window
        finally:
            window.quit()
