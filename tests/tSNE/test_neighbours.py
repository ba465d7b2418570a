"""Tests the comparison of two users side by side."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing import artefact as contract
from preprocessing import catalogue
from tSNE import neighbours
from tSNE.maps import Pair
from tSNE.neighbours import Neighbours, Quote, Side
from tests.preprocessing.writing import build, reviews
from user_modeling import neighbours as user_neighbours

WORDS = ("battery", "amp", "charge")


def side(user_id="ann", texts=("The battery is fine.",)):
    return Side(user_id, 7, tuple(Quote(4., "Robot", text) for text in texts))


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


def test_active_users_have_enough_training_reviews(artefact):
    rows = contract.training_rows(artefact)
    counts = np.bincount(artefact.review_user[rows], minlength=len(artefact.user_reviews))
    active = set(neighbours.active(artefact).tolist())
    assert len(active) >= 2
    assert active == {user for user, count in enumerate(counts) if count >= user_neighbours.ACTIVE}


def test_one_user_is_active_alone():
    assert neighbours.active(build([review._replace(user_id="u", item_id=f"i{row}")
                                    for row, review in enumerate(reviews())])).tolist() == [0]


def test_shared_words_are_words_of_both_users(artefact):
    pair = neighbours.active(artefact)[[1, 4]]
    scores = np.random.RandomState(0).uniform(-1, 1, len(artefact.vocabulary))
    shared = neighbours.shared_words(artefact, scores, pair)
    ids = [artefact.vocabulary.index(word) for word in shared]
    assert len(ids) == neighbours.SHARED
    assert all(scores[ids] > 0) and (np.diff(scores[ids]) <= 0).all()
    rows = contract.training_rows(artefact)
    for user in pair:
        own = rows[artefact.review_user[rows] == user]
        assert set(ids) <= set(artefact.review_tokens[own].flat)


def test_quotes_are_training_reviews_of_each_user(artefact, tiny_data):
    pair = Pair(*neighbours.active(artefact)[:2], .5)
    connection = catalogue.connect(tiny_data.data_folder + "/catalogue.sqlite")
    sides = neighbours.of_pair(artefact, np.ones(len(artefact.vocabulary)), connection, pair)
    assert sides.cosine == .5
    for user, shown in zip(pair[:2], (sides.left, sides.right)):
        texts = [" ".join(row[0].split()) for row in connection.execute(
            "SELECT text FROM reviews WHERE user = ? AND split = 'train'", (int(user),))]
        assert 1 <= len(shown.quotes) <= neighbours.QUOTES and shown.reviews == len(texts)
        for quote in shown.quotes:
            assert any(quote.text.strip("… ") in text for text in texts)
    connection.close()


def test_an_excerpt_is_the_passage_with_the_most_words():
    text = "It came on Monday. " * 20 + "The battery holds its charge. " + "We went home. " * 20
    passage, count = neighbours.excerpt(text, WORDS)
    assert passage.startswith("The battery holds its charge. We went home.") and count == 2
    assert neighbours.excerpt(text, ()).text.startswith("It came on Monday.")


@given(st.text(alphabet="battery amp.! charge\n", max_size=900),
       st.lists(st.sampled_from(WORDS), unique=True))
@settings(deadline=None, max_examples=60)
def test_an_excerpt_is_short_and_part_of_the_text(text, words):
    passage, count = neighbours.excerpt(text, tuple(words))
    assert len(passage) <= neighbours.LENGTH + 4 and 0 <= count <= len(words)
    assert "".join(passage.strip("… ").split()) in "".join(text.split())


def test_markup_in_reviews_is_escaped():
    text = "<script>amp & *amp* | [x](y) `z`</script>"
    page = neighbours.markdown(Neighbours(.9, WORDS, side(texts=(text,)), side("b_o|b")))
    row = page.splitlines()[-1]
    assert r"&lt;script&gt;**amp** &amp; \***amp**\* \| \[x\](y) \`z\`&lt;/script&gt;" in row
    assert r"b\_o\|b" in page and "<script" not in page


def test_no_review_contains_control_characters_on_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "83")
    text = "loud\x1b[2J\r\nbattery \u202e noise"
    left = side("an\x1bn", (neighbours.plain_line(text),) * 3)
    shown = neighbours.plain(Neighbours(.9, WORDS, left, side()))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "battery, amp, charge" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 83
