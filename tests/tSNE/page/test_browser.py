"""Tests the interactive map in Chromium: texts stay texts, both maps are linked, and drawing is bounded."""
import csv
import os
import time

import pytest

from tests.flask_app import browser
from tests.tSNE import planted_maps
from tSNE import evidence
from tSNE.page import content, writing
from tSNE.people import WORDS

pytestmark = pytest.mark.browser
# Counts the drawings of each canvas and the changes of the document from now on.
COUNT = """
window.counted = {before: 0, attention: 0, changes: 0};
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) { counted[this.canvas.id]++; clear.apply(this, box); };
new MutationObserver(list => { counted.changes += list.length; })
  .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""
# Draws both maps once more, and returns the texts that are written into a map.
LABELS = """
const [id, done] = arguments, written = CanvasRenderingContext2D.prototype.fillText, texts = [];
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (this.canvas.id === id) texts.push(text);
  written.call(this, text, x, y);
};
document.getElementById("whole").click();
requestAnimationFrame(() => requestAnimationFrame(() => {
  CanvasRenderingContext2D.prototype.fillText = written;
  done(texts);
}));
"""
# Sends many turns of the wheel within each of some frames, then says what was counted.
ZOOM = """
const [frames, done] = arguments, canvas = document.getElementById("attention");
let frame = 0;
function step() {
  if (frame++ === frames) return requestAnimationFrame(() => requestAnimationFrame(() => done(counted)));
  for (let turn = 0; turn < 9; turn++) {
    canvas.dispatchEvent(new WheelEvent("wheel", {deltaY: -40, clientX: 300, clientY: 300, cancelable: true}));
  }
  requestAnimationFrame(step);
}
requestAnimationFrame(step);
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    for users in (23, 20000):
        (folder / f"{users}.html").write_bytes(writing.page(content.of_maps(planted_maps.of(users=users))))
    return str(folder)


@pytest.fixture(scope="module")
def window(folder):
    window = browser.start()
    window.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
    window.set_script_timeout(120)
    yield window
    window.quit()


@pytest.fixture
def page(window, folder):
    window.get("file://" + os.path.join(folder, "23.html"))
    return window


def text_of(window, css):
    return browser.element(window, css).text


def press(window, css, key):
    window.execute_script("arguments[0].dispatchEvent(new KeyboardEvent('keydown', {key: arguments[1]}))",
                          browser.element(window, css), key)


def test_texts_of_users_are_shown_as_texts(page):
    browser.element(page, "#search").send_keys("script")
    assert text_of(page, "#results").count("<script>") == 3  # an aspect, a word, a user
    page.execute_script("document.querySelectorAll('#results button').forEach(found => found.click())")
    assert "<b>bold</b>" in text_of(page, "#user") and "<script>" in text_of(page, "#selection")
    assert page.title == "Map of users" and not browser.elements(page, "main b:not(#tip b), main script")


def test_a_search_selects_the_users_of_whom_a_word_is_typical(page):
    browser.element(page, "#search").send_keys("volume")
    expected = sum(3 in person.words for person in planted_maps.of().people)
    assert f"word “volume”: typical word of {expected} users" in text_of(page, "#results")
    assert f"one of the {WORDS} that distinguish the user's reviews" in text_of(page, "#results")
    browser.element(page, "#search").send_keys("\n")
    assert f"{expected} users of 23" in text_of(page, "#selection")
    assert "“volume” as a typical word" in text_of(page, "#selection h2")


def test_items_of_a_selection_are_compared_with_all_users(page):
    """The planted users reviewed item 0, 1 or 2, one after the other: a third each, so those of one all have it."""
    page.execute_script("arguments[0].click()", browser.elements(page, "#groups button")[0])
    rows = text_of(page, ".items").split("\n")
    assert rows[:2] == ["users", "vs all"]
    counts, lifts = rows[3::3], rows[4::3]
    chosen = [person.items[0] for person, group in zip(planted_maps.of().people, planted_maps.of().survey.group)
              if group == 0]
    assert counts and all(count.isdigit() and int(count) <= len(chosen) for count in counts)
    assert all(lift.endswith("×") for lift in lifts)


