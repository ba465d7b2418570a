"""The search gives the same answers by the folded texts of the catalogue and, in an older one, without them."""
import shutil
import sqlite3

import pytest

from flask_app.storage.store import Store
from flask_app.web.folding import has_words
from preprocessing.folding import fold
from tests.flask_app.conftest import ITEMS, REVIEWS, SHOPPERS, TITLES, write_catalogue
from tests.support import scripts

TEXTS = ["Café, très BON.", "die Straße war laut"] + [
    scripts.transliterated("it is loud and it broke", script) for script in scripts.SCRIPTS]
QUERIES = ["CAFE\u0301", "strasse laut", "loud", "drum", "salt", "loud drum", "bare", "trai", "ha", ". ,", "nowhere",
           "secret", "held-out", "  "] + [scripts.transliterated("loud", script).upper() for script in scripts.SCRIPTS]


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Catalogues of the same reviews: as it is written now, and of an older version."""
    folder = tmp_path_factory.mktemp("search")
    reviews = REVIEWS + [(row % 5, row % 7, 3, None, text, "train") for row, text in enumerate(TEXTS)]
    new, old = write_catalogue(folder / "new", reviews), str(folder / "old")
    shutil.copy(new, old)
    with sqlite3.connect(old) as connection:
        connection.execute("DROP TABLE search_texts")
    connection.close()
    return new, old, reviews


def slowly_found(query, reviews):
    """{shopper: number of training reviews that hold all words}."""
    found = [SHOPPERS[user] for user, item, _, summary, text, split in reviews
             if split == "train" and has_words(query, ITEMS[item], text, summary, TITLES[item])]
    return {shopper: found.count(shopper) for shopper in found} if query.strip() else {}


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_finds_what_a_look_at_each_review_finds(paths, query):
    new, old, reviews = paths
    answers = []
    for path in (new, old):
        store = Store(path)
        answers.append([tuple(row)[1:] for row in store.search(query)])  # without the number of the row
        store.close()
    assert answers[0] == answers[1]
    found = slowly_found(fold(query), reviews)
    assert {row[0]: row[2] for row in answers[0]} == found
    assert [row[2] for row in answers[0]] == sorted(found.values(), reverse=True)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_of_items_finds_titles_first_and_then_what_a_look_at_each_review_finds(paths, query):
    new, old, reviews = paths
    answers = []
    for path in (new, old):
        store = Store(path)
        answers.append([(row["item_id"], row["matches"], row["review"]) for row in store.items_with(query)])
        store.close()
    assert answers[0] == answers[1]
    words, titled, spoken = fold(query), set(), {}
    for item, title in enumerate(TITLES) if query.strip() else ():
        matching = [text for _, of, _, summary, text, split in reviews
                    if of == item and split == "train" and has_words(words, ITEMS[item], text, summary, title)]
        if has_words(words, ITEMS[item], title or "item"):
            titled.add(ITEMS[item])
        elif matching:
            spoken[ITEMS[item]] = len(matching)
    first, rest = answers[0][:len(titled)], answers[0][len(titled):]
    assert {item for item, _, _ in first} == titled and {row[1:] for row in first} <= {(0, None)}
    assert {item: matches for item, matches, _ in rest} == spoken and all(review for _, _, review in rest)
    assert [matches for _, matches, _ in rest] == sorted(spoken.values(), reverse=True)
