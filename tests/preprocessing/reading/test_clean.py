"""Text is cleaned once: what is cleaned again does not change."""
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.reading.clean import clean, one_line

PIECES = ["&amp;", "&amp;amp;", "&#39;", "&lt;br /&gt;", "<br>", "<b>", "</b>", "<", ">", "&", ";", "wasn\u2019t", "a",
          " ", "\n", "e\u0301", "\u00a0", "\x00", "\x92", "\u200b", "&#x0;", "<3", "&nbsp;",
          "<span class=\"a\"", "\U0001f600"]


@pytest.mark.parametrize("raw, text", [
    ("plain text ", "plain text"), ("wasn&#8217;t", "wasn't"), ("wasn&amp;#39;t", "wasn't"), ("a&nbsp;b", "a b"),
    ("one<br />two", "one\ntwo"), ("one <br> two", "one\ntwo"), ("&lt;p&gt;x&lt;/p&gt;", "x"),
    ("<b>so</b> loud", "so loud"),
    ("don\u2019t \u2014 \u201cno\u201d", 'don\'t - "no"'), ("cafe\u0301", "caf\u00e9"), ("a\x00b\x07c\td", "abc\td"),
    ("don\x92t", "don't"), ("\x84a\x94 \x9f \x80 b\x85c", '"a" \u0178 \u20ac b\nc'),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("I <3 it", "I <3 it"), ("AT&T &copy", "AT&T &copy"),
    ("x <y and z> w", "x <y and z> w"), ("a\r\nb", "a\nb"), ("zero\u200bwidth\ufeff", "zerowidth"),
    ('<a href="x">link</a>', "link"), ("<script>var a = 1;</script>Drum", "Drum"), ("\ud83d", "?"), ("", "")])
def test_examples(raw, text):
    assert clean(raw) == text


@pytest.mark.parametrize("raw, name", [
    ('<span class="a-size-medium">Pro Tuner</span>', "Pro Tuner"), ('<span class="a-size-medium"', ""),
    ("var aPageStart = (new Date()).getTime();\nvar b=1;", ""), ("by\n    \n    Roland", "by Roland"),
    ("</span></span>", ""), (".a-box{background-color:#fff}", ""), ("Rock &#39;n&#39; Roll", "Rock 'n' Roll")])
def test_names_of_scraped_pages(raw, name):
    assert one_line(raw) == name


@settings(deadline=None, max_examples=300)
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12))
def test_clean_text_is_in_one_form(pieces):
    text = clean("".join(pieces))
    assert text == unicodedata.normalize("NFC", text) and text == text.strip()
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text)
    text.encode("utf-8")