def test_the_page_says_whether_the_groups_are_real_and_what_each_map_compares(page):
    verdict = evidence.verdict(planted_maps.EVIDENCE)
    assert text_of(page, ".verdict") == verdict and "silhouette 0.96" in verdict
    before, attention = (one.text for one in browser.elements(page, "figure .note"))
    assert (before, " ".join(attention.split())) == (
        planted_maps.of().notes[0], " ".join(planted_maps.SCRIPT.replace("\u2028", " ").split()))


@pytest.mark.parametrize("width", [390, 1440])
def test_every_group_that_lies_together_has_a_name_or_a_number_that_the_list_explains(page, width):
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    try:
        numbers = [text.split()[0] for text in page.execute_async_script(LABELS, "attention")]
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    listed = [row.text.split()[0] for row in browser.elements(page, "#groups button")]
    assert listed == ["1", "2", "3", "4"] and sorted(numbers) == listed
    browser.element(page, "#colour option[value=group]").click()
    assert not browser.elements(page, "#groups button")
    assert [row.text.split()[0] for row in browser.elements(page, "#legend button")] == listed


def test_a_click_on_a_colour_selects_its_users(page):
    browser.element(page, "#legend button").click()
    assert "8 users of 23" in text_of(page, "#selection") and "Members" in text_of(page, "#selection")


@pytest.mark.parametrize("mode", ["lasso", "box"])
def test_an_outline_selects_the_users_in_it(page, mode):
    browser.element(page, f"input[value={mode}]").click()
    page.execute_script("""
const canvas = document.getElementById("before"), box = canvas.getBoundingClientRect();
canvas.setPointerCapture = () => {};
const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name, {pointerId: 1, clientX: box.left + x,
  clientY: box.top + y}));
send("pointerdown", 1, 1);
for (const [x, y] of [[box.width - 1, 1], [box.width - 1, box.height - 1], [1, box.height - 1]].slice(arguments[0])) {
  send("pointermove", x, y);
}
if (arguments[0]) send("pointermove", box.width - 1, box.height - 1);
send("pointerup", box.width - 1, box.height - 1);""", 2 if mode == "box" else 0)
    assert "23 users of 23" in text_of(page, "#selection")


def test_keys_open_a_user_and_the_nearest_users(page):
    press(page, "#attention", "Enter")
    neighbours = browser.elements(page, "#user ol button")
    assert len(neighbours) == 5 and "cosine" in neighbours[0].text
    named = neighbours[0].text.split()[0]
    neighbours[0].click()
    assert text_of(page, "#user h2").startswith(named)
    press(page, "#attention", "Escape")
    assert not text_of(page, "#user")


def test_a_user_under_the_pointer_is_described(page):
    page.execute_script("""
const canvas = document.getElementById("attention"), box = canvas.getBoundingClientRect();
for (let x = 5; x < box.width && document.getElementById("tip").hidden; x += 6) {
  for (let y = 5; y < box.height && document.getElementById("tip").hidden; y += 6) {
    canvas.dispatchEvent(new PointerEvent("pointermove", {clientX: box.left + x, clientY: box.top + y}));
  }
}""")
    assert "Cares about" in text_of(page, "#tip") and "stars" in text_of(page, "#tip")


def test_the_selection_is_exported_as_a_table(page, folder):
    browser.element(page, "#legend button").click()
    browser.element(page, "#selection .row button").click()
    path = os.path.join(folder, "users.tsv")
    for _ in range(200):
        if os.path.exists(path):
            break
        time.sleep(.1)
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 8 and all(row["user_id"] and row["aspects"] and row["passage"] for row in rows)


def test_zooming_draws_each_map_at_most_once_for_a_frame_and_changes_no_element(window, folder):
    window.get("file://" + os.path.join(folder, "20000.html"))
    window.execute_script(COUNT)
    counted = window.execute_async_script(ZOOM, 7)
    assert 1 <= counted["attention"] <= 8 and counted["before"] == counted["attention"]
    assert counted["changes"] == 0


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(page, width, scheme):
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    page.execute_cdp_cmd("Emulation.setEmulatedMedia",
                         {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    try:
        browser.element(page, "#legend button").click()
        press(page, "#attention", "Enter")
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        assert browser.violations(page) == []
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
