"""The sample corpus in other scripts: the same words, letter by letter, for tests of every language.

A letter always becomes the same letter or syllable, so the words of a script with spaces are as different from each
other as the Latin ones. Chinese and Japanese are written without spaces between words.
"""
import re
import string

LETTERS = {
    "russian": "абцдефгхийклмнопярстувжшыз", "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنه",
    "hindi": tuple("कखगघ") + ("\u093f",) + tuple("चछज") + ("\u0940",) + tuple("झटठडढ") + ("\u094b",) + tuple("तथदधन")
             + ("\u0941",) + tuple("पफबभम"),  # vowels are vowel signs, which are combining marks
    "korean": "가나다라마바사아자차카타파하거너더러머버서어저처커터", "japanese": "あいうえおかきくけこさしすせそたちつてとなにぬねのは",
    "chinese": "的一是在不了有和人这中大为上个国我以要他时来用们生到"}
INDEPENDENT = {"\u093f": "\u0907", "\u0940": "\u0908", "\u094b": "\u0913", "\u0941": "\u0909"}  # without a consonant
UNSPACED = ("japanese", "chinese")
SCRIPTS = sorted(LETTERS)


def transliterated(text, script):
    """An English text in another script; its signs and digits stay."""
    text = text.lower().translate(dict(zip(map(ord, string.ascii_lowercase), LETTERS[script])))
    text = re.sub("(?<![\u0915-\u0939])[%s]" % "".join(INDEPENDENT), lambda sign: INDEPENDENT[sign.group()], text)
    return re.sub(r"(?<=\w) (?=\w)", "", text) if script in UNSPACED else text


def record(raw, script):
    """A raw review or item of the layout of 2014 with its texts in another script."""
    texts = {name: transliterated(raw[name], script) for name in ("reviewText", "summary", "title", "description")
             if isinstance(raw.get(name), str)}
    return dict(raw, **texts)
