"""Folds a text, so that a search disregards case and accents, in every script, composed or decomposed.

A folded text is in small letters (`str.casefold`), in the compatibility form of Unicode, with the plain apostrophes
and dashes of a clean text (`reading/clean.py`), and without accents: marks of the canonical combining class POINTS or
above, among them the vowel points of Hebrew and Arabic. Vowel signs of Indian scripts and the voicing marks of
Japanese have smaller classes: they make another word, and stay.
"""
import unicodedata

from preprocessing.reading.clean import plain

POINTS = 10


def fold(text):
    """The folded form of a text."""
    try:
        text.encode("ascii")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFKD", plain(unicodedata.normalize("NFKD", plain(text))).casefold())
        return unicodedata.normalize("NFC", "".join(part for part in parts if unicodedata.combining(part) < POINTS))
    return text.lower()
