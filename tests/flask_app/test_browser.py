"""A visit with a real browser, on the real chain: the shop's process beside a model server."""
import time

import pytest

from flask_app.recommending import shelf
from preprocessing import catalogue
from tests.flask_app import browser
from tests.flask_app.browser import asking, every, follow, heading, leaving, one, violations
from tests.flask_app.chain import Shop, free_port

pytestmark = pytest.mark.browser

TEXT = "The battery died after two days. I want cells that last, and a quiet speaker."


@pytest.fixture(scope="module")
def window():
    started = browser.start()
    yield started
    started.quit()


@pytest.fixture(scope="module")
def dark():
    started = browser.start("--blink-settings=preferredColorScheme=0", "--window-size=500,900")
    yield started
    started.quit()


@pytest.fixture(scope="module")
def served(chain):
    server = chain.serve()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def url(chain, served):
    shop = Shop(chain)
    yield shop.url
    log = shop.stop()
    assert shop.process.returncode == 0 and "Traceback" not in log


@pytest.fixture(scope="module")
def subjects(chain):
    """(raw id of the most active shopper, of the most reviewed item)."""
    connection = catalogue.of(chain.data_folder)
    found = [connection.execute(f"SELECT {side}_id FROM {side}s ORDER BY rating_count DESC, {side}"
                                ).fetchone()[0] for side in ("user", "item")]
    connection.close()
    return found


def write_and_send(window, url):
    """A text with stars, about a toy."""
    window.get(url + "yourself")
    one(window, "#given1").send_keys("2")
    one(window, "#about1").send_keys(every(window, ".toys label")[0].text)
    one(window, "#text1").send_keys(TEXT)
    follow(window, ".send button")


def test_arrive_choose_unfold_compare_and_go_back(window, url):
    window.get(url)
    assert "reviews that matter" in one(window, "main").text
    name = one(window, ".card h3").text
    follow(window, ".card h3 a")
    assert name in one(window, "h1").text
    shown = len(every(window, "article"))
    folded = one(window, "details.others")
    assert not folded.find_element("css selector", "ol").is_displayed()
    folded.find_element("css selector", "summary").click()
    assert folded.find_element("css selector", "li").is_displayed()
    title = one(window, ".item h2 a").text
    follow(window, ".item h2 a")
    assert title in one(window, "h1").text and len(every(window, ".sides > section")) == 2
    heads = [side.text for side in every(window, ".sides h3 bdi.id")]
    assert name in heads and len(set(heads)) == 2
    with leaving(window):
        window.back()
    assert name in one(window, "h1").text and len(every(window, "article")) == shown
    with leaving(window):
        window.back()
    assert every(window, ".card")


def test_be_yourself_and_come_back(window, url):
    write_and_send(window, url)
    assert one(window, "h1").text == "Picked for you" and len(every(window, "article")) == shelf.PAGE
    assert every(window, "mark") and "You wrote" in one(window, "main").text
    assert "1 review and 1 rating" in one(window, ".told summary").text
    first = one(window, "article h2").text
    follow(window, ".pager button")
    assert one(window, "article h2").text != first
    with leaving(window):
        window.back()
    assert one(window, "article h2").text == first


def test_the_keyboard_is_enough(window, url, subjects):
    window.get(url)
    from selenium.webdriver import Keys as keys

    one(window, "body").send_keys(keys.TAB)
    assert window.switch_to.active_element.text == "Skip to the content"
    window.switch_to.active_element.send_keys(keys.ENTER)
    assert window.switch_to.active_element.get_attribute("id") == "main"
    for _ in range(30):
        window.switch_to.active_element.send_keys(keys.TAB)
        if window.switch_to.active_element.get_attribute("id") == "q":
            break
    style = "return getComputedStyle(document.activeElement).outlineStyle"
    assert window.execute_script(style) == "solid"
    with leaving(window):
        window.switch_to.active_element.send_keys(subjects[0] + keys.ENTER)
    assert subjects[0] in one(window, "h1").text


def test_who_wants_no_motion_gets_none(window, url):
    moving = ("return [...document.querySelectorAll('*')].map(e => getComputedStyle(e)).filter(s =>"
              "s.transitionDuration != '0s' || s.animationName != 'none').length")
    found = {}
    try:
        for wish in ("no-preference", "reduce"):
            window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-reduced-motion", "value": wish}]})
            window.get(url)
            found[wish] = window.execute_script(moving)
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found["no-preference"] and not found["reduce"]


def test_without_javascript_all_is_there(url):
    bare = browser.start(scripts=False)
    try:
        bare.get("data:text/html,<title>off</title><script>document.title='on'</script>")
        assert bare.title == "off"
        test_arrive_choose_unfold_compare_and_go_back(bare, url)
        test_be_yourself_and_come_back(bare, url)
    finally:
        bare.quit()


@pytest.mark.parametrize("light", [pytest.param(True, marks=pytest.mark.slow), False])
def test_no_page_violates_level_a_or_aa(window, dark, url, subjects, light):
    here = window if light else dark
    shopper, item = subjects
    found = {}
    for path in ("", "?q=the", f"shoppers/{shopper}", f"shoppers/{shopper}?title=nothing&owned=1",
                 f"items/{item}?for={shopper}", f"profiles/{shopper}", "yourself", "about",
                 "shoppers/nobody"):
        here.get(url + path)
        for folded in every(here, "details.key, details.others, details.told"):
            here.execute_script("arguments[0].open = true", folded)
        found[path] = violations(here)
        wide = here.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
    write_and_send(here, url)
    found["yourself, answered"] = violations(here)
    assert {path: what for path, what in found.items() if what} == {}


def test_a_server_that_goes_and_comes(window, chain, subjects):
    alone = chain._replace(rest_port=free_port())
    shop = Shop(alone)
    try:
        page = f"{shop.url}shoppers/{subjects[0]}"
        window.get(page)
        assert "catching its breath" in heading(window) and violations(window) == []
        server = alone.serve()
        for _ in range(20):  # a shop that found nobody asks again after a second
            asking(follow, window, "main .button:not(.strong)")
            if subjects[0] in heading(window):
                break
            time.sleep(.25)
        assert subjects[0] in one(window, "h1").text
        server.stop()
        with leaving(window):
            window.refresh()
        assert "catching its breath" in heading(window)
        assert window.execute_script("return document.title").startswith("The shop is catching")
    finally:
        log = shop.stop()
    assert "unreachable" in log and "Traceback" not in log
