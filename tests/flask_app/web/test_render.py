"""How values become text: splitting, excerpts, highlighting, pictures, numbers, dates."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.web import render
from models.run_folder.aspect_tables import Aspect
from preprocessing.folding import fold
from tests.support import scripts

FEW = settings(deadline=None, max_examples=60)


@FEW
@given(st.text(), st.integers(1, 40))
def test_splitting_loses_no_word(text, head):
    split = render.split_text(text, head)
    assert "".join((split.head + split.rest).split()) == "".join(text.split())
    assert len(split.head) <= head * 1.2 and not split.is_cut


def test_a_text_beyond_the_limit_is_cut_and_says_so():
    split = render.split_text("word " * 100, 20, 60)
    assert split.is_cut and len(split.head) <= 20 and len(split.head + split.rest) <= 60
    assert render.split_text("short", 20) == ("short", "", False)
    assert render.excerpt("word " * 100, 20) == "word word word word …"
    assert render.excerpt("short", 20) == "short"
    assert render.excerpt(None, 20) == ""


@pytest.mark.parametrize("name", ["plain", "brief"])
def test_titles_summaries_and_names_are_cut(name):
    long = render.FILTERS[name]("word " * 10 ** 5)
    assert len(long) <= render.BRIEF * 1.2 + 2 and long.endswith(" …")
    assert render.FILTERS[name]("a &amp; b") == "a &amp; b" and render.FILTERS[name](None) == ""
    assert len(render.item_title({"title": "x" * 10 ** 5, "item_id": "i"})) <= render.BRIEF * 1.2 + 2


def test_an_id_is_shown_as_it_is_unless_it_is_long():
    assert render.brief_id(" a &amp; b") == " a &amp; b"
    assert render.brief_id("x" * 10 ** 5) == "x" * render.BRIEF + " …"
    assert render.item_title({"title": None, "item_id": "x" * 10 ** 5}).endswith("x …")


@FEW
@given(st.text(), st.lists(st.text(max_size=3), max_size=3), st.integers(5, 40))
def test_an_excerpt_is_from_the_text_and_marks_the_words(text, words, length):
    pieces = render.around(text, words, length)
    joined = "".join(piece for piece, _ in pieces)
    without_ellipsis = joined[2:] if joined.startswith("… ") else joined
    assert without_ellipsis in text or without_ellipsis[:-2] in text
    assert len(joined) <= length + 4
    assert all(any(fold(word) in fold(piece) for word in words if fold(word))
               for piece, is_match in pieces if is_match)


def test_an_excerpt_holds_a_match_far_from_the_beginning():
    pieces = render.around("far " * 100 + "the Needle here " + "far " * 100, ["needle"])
    assert ("Needle", True) in pieces and pieces[0][0].startswith("…")


@pytest.mark.parametrize("script", scripts.SCRIPTS)
def test_an_excerpt_holds_a_match_in_every_script(script):
    far, needle = (scripts.transliterated(text, script) for text in ("a toy that is loud and broke " * 30, "zzyzx"))
    pieces = render.around(far + needle + far, [needle])
    assert (needle, True) in pieces and pieces[0][0] == "… "
    assert len("".join(piece for piece, _ in pieces)) <= 184


@pytest.mark.parametrize("whole", [
    "e\u0301", "\u0915\u094d\u0937\u093f", "\U0001f469\u200d\U0001f527", "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd",
    "\u2764\ufe0f", "か\u3099", "\u0e01\u0e34\u0e49"])
@pytest.mark.parametrize("head", range(8, 17))
def test_what_is_seen_as_one_character_is_not_cut(whole, head):
    text = whole * 300
    for shown in (render.split_text(text, head).head, render.excerpt(text, head)[:-2], render.brief_id(text)[:-2],
                  render.around(text, ["none"], head)[0][0][:-2]):
        assert shown == whole * (len(shown) // len(whole))


def test_a_text_of_marks_alone_is_cut_all_the_same():
    assert 0 < len(render.excerpt("\u0301" * 10 ** 5)) <= render.BRIEF


@pytest.mark.parametrize("url, shown", [
    ("http://ecx.images-amazon.com/a%2Bb.jpg?c", "https://ecx.images-amazon.com/a%2Bb.jpg?c"),
    ("https://example.org/a.png", "https://example.org/a.png"), ("http://example.org/a.png", None),
    ("http://evil-images-amazon.com/a.png", None), ("javascript:alert(1)", None),
    ("//x/a.png", None), ("http://images-amazon.com.evil.org/a.png", None),
    ("https://user:word@example.org/a.png", None), ("https://user@ecx.images-amazon.com/a.png", None),
    ("https://127.0.0.1/a.png", None), ("https://10.1.2.3:8443/a", None), ("https://192.168.0.1/", None),
    ("https://169.254.169.254/latest", None), ("https://[::1]/a.png", None), ("https://[fd00::1]/a", None),
    ("https://127.1/a", None), ("https://0x7f.0.0.1/a", None), ("https://2130706433/a", None),
    ("https://localhost/a", None),
    ("https://router.lan/a", None), ("https://printer/a", None), ("https://x.localhost./a", None),
    ("https://8.8.8.8/a.png", "https://8.8.8.8/a.png"),
    ("data:image/png;base64,xx", None), ("https://[broken", None), ("", None), (None, None)])
def test_pictures_are_loaded_over_https_only(url, shown):
    assert render.picture(url) == shown


@pytest.mark.parametrize("value, text", [
    (.04, "+0.04"), (-.126, "−0.13"), (0, "±0.00"), (-.004, "±0.00"), (.005001, "+0.01")])
def test_differences_in_stars_have_a_sign(value, text):
    assert render.signed(value) == text


@pytest.mark.parametrize("share, text", [
    (.414, "41 %"), (1, "100 %"), (.0321, "3.2 %"), (0, "0 %"), (.0999, "10 %")])
def test_shares_are_percentages_in_one_line(share, text):
    assert render.percent(share) == text.replace(" ", "\u00a0")


@given(st.floats(0, 1), st.integers(0, 3))
def test_what_a_share_is_more_than_is_rounded_down(share, digits):
    shown = float(render.percent_below(share, digits).replace("\u00a0%", ""))
    assert 100 * share - 10. ** -digits - 1e-6 <= shown <= 100 * share + 1e-6 and (shown < 100 or share == 1)


@pytest.mark.parametrize("share, digits, text", [
    (.9999, 0, "99"), (.29, 0, "29"), (1, 0, "100"), (.99999, 2, "99.99"), (1 - 1e-15, 0, "99"), (.004, 0, "0")])
def test_more_than_100_percent_is_never_said_of_a_share_below_1(share, digits, text):
    assert render.percent_below(share, digits) == text + "\u00a0%"


@pytest.mark.parametrize("seconds, text", [
    (1393545600, "28 February 2014"), (-1, "31 December 1969"), (None, ""), (0, ""),
    (10 ** 30, "")])
def test_dates_are_in_utc_and_empty_where_unknown(seconds, text):
    assert render.date(seconds) == text


@pytest.mark.parametrize("rating, short, drawn", [
    (5., "5", "★★★★★"), (4.5, "4.5", "★★★★☆"), (1., "1", "★☆☆☆☆"), (0., "0", "☆☆☆☆☆")])
def test_given_ratings_are_drawn_as_stars(rating, short, drawn):
    assert (render.short(rating), render.drawn(rating)) == (short, drawn)


@given(st.floats(-3, 9))
def test_predicted_stars_have_one_decimal_within_the_scale(rating):
    text = render.stars(rating)
    assert len(text) == 3 and 1 <= float(text) <= 5
    assert abs(float(text) - min(max(rating, 1), 5)) <= .0501


def test_a_hint_has_telling_words_that_the_name_does_not_have():
    aspect = Aspect("battery-life", "battery life", ("charge", "battery", "Life", "cells", "power", "flat"))
    assert render.hint(aspect) == "charge, cells, power"
    assert render.hint(aspect._replace(words=("battery",))) == ""
    assert len(render.hint(aspect._replace(words=("x" * 999,)))) < 999
