"""What a typed text says: aspects that are wanted or avoided, and words that the model does not know."""
from types import SimpleNamespace

import numpy as np
import pytest

from flask_app.recommending import typed
from preprocessing import vocabulary
from preprocessing.tokenise import Unicode

VOCABULARY = ["", "<unknown>", "batteries", "battery", "noise", "loud", "want", "toys", "sturdy", "last", "the",
              "do", "it", "quiet", "set", "beeping"]
WORD_ASPECT = np.zeros((len(VOCABULARY), 2), np.float32)
WORD_ASPECT[[2, 3], 0] = .58, .6
WORD_ASPECT[[4, 5, 13, 15], 1] = .6, .61, .62, .6
WORD_ASPECT[[7, 14], 0] = .53  # stand in sentences about power, and in others
WORD_POLARITY = np.zeros((2, len(VOCABULARY)), np.float32)
WORD_POLARITY[0, [5, 13, 15]] = -.7, .8, -.15
ASPECTS = SimpleNamespace(all=("power", "noise"), largest=WORD_ASPECT.max(0),
                          tables=SimpleNamespace(word_aspect=WORD_ASPECT, word_polarity=WORD_POLARITY))


class Words:
    """As a `word_contributions.WordScorer`."""
    length = 30
    word_tables = SimpleNamespace(tokeniser=Unicode)
    ids = vocabulary.numbers(VOCABULARY)


WORDS = Words()


@pytest.mark.parametrize("text, wanted, avoided, liked", [
    ("I want batteries.", (0,), (), "I want batteries."),
    ("I do not want batteries.", (), (0,), "I do not ."),
    ("I never want batteries.", (), (0,), ""),  # no word is left that the model knows
    ("Sturdy toys. No noise! The battery must last.", (0,), (1,), "Sturdy toys. No ! The battery must last."),
    ("It is not loud, the batteries last.", (1, 0), (), "It is not , the batteries last."),  # against criticism
    ("Not quiet", (), (1,), ""), ("I do not want it loud.", (1,), (), "I do not ."),
    ("Not beeping", (1,), (), ""), ("I do not want beeping", (), (1,), "I do not"),  # a thing that is not wanted
    ("A loud battery that is not noise", (0, 1), (), "A loud battery that is not"),  # several in one sentence
    ("Batteries. No batteries.", (), (0,), "Batteries. No ."), ("Batteries. No batteries. A battery.", (0,), (),
                                                               "Batteries. No . A battery."),  # what more words say
    ("A set of toys", (), (), "A set of toys"),  # .53 / .6 of the largest score
    ("Toys without batteries", (), (0,), "Toys without"),
    ("Nothing of this.", (), (), ""), ("", (), (), ""), ("...", (), (), "")])
def test_words_after_a_negation_are_a_wish_to_avoid_unless_they_criticise_and_are_not_read_by_the_model(
        text, wanted, avoided, liked):
    assert typed.read([text], ASPECTS, WORDS) == (wanted, avoided, (liked,))


def test_without_aspects_the_model_reads_the_whole_text():
    assert typed.read(["I do want batteries.", ""], None, WORDS) == ((), (), ("I do want batteries.", ""))


@pytest.mark.parametrize("text", ["Sturdy grzblfx toys, qux!", "", "   ", "\u4e2d\u6587 toys", "Toys " * 40 + "qux"])
def test_the_pieces_of_a_text_are_the_text_and_only_unknown_words_are_struck(text):
    pieces = typed.pieces(text, WORDS)
    assert "".join(piece for piece, _ in pieces) == text
    for piece, is_unknown in pieces:
        if is_unknown:
            assert piece.lower() not in VOCABULARY and piece.strip() == piece
    assert [piece for piece, is_unknown in typed.pieces("Sturdy grzblfx toys, qux!", WORDS) if is_unknown] == [
        "grzblfx", "qux"]
