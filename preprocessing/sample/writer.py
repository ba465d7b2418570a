"""Writes one review of the sample corpus from its toy, its author's aspects, the toy's quality in them and the stars.

Sentences are added in the order of their importance, each with its position in the text, as long as the word limit
allows; then they are put in the order of their positions. The child is named in full once, then by a pronoun.
"""
from typing import NamedTuple

from preprocessing.sample import grammar
from preprocessing.sample.aspect_files import aspects
from preprocessing.sample.hard import NONE
from preprocessing.sample.phrases import capitalise, choose, resolve, with_article

WORDS_MIN, WORDS_MAX = 20, 60
_NAMING = 3  # words that the child's name in full, "our four year old", has more than its slot
_LEVELS = (-1.0, -0.3, 0.3, 1.0)  # quality (about N(0,1)) between the five levels of wording
_OPENING, _BEFORE_ASPECTS, _REMARK, _EXTRA, _ASIDE, _END = (0, 0), (0, 1), (7, 0), 7.5, 8, (9, 0)  # in the text


class Toy(NamedTuple):
    """What a review calls its toy: the short name ("robot dog") and the brand."""
    name: str
    brand: str


class Review(NamedTuple):
    """A written review.

    Attributes:
      text: 20 to 60 words.
      summary: the headline.
      main_aspects: numbers of the aspects that its author cares about and that it describes.
      sentences: its sentences before the child was named, which the next review must not repeat.
    """
    text: str
    summary: str
    main_aspects: tuple
    sentences: frozenset


class _MainAspect(NamedTuple):
    """An aspect that the author cares about and the review describes."""
    position: int  # 1 for the first
    aspect: int  # its number


class _Sentence(NamedTuple):
    """A sentence of a draft; sentences are sorted by position."""
    position: tuple
    text: str
    lead: str  # words before it, such as "However, "


def write_review(toy, cares, quality, rating, taken, random, difficulties=NONE):
    """Writes a review.

    Args:
      toy: `Toy`.
      cares: numbers of the aspects that it is about, at least one; its author cares about them.
      quality: float [aspects], the toy's quality as its author sees it, about N(0,1).
      rating: stars, 1..5.
      taken: set of sentences (of `Review.sentences`) that it must not use.
      random: `numpy.random.RandomState`.
      difficulties: `hard.Difficulties`.

    Returns:
      `Review`.
    """
    draft = _Draft(toy, taken, random)
    level = [sum(value > bound for bound in _LEVELS) for value in quality]
    main = _add_main_aspects(draft, cares, level, difficulties)
    if random.random_sample() < 0.75:
        draft.add(_OPENING, grammar.OPENINGS)
    _add_verdict(draft, [level[each.aspect] for each in main], rating)
    for position, aspect in main:
        if random.random_sample() < 0.4:
            draft.add((position, 1), *_wording(aspect, level[aspect], "", difficulties))
    others = [aspect for aspect in range(len(level)) if aspect not in cares]
    if others and random.random_sample() < 0.35:
        aspect = choose(others, random)
        good, bad = aspects()[aspect].praise, aspects()[aspect].complaint
        draft.add(_REMARK, good if quality[aspect] > 0 else bad, choose(grammar.REMARKS, random))
    for number, extra in enumerate(difficulties.extras(others)):
        draft.add((_EXTRA, number), *extra)
    if random.random_sample() < 0.25:
        draft.add((_ASIDE, 0), grammar.ASIDES)
    while draft.words < WORDS_MIN:
        draft.add((_ASIDE, draft.words), grammar.ASIDES)
    numbers = tuple(each.aspect for each in main)
    summary = _summary(toy, numbers, level, rating, random)
    return Review(difficulties.misspelt(draft.text()), summary, numbers, draft.sentences())


def _wording(aspect, level, lead, difficulties):
    """(templates, lead) of a sentence on a main aspect at a level; a difficult one has a lead of its own."""
    return difficulties.sentences(aspect, level) or (aspects()[aspect].sentences[level], lead)


