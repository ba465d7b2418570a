"""Finds the places of words in texts without regard to case and accents, by `preprocessing/folding.py`."""
from flask_app.web.graphemes import is_inside
from preprocessing.folding import fold


def places(text, words):
    """[(start, end)] of the occurrences of any of `words` in a text, of whole characters as a reader sees them.

    They are in the order of the text, and no two overlap.
    """
    folded, origin = [], []
    for position, char in enumerate(text):
        parts = fold(char)
        folded.append(parts)
        origin += [position] * len(parts)
    whole, origin = "".join(folded), origin + [len(text)]
    spans, end = [], 0
    wanted = [word for word in map(fold, words) if word]
    while True:
        starts = [(whole.find(word, end), -len(word)) for word in wanted]
        start, length = min((pair for pair in starts if pair[0] >= 0), default=(-1, 0))
        if start < 0:
            return spans
        end = start - length
        first, last = origin[start], origin[end - 1] + 1
        while first and is_inside(text, first):
            first -= 1
        while is_inside(text, last):  # the accents and vowel signs of the last letter
            last += 1
        first = max(first, spans[-1][1] if spans else 0)
        if first < last:
            spans.append((first, last))
