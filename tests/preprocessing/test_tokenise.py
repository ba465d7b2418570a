"""The tokeniser, by examples and against its own description."""
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.tokenise import TOKENISER, tokenise


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
