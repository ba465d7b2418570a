"""Sentences of texts in several scripts, and the words that a negation reaches."""
import pytest

from preprocessing import sentences
from preprocessing.tokenise import Published


def parts(text):
    found = sentences.spans(text)
    assert all(end <= start for (_, end), (start, _) in zip(found, found[1:]))
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize("text, expected", [
    ("", []), (" \n\t ", []), ("one", ["one"]), (" It works.  I like it! ", ["It works.", "I like it!"]),
    ("It works.I like it", ["It works.", "I like it"]), ("3.5 stars, v1.2", ["3.5 stars, v1.2"]),
    ("Really?! Yes... (No.) \"So.\" End", ["Really?!", "Yes...", "(No.)", "\"So.\"", "End"]),
    ("one\ntwo\r\nthree", ["one", "two", "three"]),
    ("\u5f88\u597d\u3002\u4e0d\u9519\uff01\u597d", ["\u5f88\u597d\u3002", "\u4e0d\u9519\uff01", "\u597d"]),
    ("\u0905\u091a\u094d\u091b\u093e\u0964 \u0939\u0948", ["\u0905\u091a\u094d\u091b\u093e\u0964", "\u0939\u0948"]),
    ("www.Example.com", ["www.", "Example.com"])])
def test_sentences(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize("text, marked", [
    ("it is not loud", ["loud"]), ("it never breaks", ["breaks"]), ("not red, but loud", ["red"]),
    ("no a b c d e", ["a", "b", "c", "d"]), ("loud", []), ("not (so) loud", []), ("", []),
    ("not not loud", ["not", "loud"]), ("it doesn't last - good", ["last"]),
    ("not well-made toy", ["well", "made", "toy"])])
def test_words_after_a_negation_are_marked_up_to_a_comma(text, marked):
    placed = Published.placed(text)
    assert [word for (word, _, _), mark in zip(placed, sentences.negated(text, placed)) if mark] == marked
