"""The language of the sample corpus: its wording agrees with the planted truth and is correct English."""
import collections
import itertools
import re

import numpy as np
import pytest

from preprocessing.sample import corpus as sample
from preprocessing.sample import grammar
from preprocessing.sample.aspect_files import aspects
from preprocessing.sample.phrases import templates
from preprocessing.sample.writer import Toy, write_review


@pytest.fixture(scope="module")
def corpus():
    return sample.generate(3, users=211, items=67, reviews=3001)


def words(text):
    return set(re.findall("[a-z]+", text.lower()))


def sentences(text):
    return re.split(r"(?<=[.?]) ", text)


def by_time(reviews, key):
    """Reviews of each toy or shopper, by time; those of one day in the order of the file."""
    groups = collections.defaultdict(list)
    for review in sorted(reviews, key=lambda review: review["unixReviewTime"]):
        groups[review[key]].append(review)
    return groups.values()


def choices(template):
    """Its parts in order, each a list of the texts it may become."""
    return [part.split("|") if number % 2 else [part]
            for number, part in enumerate(re.split(r"\[([^\[\]]*)\]", template))]


def expansions(template):
    """All sentences that its choices allow; slots stay."""
    return ["".join(parts) for parts in itertools.product(*choices(template))]


def pattern(template):
    """A regular expression that matches all sentences of a template, with any text in its slots."""
    parts = "".join("(" + "|".join(map(re.escape, part)) + ")" for part in choices(template))
    return "^" + re.sub(r"\\\{.*?\\\}", ".+", parts) + "$"


def templates_of(aspect):
    return aspect.praise + aspect.complaint + sum(aspect.sentences, ())


@pytest.mark.parametrize("level, quality", enumerate((-1.5, -0.6, 0.0, 0.6, 1.5)))
def test_wording_follows_the_quality(level, quality):
    random = np.random.RandomState(level)
    for number, aspect in enumerate(aspects()):
        qualities = [quality if number == index else 0.0 for index in range(12)]
        review = write_review(Toy("globe", "Yonder"), [number], qualities, 3, frozenset(), random)
        levels = [index for index, of_level in enumerate(aspect.sentences)
                  if any(re.match(pattern(template), sentence)
                         for template in of_level for sentence in review.sentences)]
        assert levels == [level]
        assert review.main_aspects == (number,)


def test_consecutive_reviews_share_no_sentence(corpus):
    for key in ("asin", "reviewerID"):
        for reviews in by_time(corpus.reviews, key):
            texts = [sentences(review["reviewText"]) for review in reviews]
            assert all(len(set(text)) == len(text) for text in texts)
            assert not any(set(text) & set(following) for text, following in zip(texts, texts[1:]))


def test_few_sentences_of_a_toys_reviews_are_repeated(corpus):
    total = repeated = 0
    for reviews in by_time(corpus.reviews, "asin"):
        written = [sentence for review in reviews for sentence in sentences(review["reviewText"])]
        total, repeated = total + len(written), repeated + len(written) - len(set(written))
    assert repeated < 0.03 * total


def test_spacing_articles_and_capitals_are_correct(corpus):
    texts = [review["reviewText"] for review in corpus.reviews]
    texts += [record["description"] for record in corpus.metadata]
    texts += [review["summary"] + "." for review in corpus.reviews]
    for text in texts:
        assert not re.search(r"[\[\]{}|]|  | [,.;:!?]|,,|\.\.|\b(\w+) \1\b", text), text
        assert not re.search(r"\b[Aa] (?!one\b|use|uni)[aeiou]", text), text
        assert not re.search(r"\b[Aa]n (?!hour|honest)[^aeiouAEIO]", text), text
        assert text[-1] in ".?"
        assert all(re.match("[A-Z]", sentence) for sentence in sentences(text)), text


def test_a_child_is_named_once_at_most(corpus):
    names = sorted({child[0] for child in grammar.CHILDREN})
    named = 0
    for review in corpus.reviews:
        mentions = re.findall("|".join(names), review["reviewText"], re.IGNORECASE)
        assert len(mentions) <= 1, review["reviewText"]
        named += len(mentions)
    assert named > len(corpus.reviews) / 2


@pytest.mark.parametrize("aspect", aspects(), ids=lambda aspect: aspect.name)
def test_every_template_holds_a_word_of_its_aspect_and_no_word_is_in_half_of_them(aspect):
    own = [expansions(template) for template in templates_of(aspect)]
    assert len(aspect.words) >= 15
    assert all(words(line) & aspect.words for line in itertools.chain(*own))
    assert all(len(level) >= 5 for level in aspect.sentences)
    shares = {word: np.mean([np.mean([word in words(line) for line in lines]) for lines in own])
              for word in aspect.words}
    assert 0 < min(shares.values()) and max(shares.values()) < 0.5
    polar = [set(itertools.chain(*map(words, level))) & aspect.words for level in aspect.sentences]
    assert len((polar[0] | polar[1]) & (polar[3] | polar[4])) >= 8  # praise and complaints share words


def test_no_other_text_holds_a_word_of_an_aspect():
    generic = set(itertools.chain(
        grammar.OPENINGS, grammar.ASIDES, grammar.LEADS, grammar.CONTRASTS, grammar.REMARKS,
        grammar.CONCESSIONS, grammar.TIMES, grammar.SOON, grammar.BRANDS, grammar.THEMES,
        *grammar.VERDICTS, *grammar.KINDS.values(), *grammar.CHILDREN))
    for aspect in aspects():
        others = [template for other in aspects() if other is not aspect
                  for template in templates_of(other)]
        for text in itertools.chain(generic, others):
            assert not words(re.sub(r"\{[^}]*\}", "", text)) & aspect.words, (aspect.name, text)


def test_names_are_distinct():
    kinds = list(itertools.chain(*grammar.KINDS.values()))
    for names in (kinds, grammar.BRANDS, grammar.THEMES):
        assert len(set(names)) == len(names)


def test_a_grammar_text_is_a_list_of_templates():
    text = "\n    - One [a|b]\n      two.\n    - Three-four.\n    "
    assert templates(text) == ("One [a|b] two.", "Three-four.")
