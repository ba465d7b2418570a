"""Suggested shoppers differ in what they write, in every script; shoppers are named by what they speak of."""
from types import SimpleNamespace

import pytest

from flask_app.recommending import suggested_shoppers
from flask_app.recommending.suggested_shoppers import most_different, suggested
from flask_app.storage.aspects import Interest
from preprocessing.tokenise import Published
from tests.flask_app.tiny_catalogue import write_catalogue
from tests.support import scripts

THEMES = {"noise": "noisy loud alarm silence", "battery": "battery charger voltage power",
          "price": "cheap bargain discount price"}


def themed_catalogue(path, write=lambda text: text):
    """Three themes, three shoppers each with seven reviews of its words; the first writes most."""
    themes = list(THEMES.values())
    reviews = [(user, item, 3, None, write(f"this thing and {themes[user % 3]} with word{item}."), "train")
               for user in range(9) for item in range(8 if user == 0 else 7)]
    return write_catalogue(path, reviews, [f"u{user}" for user in range(9)],
                           [f"i{item}" for item in range(8)])


def test_suggested_shoppers_have_different_themes(tmp_path):
    three = suggested(themed_catalogue(tmp_path / "catalogue.sqlite"), 0, count=3)
    assert three[0].user_id == "u0"
    assert {int(suggestion.user_id[1:]) % 3 for suggestion in three} == {0, 1, 2}
    for suggestion in three:
        theme = list(THEMES.values())[int(suggestion.user_id[1:]) % 3].split()
        assert set(suggestion.words) == set(theme)
        assert all(word in suggestion.quote for word in theme)


def test_the_shopper_suggested_for_comparison_has_another_theme(tmp_path):
    three = suggested(themed_catalogue(tmp_path / "catalogue.sqlite"), 0, count=3)
    texts = [f"{THEMES['noise']} {THEMES['battery']}"]
    assert int(most_different(three, "u0", texts).user_id[1:]) % 3 == 2
    assert most_different(three[:1], three[0].user_id, texts) is None


@pytest.mark.parametrize("script", scripts.SCRIPTS)
def test_words_of_another_script_are_typical_too(tmp_path, script):
    path = themed_catalogue(tmp_path / "catalogue.sqlite", lambda text: scripts.transliterated(text, script))
    three = suggested(path, 0, count=3)
    assert {int(suggestion.user_id[1:]) % 3 for suggestion in three} == {0, 1, 2}
    for suggestion in three:
        assert len(suggestion.words) == (5 if script in scripts.UNSPACED else 4)
        theme = scripts.transliterated(f"and {list(THEMES.values())[int(suggestion.user_id[1:]) % 3]} with", script)
        assert all(word in theme for word in suggestion.words)
    texts = [scripts.transliterated(f"{THEMES['noise']} {THEMES['battery']}", script)]
    assert int(most_different(three, "u0", texts).user_id[1:]) % 3 == 2


def test_words_are_those_of_the_tokeniser_of_the_run(tmp_path):
    path = themed_catalogue(tmp_path / "catalogue.sqlite", lambda text: scripts.transliterated(text, "russian"))
    assert all(suggestion.words == () for suggestion in suggested(path, 0, tokeniser=Published))


def test_a_sentence_ends_by_the_signs_of_its_script(tmp_path):
    sentences = {"chinese": "音质很好电池耐用" * 6 + "。", "hindi": "आवाज़ अच्छी है और बैटरी चलती है " * 2 + "।"}
    for script, sentence in sentences.items():
        reviews = [(user, item, 3, None, sentence + " " * (script == "hindi") + "x" * 200, "train")
                   for user in range(2) for item in range(3)]
        path = write_catalogue(tmp_path / script, reviews, ["a", "b"], ["i", "j", "k"])
        assert {suggestion.quote for suggestion in suggested(path, 0)} == {sentence}


@pytest.mark.parametrize("interests, name", [
    ((), "shopper with 7 reviews"), ([(0, 1., 5)], "battery-life-minded shopper with 7 reviews"),
    ([(1, .6, 4), (0, 1., 5), (2, .5, 9)], "battery-life- and noise-minded shopper with 7 reviews"),
    ([(0, 1., 5), (3, .9, 4)], "battery-life- and \u2068صوت-عال\u2069-minded shopper with 7 reviews"),
    ([(0, 1., 1), (2, .3, 9)], "shopper with 7 reviews")])
def test_a_shopper_is_named_by_what_they_speak_of(interests, name):
    aspects = SimpleNamespace(
        interests=lambda user: [Interest(aspect, weight, mentions, 0., 7) for aspect, weight, mentions in interests],
        name=("battery life & cells", "noise", "price", "صوت عال").__getitem__)
    assert suggested_shoppers.name_of(3, 7, aspects) == name
    assert suggested_shoppers.name_of(3, 1, None) == "shopper with 1 review"
