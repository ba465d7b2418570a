"""Finds words and their places in texts without regard to case and accents, by `preprocessing/folding.py`."""
import unicodedata

from preprocessing.folding import fold


def has_words(words, item_id, *texts):
    """Whether each word of the folded text `words` is an item's id or in one of some texts; None holds nothing."""
    whole, name = "\n".join(fold(text) for text in texts if text), fold(item_id)
    return all(word == name or word in whole for word in words.split())


def places(text, words):
    """[(start, end)] of the occurrences of any of `words` in a text, in its order; no two overlap."""
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
        last = origin[end - 1] + 1
        while last < len(text) and not fold(text[last]) and unicodedata.combining(text[last]):
            last += 1  # the accents of the last letter
        spans.append((origin[start], last))
