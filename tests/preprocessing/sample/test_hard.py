"""The hard sample corpus: what each difficulty does, and that none of them touches the default corpus."""
import hashlib
import itertools
import re

import numpy as np
import pytest

from metrics import planted
from preprocessing.sample import corpus as sample
from preprocessing.sample import hard, hard_phrases
from preprocessing.sample.aspect_files import aspects
from preprocessing.sample.hard import EASY, HARD, Difficulties
from tests.preprocessing.sample.test_corpus import pair, words

SHAPE = dict(users=101, items=37, reviews=1203, aspects=10, cares=3)
DIGESTS = {  # of reviews, metadata and truth as they were before there were difficulties
    "default": ("7d24d8ddea8ea0b25fc95eda909d73b5643241d087f856534f3fb13973c7fcf3",
                "71b0f2eca1ee8ae8ecfc5ad65f2dcc52da4f65b37455c5248bfd10986689843e",
                "2a8c0f71efbde45a56da4fe317ba8571a91dbc22aeb55c0142a8ff24f3c30c5d"),
    "small": ("befe3ab55384ac2dc854efcac5e6abfcace6e7a85ec487180f17023af8aac119",
              "5bf4015bbfce148b2d832e29f7ae9e01d8587c01061d3c62dc1d270393f0400b",
              "d58e08b03c288e3b6e288c6f6ba0ca9e29144e74e0b939761006b59f0098a79a")}


@pytest.fixture(scope="module")
def corpus():
    return sample.generate(3, hardness=HARD, **SHAPE)


def only(**hardness):
    """A corpus with these difficulties alone."""
    return sample.generate(3, hardness=EASY._replace(**hardness), **SHAPE)


@pytest.mark.parametrize("name, arguments", [
    ("default", {}), ("small", dict(seed=4, users=17, items=11, reviews=97, aspects=5, cares=2, taste=.5))])
def test_the_default_corpus_keeps_its_bytes(name, arguments):
    made = sample.generate(**arguments)
    assert DIGESTS[name] == tuple(hashlib.sha256(sample._lines(part)).hexdigest()
                                  for part in (made.reviews, made.metadata, [made.truth]))


def test_the_truth_of_a_hard_corpus_is_complete_and_readable_by_the_measures(corpus):
    truth = corpus.truth
    assert truth["arguments"]["hardness"] == dict(HARD._asdict()) and len(truth["reviews"]) == SHAPE["reviews"]
    for user, cared in truth["users"].items():
        assert 1 <= len(cared) <= 3 and set(cared) == set(truth["weights"][user])
        assert sum(weight ** 2 for weight in truth["weights"][user].values()) == pytest.approx(1, abs=1e-3)
    assert {len(cared) for cared in truth["users"].values()} == {1, 2, 3}
    assert all(main and set(main) <= set(truth["aspects"]) for main in truth["reviews"].values())
    users, items = list(truth["users"]), list(truth["items"])
    scores = planted.oracle_scores(truth, users, items)
    row, column = 5, 7
    appeal = sum(weight * truth["items"][items[column]][name] for name, weight in truth["weights"][users[row]].items())
    assert scores[row, column] == pytest.approx(truth["log_popularity"][items[column]] + appeal, abs=2e-3)


def test_hard_is_a_flag_that_gives_the_same_bytes_again_and_each_number_can_be_set(tmp_path):
    flags = ["--items", "23", "--users", "31", "--reviews", "211", "--hard", "--typos", "0.1", "--out"]
    for name in ("first", "again"):
        sample.main(flags + [str(tmp_path / name)])
    for name in (sample.REVIEWS, sample.META, sample.TRUTH):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    args = sample.parse_args(flags + [str(tmp_path / "first")])
    assert args.hardness == HARD._replace(typos=.1) and (args.aspects, args.cares) == (10, 3)
    assert sample.parse_args(["--out", str(tmp_path)]).hardness == EASY


@pytest.mark.parametrize("name", EASY._fields)
def test_every_number_has_a_help_and_a_range(name, tmp_path):
    assert hard.HELP[name] and 0 < getattr(HARD, name) <= getattr(hard.MAXIMUM, name)
    for value in ("-0.1", str(getattr(hard.MAXIMUM, name) + .1), "nan"):
        with pytest.raises(sample.cli.UserError, match=f"--{name} .*out of range"):
            sample.main(["--out", str(tmp_path), f"--{name}", value])


def test_a_share_of_the_reviews_is_about_what_its_author_does_not_care_about():
    truth = only(off_taste=.25).truth
    off = [not set(main) & set(truth["users"][key.split()[0]]) for key, main in truth["reviews"].items()]
    assert .2 < np.mean(off) < .3
    assert not any(not set(main) <= set(truth["users"][key.split()[0]])
                   for key, main in only(typos=.1).truth["reviews"].items())


