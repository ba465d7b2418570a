"""Splits a text into sentences, and marks the words of a sentence that stand after a negation.

A sentence ends after `.`, `!`, `?` or `...` before a blank, after the full stops of scripts without blanks
(Chinese, Japanese, Hindi, Arabic, Urdu, Burmese), and at the end of a line. A point between digits ends nothing. One
between a small and a capital letter without a blank ("It works.I like it") ends a sentence.

Negation: the words after a negation word, up to the next comma, semicolon, colon, bracket or the end of the sentence,
and at most `REACH` words, are marked (Das & Chen, "Yahoo! for Amazon", 2001; Pang, Lee & Vaithyanathan, "Thumbs up?",
2002). The list of negation words is English, German, French and Spanish; a word of one of these languages that negates
nothing in another is marked there as well, consistently in learning and in reading. In other languages no word is
marked.
"""
import re

_CLOSING = "[\"'\u201d\u2019\u00bb)\\]\u300d\u300f\uff09]*"
_END = re.compile("(?:(?<=[a-z\u00df-\u00ff][a-z\u00df-\u00ff])[.!?]+(?=[A-Z])|[.!?\u2026]+" + _CLOSING + "(?=\\s|$)|"
                  "[\u3002\uff01\uff1f\u0964\u0965\u061f\u06d4\u104b\uff61]+" + _CLOSING + "|[\r\n\u2028\u2029]+)")
_BREAK = re.compile("[,;:()\\[\\]\u060c\u3001\uff0c\uff1b\uff1a\u2014]|\\s[-\u2013]+\\s")
REACH = 4  # most words that one negation word marks
NEGATIONS = frozenset("""
    no not never none nothing neither nor without cannot hardly barely lacks lacking nobody nowhere
    don't doesn't didn't won't wouldn't can't couldn't isn't aren't wasn't weren't hasn't haven't hadn't shouldn't ain't
    dont doesnt didnt wont wouldnt cant couldnt isnt arent wasnt werent hasnt havent hadnt shouldnt
    nicht kein keine keinen keiner nie niemals ohne
    pas jamais aucun aucune sans
    nunca sin ningún ninguna""".split())


def spans(text):
    """[(start, end)] of the sentences of a text, without the blanks around them; no two overlap."""
    found, start = [], 0
    for end in [match.end() for match in _END.finditer(text)] + [len(text)]:
        sentence = text[start:end]
        inner = sentence.strip()
        if inner:
            first = start + sentence.index(inner[0])
            found.append((first, first + len(inner)))
        start = end
    return found


def of(text):
    """The sentences of a text, without the blanks around them."""
    return [text[start:end] for start, end in spans(text)]


def negated(text, placed):
    """Returns [n] bool: True for each word of a sentence that comes after a negation word.

    Args:
      text: the sentence, or the text that it is part of.
      placed: [(word, start, end)] of its n words, with their places in `text`.
    """
    marks, left, before = [], 0, None
    for word, start, end in placed:
        if left and _BREAK.search(text, before, start):
            left = 0
        marks.append(left > 0)
        left = REACH if word in NEGATIONS else max(0, left - 1)
        before = end
    return marks
