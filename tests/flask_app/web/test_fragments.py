"""What is rendered once is what would be rendered each time."""
import sqlite3

from flask_app.web.fragments import once
from tests.flask_app.reading import address, links, read


def rows(*titles):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    return [connection.execute("SELECT 7 AS item, ? AS title", (title,)).fetchone() for title in titles]


def test_a_piece_is_made_once_for_what_a_row_says():
    made = []

    def macro(row, mark="!"):
        made.append(row["title"])
        return row["title"] + mark

    kite, same, other = rows("Kite", "Kite", "Drum")
    kept = once()
    assert [kept(kite, macro), kept(same, macro), kept(other, macro)] == ["Kite!", "Kite!", "Drum!"]
    assert made == ["Kite", "Drum"]
    assert kept(kite, macro, "?") == "Kite?"  # another argument, another piece
    assert once()(kite, macro) == "Kite!" and len(made) == 4  # another application, another memory


def test_addresses_are_of_where_the_shop_is_mounted_now(client):
    path = address("shoppers", "ann")
    for _ in range(2):  # kept from the first round on
        for root in ("", "/toys"):
            page = read(client.get(path, environ_overrides={"SCRIPT_NAME": root}))
            inner = links(page, root + "/")
            assert inner and all(link.startswith(root + "/") for link in inner)
            assert {link.startswith("/toys/") for link in inner} == {bool(root)}
