"""A cached piece of a page is the same as a piece that is rendered each time."""
import sqlite3

from flask_app.web.fragments import once
from tests.flask_app.reading import address, links, read


def rows(*titles):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    return [connection.execute("SELECT 7 AS item, ? AS title", (title,)).fetchone() for title in titles]


def test_a_piece_is_rendered_once_for_rows_of_equal_content():
    made = []

    def macro(row, mark="!"):
        made.append(row["title"])
        return row["title"] + mark

    kite, same, other = rows("Kite", "Kite", "Drum")
    cached = once()
    assert [cached(kite, macro), cached(same, macro), cached(other, macro)] == ["Kite!", "Kite!", "Drum!"]
    assert made == ["Kite", "Drum"]
    assert cached(kite, macro, "?") == "Kite?"  # another argument is another piece
    assert once()(kite, macro) == "Kite!" and len(made) == 4  # another application has another cache


def test_addresses_follow_the_path_at_which_the_shop_is_mounted(client):
    path = address("shoppers", "ann")
    for _ in range(2):  # cached from the first round on
        for root in ("", "/toys"):
            page = read(client.get(path, environ_overrides={"SCRIPT_NAME": root}))
            inner = links(page, root + "/")
            assert inner and all(link.startswith(root + "/") for link in inner)
            assert {link.startswith("/toys/") for link in inner} == {bool(root)}
