"""A visitor with a browser: tastes by tapping, the item as "you", the search; a phone, a wide window, the dark mode."""
import pytest

from tests.flask_app import browser
from tests.flask_app.browser import element, elements, follow, leaving, violations
from tests.flask_app.chain import Shop

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(aspect_chain):
    shop = Shop(aspect_chain)
    yield shop.url
    log = shop.stop()
    assert "Traceback" not in log


@pytest.fixture(scope="module", params=["light", "dark phone"])
def window(request):
    started = browser.start(*(["--blink-settings=preferredColorScheme=0"] if request.param == "dark phone" else []))
    started.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390 if request.param == "dark phone" else 1440, "height": 900, "deviceScaleFactor": 1,
        "mobile": request.param == "dark phone"})
    yield started
    started.quit()


def order(window):
    return [title.text for title in elements(window, "article h2 a")]


def check(window):
    """Fails where the page violates WCAG or is wider than the window."""
    assert violations(window) == []
    assert window.execute_script("return document.documentElement.scrollWidth - innerWidth") <= 0


def test_two_taps_change_the_list_and_every_page_keeps_who_you_are(window, url):
    window.get(url)
    check(window)
    lists = []
    for kind in ("want", "avoid"):
        window.get(url)
        name = element(window, ".tastes li bdi").text
        element(window, f".tastes li .tick.{kind}").click()
        follow(window, ".start button")
        assert f"{kind}=" in window.current_url and name in element(window, f".chosen .{kind}").text
        lists.append(order(window))
    assert lists[0] != lists[1]
    check(window)
    address = window.current_url
    with leaving(window):
        window.refresh()  # nothing is sent twice: the list has an address
    assert order(window) == lists[1]
    title = order(window)[0]
    follow(window, "article h2 a")
    assert element(window, "h1").text == title and "avoid=" in window.current_url
    check(window)
    element(window, "#find").send_keys(title)
    follow(window, ".find-item button")
    assert title in [link.text for link in elements(window, ".found-items a")]
    check(window)
    follow(window, ".found-items a")
    assert "avoid=" in window.current_url
    for _ in range(3):
        with leaving(window):
            window.back()
    assert window.current_url == address and order(window) == lists[1]


def test_a_taste_is_added_and_removed_by_the_keyboard(window, url):
    from selenium.webdriver import Keys as keys

    window.get(url)
    box = element(window, ".tastes input")
    box.send_keys(keys.SPACE)
    assert box.is_selected()
    with leaving(window):
        element(window, ".start button").send_keys(keys.ENTER)
    first = order(window)
    assert len(elements(window, ".chosen li")) == 1
    with leaving(window):
        element(window, ".chosen a").send_keys(keys.ENTER)
    assert not elements(window, ".chosen li") and element(window, "h1").text == "Your tastes" and first


def test_a_typed_wish_is_read_and_can_be_kept(window, url):
    window.get(url)
    word = element(window, ".tastes li bdi").text.split(" & ")[0]
    element(window, "#own-words").send_keys(f"I do not want {word}, grzblfx.")
    follow(window, ".start button")
    assert elements(window, ".you-typed s")[-1].text == "grzblfx" and "you avoid" in element(window, ".read").text
    check(window)
    follow(window, ".read a")
    assert "avoid=" in window.current_url and "grzblfx" not in window.current_url and order(window)
