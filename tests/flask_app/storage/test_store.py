"""The search finds what a look at each review and each title finds, and ratings are counted as they are."""
import pytest

from flask_app.storage.store import Store
from preprocessing.folding import fold
from tests.flask_app.text_scan import has_words
from tests.flask_app.tiny_catalogue import ITEMS, REVIEWS, SHOPPERS, TITLES, write_catalogue
from tests.support import scripts

TEXTS = ["Café, très BON.", "die Straße war laut"] + [
    scripts.transliterated("it is loud and it broke", script) for script in scripts.SCRIPTS]
QUERIES = ["CAFE\u0301", "strasse laut", "loud", "drum", "salt", "loud drum", "bare", "trai", "ha", ". ,", "nowhere",
           "secret", "held-out", "  "] + [scripts.transliterated("loud", script).upper() for script in scripts.SCRIPTS]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """(path of a catalogue, its reviews)."""
    reviews = REVIEWS + [(row % 5, row % 7, 3, None, text, "train") for row, text in enumerate(TEXTS)]
    return write_catalogue(tmp_path_factory.mktemp("search") / "catalogue", reviews), reviews


@pytest.fixture
def store(written):
    opened = Store(written[0])
    yield opened
    opened.close()


def slowly_found(query, reviews):
    """{shopper: number of training reviews that hold all words}."""
    found = [SHOPPERS[user] for user, item, _, summary, text, split in reviews
             if split == "train" and has_words(query, ITEMS[item], text, summary, TITLES[item])]
    return {shopper: found.count(shopper) for shopper in found} if query.strip() else {}


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_finds_what_a_look_at_each_review_finds(store, written, query):
    rows, found = store.search(query), slowly_found(fold(query), written[1])
    assert {row["user_id"]: row["matches"] for row in rows} == found
    assert [row["matches"] for row in rows] == sorted(found.values(), reverse=True)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_of_items_finds_titles_first_and_then_what_a_look_at_each_review_finds(store, written, query):
    rows = [(row["item_id"], row["matches"], row["review"]) for row in store.items_with(query)]
    words, titled, spoken = fold(query), set(), {}
    for item, title in enumerate(TITLES) if query.strip() else ():
        matching = [text for _, of, _, summary, text, split in written[1]
                    if of == item and split == "train" and has_words(words, ITEMS[item], text, summary, title)]
        if has_words(words, ITEMS[item], title or "item"):
            titled.add(ITEMS[item])
        elif matching:
            spoken[ITEMS[item]] = len(matching)
    first, rest = rows[:len(titled)], rows[len(titled):]
    assert {item for item, _, _ in first} == titled and {row[1:] for row in first} <= {(0, None)}
    assert {item: matches for item, matches, _ in rest} == spoken and all(review for _, _, review in rest)
    assert [matches for _, matches, _ in rest] == sorted(spoken.values(), reverse=True)


def test_of_each_item_the_share_with_fewer_ratings_is_known_and_of_the_most_rated_that_it_is(store):
    items = list(store.items(range(len(ITEMS))).values())
    shares = store.share_with_fewer_ratings(items)
    counts = {item["item"]: item["rating_count"] for item in items}
    for row, count in counts.items():
        fewer = sum(other < count for other in counts.values()) / len(counts)
        assert shares[row] == (None if count == max(counts.values()) else pytest.approx(fewer))