def test_users_write_most_about_what_they_care_about_most():
    made = only(unequal=1.)
    first, last = [], []
    for user, weights in made.truth["weights"].items():
        if len(weights) > 1:
            own = [main for key, main in made.truth["reviews"].items() if key.split()[0] == user]
            order = sorted(weights, key=weights.get)
            first.append(np.mean([order[-1] in main for main in own]))
            last.append(np.mean([order[0] in main for main in own]))
    assert np.mean(first) > np.mean(last) + .1


def test_aspects_are_correlated_within_a_type_of_product():
    random = np.random.RandomState(0)
    types = random.randint(0, 3, 6000)
    quality = Difficulties(EASY._replace(correlation=.6), random).quality(random.normal(size=(6000, 4)), types)
    assert np.std(quality) == pytest.approx(1, abs=.03)
    for kind in range(3):
        found = np.corrcoef(quality[types == kind].T)
        assert np.abs(found[~np.eye(4, dtype=bool)]) == pytest.approx(.6, abs=.06)


def test_purchases_follow_a_law_of_popularity():
    def share(made):
        counts = sorted(np.unique([review["asin"] for review in made.reviews], return_counts=True)[1])
        return sum(counts[-4:]) / sum(counts)

    assert share(only(popularity=1.5)) > 1.3 * share(only(typos=.01))


def test_typos_change_a_share_of_the_long_words_by_one_letter():
    difficulties = Difficulties(EASY._replace(typos=.2), np.random.RandomState(1))
    text = " ".join(["handle"] * 3000 + ["the"] * 50 + ["gone."] * 50)
    typed = difficulties.misspelt(text).split()
    assert typed[3000:] == text.split()[3000:]
    changed = [word for word in typed[:3000] if word != "handle"]
    assert .12 < len(changed) / 3000 <= .22
    assert all(word[0] == "h" and 5 <= len(word) <= 7 for word in changed)


def test_shared_sentences_name_a_topic_and_negations_the_opposite():
    shared = Difficulties(EASY._replace(shared=1.), np.random.RandomState(0))
    negated = Difficulties(EASY._replace(negations=1.), np.random.RandomState(0))
    for number, aspect in enumerate(aspects()):
        for level in range(5):
            texts, lead = shared.sentences(number, level)
            assert all(aspect.topic in text and "{topic}" not in text for text in texts) and lead == ""
        assert negated.sentences(number, 4)[0] == aspect.complaint and negated.sentences(number, 0)[0] == aspect.praise
        assert negated.sentences(number, 2) is None and negated.sentences(number, 1)[1] in hard_phrases.NOT_SO


def test_hearsay_and_sentences_off_the_topic_are_drawn_as_often_as_asked_and_fill_the_room_that_is_left():
    difficulties = Difficulties(EASY._replace(hearsay=.7, off_topic=.3), np.random.RandomState(0))
    extras = [difficulties.extras([2, 5]) for _ in range(1000)]
    assert np.mean([any(lead for _, lead in extra) for extra in extras]) == pytest.approx(.7, abs=.05)
    assert np.mean([any(not lead for _, lead in extra) for extra in extras]) == pytest.approx(.3, abs=.05)
    leads = re.compile("|".join(re.escape(lead.strip()) for lead in hard_phrases.HEARSAY))

    def share(probability):
        made = only(hearsay=probability, typos=.01)
        return np.mean([bool(leads.search(review["reviewText"])) for review in made.reviews])

    assert share(0.) == 0 < share(.3) < share(1.)


def test_no_shared_phrase_holds_a_word_of_an_aspect():
    own = set(itertools.chain(*(aspect.words for aspect in aspects())))
    phrases = hard_phrases.SHARED + (hard_phrases.NOT_SO, hard_phrases.HEARSAY, hard_phrases.OFF_TOPIC)
    for text in itertools.chain(*phrases):
        assert not words(re.sub(r"\{[^}]*\}", "", text)) & own, text


def test_spacing_capitals_and_lengths_are_those_of_the_default():
    made = sample.generate(3, hardness=HARD._replace(typos=0.), **SHAPE)
    for review in made.reviews:
        text = review["reviewText"]
        assert not re.search(r"[\[\]{}|]|  | [,.;:!?]|,,|\.\.|\b(\w+) \1\b", text), text
        assert all(re.match("[A-Z]", sentence) for sentence in re.split(r"(?<=[.?]) ", text)), text
        assert 20 <= len(text.split()) <= 60 and pair(review) in made.truth["reviews"]
