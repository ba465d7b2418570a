"""Visits with a real browser, with the process of the shop and a real model server."""
import contextlib
import time

import pytest

from flask_app.recommending import ranked_page
from preprocessing import catalogue
from tests.flask_app import browser
from tests.flask_app.browser import element, elements, follow, heading, leaving, violations
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
    ids = [connection.execute(f"SELECT {side}_id FROM {side}s ORDER BY rating_count DESC, {side}"
                              ).fetchone()[0] for side in ("user", "item")]
    connection.close()
    return ids


def write_and_send(window, url):
    """Enters a text with stars about an item, and sends the form."""
    window.get(url + "yourself")
    element(window, "#given1").send_keys("2")
    element(window, "#about1").send_keys(elements(window, ".rated-items label")[0].text)
    element(window, "#text1").send_keys(TEXT)
    follow(window, ".send button")


def test_choose_a_shopper_ask_why_read_the_item_compare_and_go_back(window, url):
    window.get(url)
    assert "what other people’s reviews say" in element(window, "main").text
    name = element(window, ".card h3").text.split()[-1]  # the id
    follow(window, ".card h3 a")
    assert name in element(window, "h1").text
    shown = len(elements(window, "article"))
    why = element(window, "details.why")
    assert not why.find_element("css selector", "table").is_displayed()
    why.find_element("css selector", "summary").click()
    assert why.find_element("css selector", "table").is_displayed()
    title = element(window, ".item h2 a").text
    follow(window, ".item h2 a")
    assert title in element(window, "h1").text and "for=" in window.current_url
    follow(window, ".tabs a:last-child")
    assert title in element(window, "h1").text and len(elements(window, ".sides > section")) == 2
    heads = [side.text for side in elements(window, ".sides h3 bdi.id")]
    assert name in heads and len(set(heads)) == 2
    for _ in range(2):
        with leaving(window):
            window.back()
    assert name in element(window, "h1").text and len(elements(window, "article")) == shown
    with leaving(window):
        window.back()
    assert elements(window, ".card")


def test_the_first_item_is_on_the_first_screen_of_a_phone_and_six_are_short(window, url, subjects):
    try:
        window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        window.get(f"{url}shoppers/{subjects[0]}?owned=1")
        places = window.execute_script("return [...document.querySelectorAll('article')].map(article => {"
                                       "const box = article.getBoundingClientRect(); return [box.top, box.bottom]})")
        assert len(places) == ranked_page.PAGE and places[0][1] <= 1000 and places[0][0] < 600
        assert places[-1][1] - places[0][0] <= 2500
        assert not element(window, "form.filters").is_displayed()
        element(window, ".fold summary").click()
        assert element(window, "form.filters").is_displayed()
    finally:
        window.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    window.get(f"{url}shoppers/{subjects[0]}")  # a wide window shows the form of the closed element
    assert window.execute_script("return document.querySelector('form.filters').getBoundingClientRect().height") > 40


def test_send_a_text_and_go_back(window, url):
    write_and_send(window, url)
    assert element(window, "h1").text == "Picked for you" and len(elements(window, "article")) == ranked_page.PAGE
    for why in elements(window, "details.why > summary"):
        why.click()
    assert elements(window, "mark") and "You wrote" in element(window, "main").text
    assert "1 review and 1 rating" in element(window, ".entered summary").text
    first = element(window, "article h2").text
    follow(window, ".pager button")
    assert element(window, "article h2").text != first
    with leaving(window):
        window.back()
    assert element(window, "article h2").text == first


def test_the_shop_can_be_used_by_keyboard(window, url, subjects):
    window.get(url)
    from selenium.webdriver import Keys as keys

    element(window, "body").send_keys(keys.TAB)
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
    assert subjects[0] in element(window, "h1").text


def test_pages_do_not_move_where_reduced_motion_is_preferred(window, url):
    moving = ("return [...document.querySelectorAll('*')].map(e => getComputedStyle(e)).filter(s =>"
              "s.transitionDuration != '0s' || s.animationName != 'none').length")
    moving_elements = {}
    try:
        for preference in ("no-preference", "reduce"):
            window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-reduced-motion", "value": preference}]})
            window.get(url)
            moving_elements[preference] = window.execute_script(moving)
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert moving_elements["no-preference"] and not moving_elements["reduce"]


def test_all_pages_work_without_javascript(url):
    without_scripts = browser.start(scripts=False)
    try:
        without_scripts.get("data:text/html,<title>off</title><script>document.title='on'</script>")
        assert without_scripts.title == "off"
        test_choose_a_shopper_ask_why_read_the_item_compare_and_go_back(without_scripts, url)
        test_send_a_text_and_go_back(without_scripts, url)
    finally:
        without_scripts.quit()


@pytest.mark.parametrize("light", [pytest.param(True, marks=pytest.mark.slow), False])
def test_no_page_violates_wcag_level_a_or_aa(window, dark, url, subjects, light):
    visitor = window if light else dark
    shopper, item = subjects
    violated = {}
    for path in ("", "?q=the", f"shoppers/{shopper}", f"shoppers/{shopper}?title=nothing&owned=1",
                 f"items/{item}?for={shopper}", f"items/{item}", f"items/{item}?stars=5&sort=newest",
                 f"items/{item}?for={shopper}&beside=nobody", f"profiles/{shopper}", "yourself", "about",
                 "shoppers/nobody"):
        visitor.get(url + path)
        for folded in elements(visitor, "details.key, details.others, details.entered, details.why, details.fold"):
            visitor.execute_script("arguments[0].open = true", folded)
        violated[path] = violations(visitor)
        overflow = visitor.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, path
    write_and_send(visitor, url)
    violated["yourself, answered"] = violations(visitor)
    assert {path: rules for path, rules in violated.items() if rules} == {}


def test_pages_return_after_the_model_server_was_stopped(window, chain, subjects):
    from selenium.common.exceptions import WebDriverException

    alone = chain._replace(rest_port=free_port())
    shop = Shop(alone)
    try:
        page = f"{shop.url}shoppers/{subjects[0]}"
        window.get(page)
        assert "unavailable for a moment" in heading(window) and violations(window) == []
        server = alone.serve()
        for _ in range(20):  # after a failure the shop tries again after a second, and the page reloads by itself
            if subjects[0] in heading(window):
                break
            with contextlib.suppress(WebDriverException):
                follow(window, "main .button.strong")
            time.sleep(.25)
        assert subjects[0] in element(window, "h1").text
        server.stop()
        with leaving(window):
            window.refresh()
        assert "unavailable for a moment" in heading(window)
        assert window.execute_script("return document.title").startswith("Recommendations are unavailable")
    finally:
        log = shop.stop()
    assert "unreachable" in log and "Traceback" not in log