def _add_main_aspects(draft, cares, level, difficulties):
    """Adds a sentence on each of the author's aspects, sometimes on some of them only. Returns [_MainAspect]."""
    random = draft.random
    order = [int(aspect) for aspect in random.permutation(cares)]
    if random.random_sample() < 0.2:
        order = order[:1 + int(random.random_sample() * (len(order) - 1))]
    main = []
    for position, aspect in enumerate(order, 1):
        contrast = main and (level[main[-1].aspect] - 2) * (level[aspect] - 2) < 0
        lead = choose(grammar.CONTRASTS if contrast else grammar.LEADS, random)
        lead = lead if random.random_sample() < (0.6 if contrast else 0.2) else ""
        if draft.add((position, 0), *_wording(aspect, level[aspect], lead, difficulties)):
            main.append(_MainAspect(position, aspect))
    return main


def _add_verdict(draft, levels, rating):
    """Adds a verdict to most reviews: at the end, with a concession, if the stars contradict the levels."""
    if draft.random.random_sample() < 0.3:
        return
    mean = sum(levels) / len(levels)
    if (rating - 3) * (mean - 2) < 0 or (rating != 3 and abs(rating - 1 - mean) > 1.5):
        concession = choose(grammar.CONCESSIONS, draft.random)
        draft.add(_END, grammar.VERDICTS[rating - 1][1:], concession)
    else:
        draft.add(choose((_BEFORE_ASPECTS, _END, _END), draft.random), grammar.VERDICTS[rating - 1])


def _summary(toy, numbers, level, rating, random):
    """A headline that fits the stars; it names an aspect only if the review judges that aspect as the stars do."""
    mood = _sign(rating - 3)
    topics = [aspects()[aspect].topic for aspect in numbers if _sign(level[aspect] - 2) == mood]
    options = [line for line in grammar.SUMMARIES[rating - 1] if topics or "{topic}" not in line]
    return choose(options, random).format(toy=toy.name, topic=topics[0] if topics else "")


def _sign(number):
    return (number > 0) - (number < 0)


class _Draft:
    """The sentences of a review that is being written; it uses none of the sentences in `taken`."""

    def __init__(self, toy, taken, random):
        self.random = random
        name = toy.name if random.random_sample() < 0.6 else "toy"
        self.slots = {"toy": name, "a toy": with_article(name),
                      "brand": toy.brand, "a brand": with_article(toy.brand),
                      "time": choose(grammar.TIMES, random), "soon": choose(grammar.SOON, random),
                      "child": "{child}", "childo": "{childo}", "child's": "{child's}"}
        self.taken = taken
        self.templates = set()
        self.kept = []  # _Sentence
        self.words = 0

    def add(self, position, templates, lead=""):
        """Adds a sentence from one of the templates at a position. Returns False if none fits."""
        free = [template for template in templates if template not in self.templates
                and not (self._timed(template) and any(map(self._timed, self.templates)))]
        for _ in range(20 if free else 0):
            template = choose(free, self.random)
            sentence = resolve(template, self.random).format_map(self.slots)
            words = len((lead + sentence).split())
            if sentence not in self.taken and self.words + words <= WORDS_MAX - _NAMING:
                self.templates.add(template)
                self.kept.append(_Sentence(position, sentence, lead))
                self.words += words
                return True
        return False

    @staticmethod
    def _timed(template):
        """Whether it states a time; a review does so once, since several times could contradict each other."""
        return "{time}" in template or "{soon}" in template

    def sentences(self):
        """The sentences used, in the form of `taken`."""
        return frozenset(sentence.text for sentence in self.kept)

    def text(self):
        """The text of the review; the child is named once, then referred to by a pronoun."""
        name, subject, object_, possessive = choose(grammar.CHILDREN, self.random)
        naming = {"child": name, "childo": name, "child's": name + "'s"}
        sentences = []
        for kept in sorted(self.kept):
            sentence = kept.text
            if "{child" in sentence:
                sentence = sentence.format_map(naming)
                naming = {"child": subject, "childo": object_, "child's": possessive}
            if kept.lead and not sentence.startswith(("I ", "AA")):
                sentence = sentence[:1].lower() + sentence[1:]
            sentences.append(capitalise(kept.lead + sentence))
        return " ".join(sentences)
