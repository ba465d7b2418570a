"""The tokeniser, by examples and against its own description."""
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing import tokenise as rules
from preprocessing.tokenise import TOKENISER, Unicode, tokenise


@pytest.mark.parametrize("text, words", [
    ("Don't STOP, won't!", ["don't", "stop", "won't"]), ("", []), ("5 * 3 = 15", []),
    ("rock'n'roll 'quoted'", ["rock'n", "roll", "quoted"]), ("caf\u00e9-bar", ["caf", "bar"]),
    ("a_b\tc\nd", ["a", "b", "c", "d"])])
def test_examples(text, words):
    assert tokenise(text) == words


@settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=60))
def test_words_match_the_published_pattern(text):
    words = tokenise(text)
    pattern = TOKENISER.split()[-1]
    assert all(re.fullmatch(pattern, word) for word in words)
    assert tokenise(" ".join(words)) == words


@pytest.mark.parametrize("text, words", [
    ("Gr\u00f6\u00dfe, don't STOP rock'n'roll!", ["gr\u00f6\u00dfe", "don't", "stop", "rock'n'roll"]),
    ("3.5 stars, 1,234 mp3 2nd a_b.", ["3.5", "stars", "1,234", "mp3", "2nd", "a", "b"]),
    ("\u0437\u0432\u0443\u043a \u0425\u043e\u0440", ["\u0437\u0432\u0443\u043a", "\u0445\u043e\u0440"]),
    ("\u092f\u0939 \u092e\u0941\u091d\u0947", ["\u092f\u0939", "\u092e\u0941\u091d\u0947"]),  # Hindi, with vowel signs
    ("cafe\u0301 CAF\u00c9", ["caf\u00e9"] * 2), ("\u4e2d", ["\u4e2d"]),
    ("\u97f3\u304c\u826f\u3044Sony\u88fd", ["\u97f3\u304c", "\u304c\u826f", "\u826f\u3044", "sony", "\u88fd"]),
    ("\u0e17\u0e33\u0e07\u0e32\u0e19", ["\u0e17\u0e33", "\u0e33\u0e07", "\u0e07\u0e32", "\u0e32\u0e19"]),
    ("\ud55c\uad6d\uc5b4 \uc88b\uc544\uc694", ["\ud55c\uad6d\uc5b4", "\uc88b\uc544\uc694"]),
    ("ok \U0001f44d\U0001f3fd\u2764\ufe0f \U0001f1e9\U0001f1ea",
     ["ok", "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\U0001f1e9\U0001f1ea"]),
    ("", []), (" .,'", [])])
def test_words_of_every_script(text, words):
    assert Unicode.words(text) == words


ALPHABET = "aZ\u00e9\u0301\u0437\u4e2d\u304c\u0e17\u0e33\u0e49\u0941\u092e\U0001f44d\ufe0f\u200d'.,3 _\u0130\ud55c"


@settings(deadline=None, max_examples=300)
@given(text=st.text(ALPHABET, max_size=20) | st.text(max_size=20), most=st.integers(0, 9))
@pytest.mark.parametrize("rule", sorted(rules.TOKENISERS.values(), key=lambda rule: rule.name))
def test_places_are_in_order_and_every_letter_is_read(rule, text, most):
    placed = rule.placed(text)
    assert all(start < end for _, start, end in placed)
    assert all(end <= start for (_, _, end), (_, start, _) in zip(placed, placed[1:]))
    assert rule.placed(text, most) == placed[:most]
    if rule is Unicode:
        read = {at for _, start, end in placed for at in range(start, end)}
        assert all(at in read for at, char in enumerate(text) if unicodedata.category(char)[0] == "L")
        assert rule.words(text) == [word for word, _, _ in placed]
        assert all(word == unicodedata.normalize("NFC", word) for word in rule.words(text))


@settings(deadline=None, max_examples=100)
@given(text=st.text(ALPHABET, max_size=20))
def test_decomposed_text_has_the_same_words(text):
    assert Unicode.words(unicodedata.normalize("NFD", text)) == Unicode.words(unicodedata.normalize("NFC", text))


def test_an_artefact_without_a_rule_has_the_published_one():
    assert rules.of({}) is rules.of({"options": {}}) is rules.Published
    assert rules.of({"options": {"tokens": "unicode"}}) is Unicode


@settings(deadline=None, max_examples=300)
@given(text=st.text("aZ09'.,_- \n*", max_size=30))
def test_words_of_plain_texts_are_those_of_the_rule_for_all_scripts(text):
    assert Unicode.words(text) == [word for word, _, _ in Unicode.placed(text)]
    assert Unicode.words(text + "\u0437") == [word for word, _, _ in Unicode.placed(text + "\u0437")]
