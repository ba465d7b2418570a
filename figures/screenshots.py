"""Pictures of the real shop: a model server and a shop of the run are started, a browser looks at them."""
import os
import shutil
import tempfile
import threading
from urllib.parse import quote

from waitress import create_server

import tensorflow_serving
from command import UserError
from flask_app import create_app
from models import runs
from preprocessing import catalogue
from serving.server import start
from serving.signatures import MODEL_NAME

BROWSER = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
           "--disable-background-networking", "--disable-component-update", "--disable-sync")


def take(run_folder, out):
    """Takes webapp.png, webapp_item.png and webapp_dark.png into the folder `out`; returns the paths."""
    if not (shutil.which("chromedriver") and shutil.which("chromium")):
        raise UserError("screenshots: no chromium and chromedriver; install the packages chromium and "
                        "chromium-driver, or give --only architecture")
    data_folder = runs.read(run_folder)[2]
    with tempfile.TemporaryDirectory() as folder:
        tensorflow_serving.export(run_folder, folder)
        server = start(MODEL_NAME, folder, port=0, rest_api_port=0)
        app = create_app(run_folder, server.rest_url, data_dir=os.path.dirname(data_folder))
        shop = create_server(app, host="127.0.0.1", port=0)
        threading.Thread(target=shop.run, daemon=True).start()
        try:
            return _photograph(f"http://127.0.0.1:{shop.effective_port}", data_folder, out)
        finally:
            shop.close()
            server.stop()


def _photograph(url, data_folder, out):
    connection = catalogue.connect(os.path.join(data_folder, "catalogue.sqlite"))
    users = [row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY rating_count DESC LIMIT 2")]
    item = connection.execute("SELECT item_id FROM items ORDER BY rating_count DESC LIMIT 1").fetchone()[0]
    connection.close()
    one, other = (quote(user, safe="") for user in users)
    pages = (("webapp", f"/shoppers/{one}", 1400, False), ("webapp_dark", f"/shoppers/{one}", 1000, True),
             ("webapp_item", f"/items/{quote(item, safe='')}?for={one}&beside={other}", 1400, False))
    return [_look(url + path, os.path.join(out, name + ".png"), height, dark) for name, path, height, dark in pages]


def _look(url, picture, height, dark):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        scheme = [f"--blink-settings=preferredColorScheme={0 if dark else 1}"]
        for flag in BROWSER + (f"--user-data-dir={profile}", f"--window-size=1280,{height}") + tuple(scheme):
            options.add_argument(flag)
        browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        try:
            browser.set_page_load_timeout(60)
            browser.get(url)
            browser.save_screenshot(picture)
        finally:
            browser.quit()
    return picture
