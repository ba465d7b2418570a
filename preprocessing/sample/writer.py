"""Writes one review of the sample corpus: of these aspects, this good in them, with these stars.

Sentences are added by importance, each with its place in the text, as the word limit allows; then
they are put in order, and the child is named: in full first, by pronoun after that.
"""
from typing import NamedTuple

from preprocessing.sample import grammar as grammar
from preprocessing.sample.phrases import capitalise, choose, resolve, with_article

WORDS_MIN, WORDS_MAX = 20, 60
_NAMING = 3  # words that the child's name in full, "our four year old", has more than its slot
_LEVELS = (-1.0, -0.3, 0.3, 1.0)  # quality (about N(0,1)) between the five levels of wording


class Toy(NamedTuple):
    """What a review says of its toy: the short name ("robot dog") and the brand."""
    name: str
    brand: str


class Review(NamedTuple):
    """A written review.

    Attributes:
      text: 20 to 60 words.
      summary: the headline.
      main_aspects: numbers of the aspects its author cares about and it really speaks of.
      sentences: its sentences before the child was named, for the next review to avoid.
    """
    text: str
    summary: str
    main_aspects: tuple
    sentences: frozenset


def write_review(toy, cares, quality, rating, taken, random):
    """Writes a review.

    Args:
      toy: `Toy`.
      cares: aspect numbers its author cares about, at least one.
      quality: float [aspects], the toy's quality as its author sees it, about N(0,1).
      rating: stars, 1..5.
      taken: set of sentences (of `Review.sentences`) that it must not use.
      random: `numpy.random.RandomState`.

    Returns:
      `Review`.
    """
    draft = _Draft(toy, taken, random)
    level = [sum(value > bound for bound in _LEVELS) for value in quality]
    main = _main_aspects(draft, cares, level)
    if random.random_sample() < 0.75:
        draft.add((0, 0), grammar.OPENINGS)
    _add_verdict(draft, [level[aspect] for _, aspect in main], rating)
    for place, aspect in main:
        if random.random_sample() < 0.4:
            draft.add((place, 1), grammar.ASPECTS[aspect].sentences[level[aspect]])
    others = [aspect for aspect in range(len(level)) if aspect not in cares]
    if others and random.random_sample() < 0.35:
        aspect = choose(others, random)
        good, bad = grammar.ASPECTS[aspect].praise, grammar.ASPECTS[aspect].complaint
        draft.add((7, 0), good if quality[aspect] > 0 else bad, choose(grammar.REMARKS, random))
    if random.random_sample() < 0.25:
        draft.add((8, 0), grammar.ASIDES)
    while draft.words < WORDS_MIN:
        draft.add((8, draft.words), grammar.ASIDES)
    spoken = tuple(aspect for _, aspect in main)
    summary = _summary(toy, spoken, level, rating, random)
    return Review(draft.text(), summary, spoken, draft.sentences())


def _main_aspects(draft, cares, level):
    """Adds a sentence on each of the author's aspects, at times not on all: [(place, aspect)]."""
    random = draft.random
    aspects = [int(aspect) for aspect in random.permutation(cares)]
    if random.random_sample() < 0.2:
        aspects = aspects[:1 + int(random.random_sample() * (len(aspects) - 1))]
    main = []
    for place, aspect in enumerate(aspects, 1):
        turned = main and (level[main[-1][1]] - 2) * (level[aspect] - 2) < 0
        lead = choose(grammar.CONTRASTS if turned else grammar.LEADS, random)
        lead = lead if random.random_sample() < (0.6 if turned else 0.2) else ""
        if draft.add((place, 0), grammar.ASPECTS[aspect].sentences[level[aspect]], lead):
            main.append((place, aspect))
    return main


def _add_verdict(draft, levels, rating):
    """Sums up, mostly; last and with a concession where the stars do not follow from the levels."""
    if draft.random.random_sample() < 0.3:
        return
    mean = sum(levels) / len(levels)
    if (rating - 3) * (mean - 2) < 0 or (rating != 3 and abs(rating - 1 - mean) > 1.5):
        concession = choose(grammar.CONCESSIONS, draft.random)
        draft.add((9, 0), grammar.VERDICTS[rating - 1][1:], concession)
    else:
        draft.add(choose(((0, 1), (9, 0), (9, 0)), draft.random), grammar.VERDICTS[rating - 1])


def _summary(toy, spoken, level, rating, random):
    """A headline that fits the stars; it names an aspect only where the review judges it alike."""
    mood = _sign(rating - 3)
    topics = [grammar.ASPECTS[aspect].topic
              for aspect in spoken if _sign(level[aspect] - 2) == mood]
    options = [line for line in grammar.SUMMARIES[rating - 1] if topics or "{topic}" not in line]
    return choose(options, random).format(toy=toy.name, topic=topics[0] if topics else "")


def _sign(number):
    return (number > 0) - (number < 0)


class _Draft:
    """Sentences of a review in the making; `taken` are those it must not use."""

    def __init__(self, toy, taken, random):
        self.random = random
        name = toy.name if random.random_sample() < 0.6 else "toy"
        self.slots = {"toy": name, "a toy": with_article(name),
                      "brand": toy.brand, "a brand": with_article(toy.brand),
                      "time": choose(grammar.TIMES, random), "soon": choose(grammar.SOON, random),
                      "child": "{child}", "childo": "{childo}", "child's": "{child's}"}
        self.taken = taken
        self.templates = set()
        self.kept = []  # (place, sentence, lead)
        self.words = 0

    def add(self, place, templates, lead=""):
        """Adds a sentence from one of the templates at a place. Returns False where none fits."""
        free = [template for template in templates if template not in self.templates
                and not (self._timed(template) and any(map(self._timed, self.templates)))]
        for _ in range(20 if free else 0):
            template = choose(free, self.random)
            sentence = resolve(template, self.random).format_map(self.slots)
            words = len((lead + sentence).split())
            if sentence not in self.taken and self.words + words <= WORDS_MAX - _NAMING:
                self.templates.add(template)
                self.kept.append((place, sentence, lead))
                self.words += words
                return True
        return False

    @staticmethod
    def _timed(template):
        """Whether it says when or how long: a review does so once, or its times would clash."""
        return "{time}" in template or "{soon}" in template

    def sentences(self):
        """The sentences used, as `taken` of another draft wants them."""
        return frozenset(sentence for _, sentence, _ in self.kept)

    def text(self):
        """The review, with the child named once and then spoken of by pronoun."""
        name, subject, object_, possessive = choose(grammar.CHILDREN, self.random)
        naming = {"child": name, "childo": name, "child's": name + "'s"}
        sentences = []
        for _, sentence, lead in sorted(self.kept):
            if "{child" in sentence:
                sentence = sentence.format_map(naming)
                naming = {"child": subject, "childo": object_, "child's": possessive}
            if lead and not sentence.startswith(("I ", "AA")):
                sentence = sentence[:1].lower() + sentence[1:]
            sentences.append(capitalise(lead + sentence))
        return " ".join(sentences)
