"""Takes pictures of the real shop, with a browser, from a shop and a model server that are started for it."""
import contextlib
import os
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
from runtime import browser, cli
from runtime.cli import UserError
from serving.server.start import start
from serving.signatures import MODEL_NAME

WIDTH = 1280  # pixels
REVIEWS = 20  # wished number of reviews of the item shown


def take(run_folder, out):
    """Takes webapp*.png and webapp.gif into the folder `out`; returns the paths.

    Raises:
      UserError: there is no browser on this machine.
    """
    installed = browser.installed()
    with _shop(run_folder) as (address, path):
        shopper, item = subjects(path)
        shopper_page, item_page = f"/shoppers/{quote(shopper, safe='')}", f"/items/{quote(item, safe='')}?beside="
        pages = (("webapp.png", shopper_page, 1400, False), ("webapp_item.png", item_page, 1400, False),
                 ("webapp_dark.png", shopper_page, 1000, True),
                 ("webapp_profile.png", f"/profiles/{quote(shopper, safe='')}", 1000, False))
        pictures = [_picture(installed, address + page, os.path.join(out, name), height, dark)
                    for name, page, height, dark in tqdm(pages, "screenshots", unit="page", leave=False, disable=None)]
        cli.log.info("record a visit to the shop")
        with browser.window(installed) as window:
            return pictures + [visit.take(window, address, shopper_page, item_page,
                                          os.path.join(out, "webapp.gif"))]


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


def _picture(installed, url, picture, height, dark):
    with browser.window(installed, f"--window-size={WIDTH},{height}",
                        f"--blink-settings=preferredColorScheme={0 if dark else 1}") as window:
        window.get(url)
        if not window.save_screenshot(picture):
            raise UserError(f"{picture}: cannot be written; choose another --out")
    return picture
