"""The language of the sample corpus: what it says fits the truth, and reads as English."""
import collections
import itertools
import re

import numpy as np
import pytest

from preprocessing.sample import corpus as sample
from preprocessing.sample import grammar
from preprocessing.sample.phrases import templates
from preprocessing.sample.writer import Toy, write_review


@pytest.fixture(scope="module")
def corpus():
    return sample.generate(3, users=211, items=67, reviews=3001)


def words(text):
    return set(re.findall("[a-z]+", text.lower()))


def sentences(text):
    return re.split(r"(?<=[.?]) ", text)


def in_turn(reviews, key):
    """Reviews of each toy or shopper, by time; those of one day in the order of the file."""
    groups = collections.defaultdict(list)
    for review in sorted(reviews, key=lambda review: review["unixReviewTime"]):
        groups[review[key]].append(review)
    return groups.values()


def choices(template):
    """Its parts in turn, each a list of what it may read."""
    return [part.split("|") if number % 2 else [part]
            for number, part in enumerate(re.split(r"\[([^\[\]]*)\]", template))]


def expansions(template):
    """All that its choices allow; slots stay."""
    return ["".join(parts) for parts in itertools.product(*choices(template))]


def pattern(template):
    """A regular expression of all sentences of a template, whatever fills its slots."""
    parts = "".join("(" + "|".join(map(re.escape, part)) + ")" for part in choices(template))
    return "^" + re.sub(r"\\\{.*?\\\}", ".+", parts) + "$"


def templates_of(aspect):
    return aspect.praise + aspect.complaint + sum(aspect.sentences, ())


@pytest.mark.parametrize("level, quality", enumerate((-1.5, -0.6, 0.0, 0.6, 1.5)))
def test_wording_follows_the_quality(level, quality):
    random = np.random.RandomState(level)
    for number, aspect in enumerate(grammar.ASPECTS):
        qualities = [quality if number == other else 0.0 for other in range(12)]
        review = write_review(Toy("globe", "Yonder"), [number], qualities, 3, frozenset(), random)
        spoken = [spoken for spoken, of_level in enumerate(aspect.sentences)
                  if any(re.match(pattern(template), sentence)
                         for template in of_level for sentence in review.sentences)]
        assert spoken and set(spoken) == {level}
        assert review.main_aspects == (number,)


def test_no_sentence_twice_in_a_row(corpus):
    for key in ("asin", "reviewerID"):
        for reviews in in_turn(corpus.reviews, key):
            said = [sentences(review["reviewText"]) for review in reviews]
            assert all(len(set(own)) == len(own) for own in said)
            assert not any(set(one) & set(two) for one, two in zip(said, said[1:]))


def test_a_shopper_of_a_toy_rarely_reads_the_same_sentence_again(corpus):
    read = repeated = 0
    for reviews in in_turn(corpus.reviews, "asin"):
        said = [sentence for review in reviews for sentence in sentences(review["reviewText"])]
        read, repeated = read + len(said), repeated + len(said) - len(set(said))
    assert repeated < 0.03 * read


def test_english(corpus):
    texts = [review["reviewText"] for review in corpus.reviews]
    texts += [record["description"] for record in corpus.metadata]
    texts += [review["summary"] + "." for review in corpus.reviews]
    for text in texts:
        assert not re.search(r"[\[\]{}|]|  | [,.;:!?]|,,|\.\.|\b(\w+) \1\b", text), text
        assert not re.search(r"\b[Aa] (?!one\b|use|uni)[aeiou]", text), text
        assert not re.search(r"\b[Aa]n (?!hour|honest)[^aeiouAEIO]", text), text
        assert text[-1] in ".?"
        assert all(re.match("[A-Z]", sentence) for sentence in sentences(text)), text


def test_a_child_is_named_once_and_then_a_pronoun(corpus):
    names = sorted({child[0] for child in grammar.CHILDREN})
    named = 0
    for review in corpus.reviews:
        mentions = re.findall("|".join(names), review["reviewText"], re.IGNORECASE)
        assert len(mentions) <= 1, review["reviewText"]
        named += len(mentions)
    assert named > len(corpus.reviews) / 2


@pytest.mark.parametrize("aspect", grammar.ASPECTS, ids=lambda aspect: aspect.name)
def test_vocabulary_tells_the_aspect_but_no_single_word_gives_it_away(aspect):
    own = [expansions(template) for template in templates_of(aspect)]
    assert len(aspect.words) >= 15
    assert all(words(line) & aspect.words for line in itertools.chain(*own))
    assert all(len(level) >= 5 for level in aspect.sentences)
    shares = {word: np.mean([np.mean([word in words(line) for line in lines]) for lines in own])
              for word in aspect.words}
    assert 0 < min(shares.values()) and max(shares.values()) < 0.5
    polar = [set(itertools.chain(*map(words, level))) & aspect.words for level in aspect.sentences]
    assert len((polar[0] | polar[1]) & (polar[3] | polar[4])) >= 8  # praise and blame share words


def test_nothing_else_speaks_of_an_aspect():

    generic = set(itertools.chain(
        grammar.OPENINGS, grammar.ASIDES, grammar.LEADS, grammar.CONTRASTS, grammar.REMARKS,
        grammar.CONCESSIONS, grammar.TIMES, grammar.SOON, grammar.BRANDS, grammar.THEMES,
        *grammar.VERDICTS, *grammar.KINDS.values(), *grammar.CHILDREN))
    for aspect in grammar.ASPECTS:
        others = [template for other in grammar.ASPECTS if other is not aspect
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
