"""The map of users on a profile: the shopper, the nearest and the others, and a map that cannot be read."""
import csv
import os
import shutil

import numpy as np
import pytest

from flask_app.application import create_app
from flask_app.storage import users_map
from preprocessing import catalogue
from tests.flask_app.reading import read


def write(folder, users, seed=3):
    """`users/tsne.tsv` of a run's folder, places at random; returns the places [n, 2]."""
    places = np.random.RandomState(seed).normal(0, 9, (len(users), 2))
    os.makedirs(os.path.join(folder, "users"), exist_ok=True)
    with open(os.path.join(folder, "users", "tsne.tsv"), "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
        table.writerow(["user_id", "attention_x", "attention_y", "group", "group_words"])
        table.writerows([user, *place, row % 2, "rails, wheels"]
                        for row, (user, place) in enumerate(zip(users, places)))
    return places


def test_the_nearest_on_the_map_where_no_queries_are_known(tmp_path):
    users = [f"u{row}" for row in range(13)]
    places = write(str(tmp_path), users)
    found = users_map.around(str(tmp_path), "u4", 4, users.index)
    spread = (places - places.min(0)) / np.ptp(places, 0) * [  # as wide and as high as it is drawn
        users_map.WIDTH - 2 * users_map.MARGIN, users_map.HEIGHT - 2 * users_map.MARGIN]
    order = np.argsort(np.hypot(*(spread - spread[4]).T))
    assert [point.user_id for point in found.near] == [users[row] for row in order[1:1 + users_map.NEAR]]
    assert found.here.user_id == "u4" and found.total == 13 and not found.likeness
    everybody = [point.user_id for point in found.points + found.near + (found.here,)]
    assert sorted(everybody) == sorted(users)
    for point in found.points + found.near:
        assert 0 <= point.x <= users_map.WIDTH and 0 <= point.y <= users_map.HEIGHT


def test_the_nearest_are_those_who_ask_alike(tmp_path):
    users = [f"u{row}" for row in range(11)]
    write(str(tmp_path), users)
    queries = np.random.RandomState(5).normal(0, 1, (11, 7))
    queries[8] = 2 * queries[2]  # asks the very same, only longer
    found = users_map.around(str(tmp_path), "u2", 2, users.index, queries)
    assert found.near[0].user_id == "u8" and found.likeness[0] == pytest.approx(1)
    assert list(found.likeness) == sorted(found.likeness, reverse=True)


def test_a_large_map_is_thinned_but_keeps_the_nearest(tmp_path):
    users = [f"u{row}" for row in range(3 * users_map.DRAWN)]
    write(str(tmp_path), users)
    found = users_map.around(str(tmp_path), "u7", 7, users.index)
    assert len(found.points) <= users_map.DRAWN and len(found.near) == users_map.NEAR
    assert found.total == len(users)


@pytest.mark.parametrize("text", [
    "", "user_id\n", "user_id\tattention_x\tattention_y\tgroup\tgroup_words\nann\tfar\t0\t0\tw\n"])
def test_a_damaged_map_is_none(tmp_path, text):
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "tsne.tsv").write_text(text)
    assert users_map.around(str(tmp_path), "ann", 0, {"ann": 0}.get) is None


def test_the_profile_draws_it(chain, tmp_path):
    run = str(tmp_path / "run")
    shutil.copytree(chain.run_folder, run)
    connection = catalogue.of(chain.data_folder)
    users = [user for user, in connection.execute("SELECT user_id FROM users ORDER BY user")]
    connection.close()
    write(run, users)
    app = create_app(run, data_dir=os.path.dirname(chain.data_folder))
    page = read(app.test_client().get(f"/profiles/{users[0]}"))
    assert "On the map of users" in page.text and "which writes of rails, wheels" in page.text
    assert sum(user in page.text for user in users[1:]) >= min(users_map.NEAR, len(users) - 1)
