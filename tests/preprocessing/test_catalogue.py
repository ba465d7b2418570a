"""The catalogue: rows are read as they were written, and readers cannot write."""
import os
import sqlite3

import pytest

from preprocessing import catalogue

ITEMS = [(0, "B1", "A drum", 9.5, None, "Toys", None, "It's loud", 2, 3.5),
         (1, "B2", *[None] * 6, 0, None)]
USERS = [(0, "A1", 1, 4.), (1, "A2", 1, 3.)]
REVIEWS = [(1, 0, 0, 4., None, "", None, None, None, "train"),
           (2, 1, 0, 3., "Hm", "Quote ' and \x00 and \u266b", 1400000000, 2, 3, "test")]


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "a folder?#%" / "catalogue.sqlite")
    os.mkdir(os.path.dirname(path))
    catalogue.write(path, ITEMS, USERS, REVIEWS)
    return path


def test_rows_are_read_as_they_were_written(path):
    connection = catalogue.connect(path)
    for table, rows in (("items", ITEMS), ("users", USERS), ("reviews", REVIEWS)):
        assert [tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] == rows
    row = connection.execute("SELECT * FROM items").fetchone()
    assert (row["item_id"], row["rating_mean"]) == ("B1", 3.5)


@pytest.mark.parametrize("statement", [
    "DELETE FROM items", "INSERT INTO users VALUES (2, 'A3', 0, NULL)", "DROP TABLE reviews"])
def test_readers_cannot_write(path, statement):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        catalogue.connect(path).execute(statement)


def test_connecting_to_no_file_makes_none(tmp_path):
    with pytest.raises(FileNotFoundError):
        catalogue.connect(str(tmp_path / "none"))
    assert os.listdir(str(tmp_path)) == []


@pytest.mark.parametrize("rows", [
    (ITEMS + [(2, "B1") + ITEMS[0][2:]], USERS, REVIEWS), (ITEMS, USERS + USERS, REVIEWS),
    (ITEMS, USERS, [REVIEWS[0][:5] + (None,) + REVIEWS[0][6:]]),
    (ITEMS, [(0, None, 1, 1.)], REVIEWS)])
def test_repeated_keys_and_missing_texts_are_refused(tmp_path, rows):
    with pytest.raises(sqlite3.IntegrityError):
        catalogue.write(str(tmp_path / "c"), *rows)


@pytest.mark.parametrize("query", [
    "reviews WHERE user = 1", "reviews WHERE item = 0", "items ORDER BY rating_count DESC, item LIMIT 3",
    "users ORDER BY rating_count DESC, user LIMIT 3", "items WHERE price >= 3"])
def test_what_pages_ask_for_is_found_by_an_index(path, query):
    plan = [row[-1] for row in catalogue.connect(path).execute(f"EXPLAIN QUERY PLAN SELECT * FROM {query}")]
    assert "USING INDEX" in plan[0] and not any("TEMP B-TREE" in step for step in plan)
