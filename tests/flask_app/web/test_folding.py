"""Words without regard to case and accents, in every script, composed or decomposed."""
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_app.web.folding import places
from preprocessing.folding import fold

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("one, other", [
    ("CAFÉ", "cafe\u0301"), ("Café", "cafe"), ("ЗВУК", "звук"), ("STRASSE", "straße"), ("ΣΟΦΟΣ", "σοφός"),
    ("Ёлка", "елка"), ("ﬁne", "FINE"), ("Ｓｏｎｙ", "sony"), ("مُحَمَّد", "محمد"), ("İstanbul", "istanbul"),
    ("Việt", "viet"), ("wasn\u2019t", "WASN'T"), ("e\u2011mail \u201cup\u201d", 'E-Mail "up"'),
    ("zero\u200bwidth", "ZeroWidth")])
def test_case_and_accents_do_not_matter(one, other):
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, one)) == fold(unicodedata.normalize(form, other))


@pytest.mark.parametrize("one, other", [("かき", "がき"), ("कि", "की"), ("फल", "फ़ल"), ("강", "가"), ("a", "b")])
def test_signs_that_make_another_letter_matter(one, other):
    assert fold(one) != fold(other)


@settings(deadline=None, max_examples=200)
@given(text=TEXTS)
def test_folding_twice_changes_nothing_and_forms_are_the_same(text):
    assert fold(fold(text)) == fold(text) == fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text, words, found", [
    ("A café, Cafe\u0301 CAFÉ.", ["cafe"], ["café", "Cafe\u0301", "CAFÉ"]), ("Straße", ["SS"], ["ß"]),
    ("звук и ЗВУК", ["звук"], ["звук", "ЗВУК"]), ("none", ["x", ""], []), ("", ["x"], []),
    ("फीनज, फीनजी", ["फीनज"], ["फीनज", "फीनजी"]),
    ("क्षमा", ["क"], ["क्ष"]), ("ดีมี", ["\u0e35"], ["ดี", "มี"]),
    ("\U0001f44d\U0001f3fd ok", ["\U0001f44d"], ["\U0001f44d\U0001f3fd"]),
    ("फीनजी", ["फीनज", "ी"], ["फीनजी"]), ("aaa", ["aa"], ["aa"]), ("loud drum", ["dr", "drum"], ["drum"])])
def test_the_places_of_words(text, words, found):
    assert [text[start:end] for start, end in places(text, words)] == found


@settings(deadline=None, max_examples=200)
@given(text=TEXTS, words=st.lists(TEXTS, max_size=3))
def test_places_are_in_order_and_do_not_overlap(text, words):
    ends = [position for place in places(text, words) for position in place]
    assert ends == sorted(ends) and all(0 <= end <= len(text) for end in ends)
