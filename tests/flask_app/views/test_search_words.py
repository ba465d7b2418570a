"""A search of more words than are searched for says so, wherever words are typed."""
import pytest

from flask_app.application import create_app
from flask_app.storage.store import WORD_LIMIT
from tests.flask_app.reading import read
from tests.flask_app.tiny_catalogue import SHOPPERS, TITLES, write_catalogue

NOTE = "Only the first 6 words are searched for."
WORD = next(title for title in TITLES if title).split()[0]


@pytest.mark.parametrize("words, is_noted", [
    ([WORD] * WORD_LIMIT + ["xyzzy"], True), (["xyzzy"] * (WORD_LIMIT + 1), True), ([WORD] * WORD_LIMIT, False)])
@pytest.mark.parametrize("address", ["/search?q={}", "/?q={}", "/shoppers/ann?title={}"])
def test_words_that_are_not_searched_for_are_told(client, address, words, is_noted):
    answer = client.get(address.format("+".join(words)))
    assert answer.status_code == 200 and (NOTE in read(answer).one("main").text) == is_noted
    assert NOTE not in read(client.get(address.format(""))).text


@pytest.mark.parametrize("ask", [{"toys": "a " * 7, "do": "find"}, {"text": "It lasts.", "title": "a " * 7}])
def test_words_that_are_not_searched_for_among_the_items_of_the_form_are_told(chain_app, ask):
    page = read(chain_app.test_client().post("/yourself", data=ask))
    assert NOTE in page.one("main").text


def test_an_id_is_searched_for_as_a_whole(tmp_path):
    path = write_catalogue(tmp_path / "catalogue.sqlite", shoppers=["one 2 3 4 5 6 7 8"] + SHOPPERS[1:])
    page = read(create_app(catalogue_path=path).test_client().get("/?q=ONE+2+3+4+5+6+7"))
    assert "One shopper for" in page.text and NOTE not in page.text
