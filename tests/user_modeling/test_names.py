"""Names of aspects: laws on planted texts whose aspects are given."""
import numpy as np
import pytest

from models.run_folder import aspect_reading
from preprocessing import artefact as contract, tokenise, vocabulary as vocabularies
from user_modeling import corpus as corpora, names, words as word_figures

SPECIAL = 3  # words of every vocabulary that stand for no word


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


@pytest.fixture
def named(artefact):
    """Returns names of aspects by (text, aspect, polarity) of sentences, one a review, and the words of each aspect."""
    def name(sentences, groups):
        spoken = sorted({word for text, _, _ in sentences for word in tokenise.Unicode.words(text)})
        vocabulary = tuple(artefact.vocabulary[:SPECIAL]) + tuple(spoken)
        ids = vocabularies.numbers(vocabulary)
        found = aspect_reading.split([text for text, _, _ in sentences], tokenise.Unicode, ids)
        count = len(sentences)
        corpus = corpora.Corpus(artefact._replace(vocabulary=vocabulary), np.arange(count), found, np.arange(count),
                                aspect_reading.bags(found, len(vocabulary))[0],
                                corpora.bags_of_reviews(found, len(vocabulary)))
        sums = [np.asarray(bags.sum(axis=0)).ravel() for bags in (corpus.reviews, corpus.bags)]
        words = word_figures.Words(*sums, *[np.ones(len(vocabulary))] * 2, np.arange(SPECIAL, len(vocabulary)))
        weights = np.zeros((len(vocabulary), len(groups)))
        for aspect, group in enumerate(groups):
            weights[[ids[word] for word in group], aspect] = 1
        reading = aspect_reading.Reading(np.array([aspect for _, aspect, _ in sentences]),
                                         np.array([polarity for _, _, polarity in sentences], np.float32))
        assert len(found.span) == count
        return names.of(corpus, words, weights, reading)
    return name


def test_a_word_said_in_praise_and_in_criticism_is_preferred(named):
    """"volume" has fewer sentences than "quiet", which is said in praise alone, and "buzzing", in criticism alone."""
    volume = [("volume fell", 0, .1)] * 13 + [("volume rose", 0, .9)] * 13
    group = [("quiet", "buzzing", "volume")]
    assert named([("quiet", 0, .9)] * 31 + [("buzzing", 0, .1)] * 29 + volume, group)[0].name == "volume"
    assert named([("quiet", 0, .9)] * 16 + [("quiet", 0, .1)] * 15 + [("buzzing", 0, .1)] * 29 + volume,
                 group)[0].name == "quiet"


def test_a_word_that_is_denied_is_less_of_a_name(named):
    """Two words of the same sentences and polarity: the one that is negated is not the name."""
    sentences = [("loud", 0, .5)] * 7 + [("not loud", 0, .5)] * 24 + [("motor", 0, .5)] * 29
    assert [one.name for one in named(sentences, [("loud", "motor")])] == ["motor"]
    assert [one.name for one in named([(text[-4:], *rest) for text, *rest in sentences[:31]] + sentences[31:],
                                      [("loud", "motor")])] == ["loud"]


def test_a_noun_is_preferred_to_a_word_that_describes(named):
    """Of two words of as many sentences and the same polarity, the one that an article begins, and nothing else ends;
    without articles the more frequent one."""
    group = [("small", "size")]
    with_articles = [(f"the small thing{number} is here", 0, .5) for number in range(140)] + [
        ("the size is here", 0, .5)] * 139
    assert named(with_articles, group)[0].name == "size"
    assert named([(text.replace("the ", ""), *rest) for text, *rest in with_articles], group)[0].name == "small"


def test_a_word_of_few_sentences_is_joined_by_one_of_other_sentences(named):
    words = ["clamp", "design", "hinge", "spring", "angle", "position", "stand", "cradle", "hook", "latch"]
    sentences = [(word, 0, .5) for number, word in enumerate(words) for _ in range(9 - (number > 1))]
    assert named(sentences, [words])[0].name == "clamp & design"
    same = [("clamp with design", 0, .5)] * 9 + sentences[18:]  # "design" adds no sentence
    assert named(same, [words])[0].name in ("clamp & angle", "design & angle")
    assert named(sentences[:18], [words[:2]])[0].name == "clamp"  # half of the sentences hold it


def test_two_words_that_stand_together_are_the_name(named):
    """Not those that are only in one sentence, or seldom neighbours, or neighbours in the sentences of no aspect."""
    group = [("battery", "life")]
    together = [("its battery life", 0, .5)] * 11 + [("the battery", 0, .5)] * 7
    assert named(together, group)[0][:2] == ("battery-life", "battery life")
    assert named([("battery and life", 0, .5)] * 11 + together[11:], group)[0].name == "battery"
    assert named(together[:2] + [("the battery", 0, .5)] * 17, group)[0].name == "battery"
    assert named([("its battery life", -1, .5)] * 11 + together[11:], group)[0].name == "battery"


def test_a_phrase_is_not_too_long(named):
    first, second = "b" * 13, "c" * 11
    assert named([(f"{first} {second}", 0, .5)] * 9 + [(first, 0, .5)], [(first, second)])[0].name == first
    assert named([(f"{first[2:]} {second}", 0, .5)] * 9, [(first[2:], second)])[0].name == f"{first[2:]} {second}"


def test_phrases_of_any_script(named):
    """Overlapping pairs of characters are joined, words with spaces between keep them."""
    chinese = "\u7eed\u822a\u529b"
    assert named([(chinese, 0, .5)] * 9, [(chinese[:2], chinese[1:])])[0].name == chinese
    russian = "\u0441\u0440\u043e\u043a", "\u0441\u043b\u0443\u0436\u0431\u044b"
    assert named([(" ".join(russian), 0, .5)] * 9, [russian])[0].name == " ".join(russian)


def test_names_are_unique(named):
    """An aspect whose best word is a form of another name has a second one; where there is none, a number."""
    card, cards = [("card", 0, .5)] * 9, [("cards", 1, .5)] * 9
    assert [one.name for one in named(card + cards + [("gifts", 1, .5)] * 5, [("card",), ("cards", "gifts")])] == [
        "card", "cards & gifts"]
    assert [one.name for one in named(card + cards, [("card",), ("cards",)])] == ["card", "cards"]
    empty = named(card, [("card",), (), ()])
    assert [one.name for one in empty] == ["card", "?", "? 2"] and len({one.code for one in empty}) == 3


def test_generic_words_and_words_of_other_aspects_are_no_names(named):
    found = named([("great price", 0, .5)] * 9 + [("price sound", 1, .5)] * 9, [("great", "price"), ("sound",)])
    assert [one.name for one in found] == ["price", "sound"]
