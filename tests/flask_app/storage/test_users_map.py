"""The map of users on a profile: the shopper, the nearest and the other users, and maps that cannot be read."""
import json
import os
import shutil

import numpy as np
import pytest

from flask_app.application import create_app
from flask_app.storage import users_map
from models.run_folder import users_report, users_table
from preprocessing import catalogue
from tests.flask_app.reading import read


def write(folder, users, seed=3):
    """Writes `users/tsne.tsv` of a run's folder with random coordinates. Returns them, [n, 2]."""
    coordinates = np.random.RandomState(seed).normal(0, 9, (len(users), 2))
    os.makedirs(os.path.join(folder, "users"), exist_ok=True)
    rows = [users_table.Row(user, 0., 0., *point, row % 2, "rails, wheels")
            for row, (user, point) in enumerate(zip(users, coordinates))]
    with open(os.path.join(folder, "users", "tsne.tsv"), "w", encoding="utf-8", newline="") as out:
        out.write(users_table.text(rows))
    return coordinates


def test_without_queries_neighbours_are_the_nearest_on_the_map(tmp_path):
    users = [f"u{row}" for row in range(13)]
    coordinates = write(str(tmp_path), users)
    drawing = users_map.around(str(tmp_path), "u4")
    spread = np.ptp(coordinates, 0)
    scaled = (coordinates - coordinates.min(0)) / spread * [  # to the size of the drawing
        users_map.WIDTH - 2 * users_map.MARGIN, users_map.HEIGHT - 2 * users_map.MARGIN]
    nearest = [users[row] for row in np.argsort(np.hypot(*(scaled - scaled[4]).T))[1:1 + users_map.NEAR]]
    assert [neighbour.user_id for neighbour in drawing.neighbours] == nearest
    assert drawing.shopper.user_id == "u4" and drawing.total == 13
    assert all(neighbour.similarity is None for neighbour in drawing.neighbours)
    points = drawing.points + tuple(neighbour.point for neighbour in drawing.neighbours) + (drawing.shopper,)
    assert sorted(point.user_id for point in points) == sorted(users)
    for point in points:
        assert 0 <= point.x <= users_map.WIDTH and 0 <= point.y <= users_map.HEIGHT


def test_with_queries_neighbours_have_the_most_similar_queries(tmp_path):
    queries = np.random.RandomState(5).normal(0, 1, (11, 7))
    queries[8] = 2 * queries[2]  # the same direction, twice the length
    ids = {row: f"u{row}" for row in range(11) if row != 5}  # the catalogue lacks one user
    found = users_map.nearest(queries, 2, lambda rows: {row: ids[row] for row in rows if row in ids})
    assert "u5" not in {one.user_id for one in found} and users_map.NEAR - 1 <= len(found) <= users_map.NEAR
    assert found[0].user_id == "u8" and found[0].similarity == pytest.approx(1)
    similarities = [one.similarity for one in found]
    assert similarities == sorted(similarities, reverse=True)
    write(str(tmp_path), list(ids.values()))
    near = users_map.around(str(tmp_path), "u2", found).neighbours
    assert [one._replace(point=None) for one in near] == list(found)
    assert [one.point.user_id for one in near] == [one.user_id for one in found]
    assert users_map.nearest(None, 2, None) == users_map.nearest(queries, 11, None) == ()


def test_a_large_map_draws_fewer_points_but_all_neighbours(tmp_path):
    users = [f"u{row}" for row in range(3 * users_map.DRAWN)]
    write(str(tmp_path), users)
    drawing = users_map.around(str(tmp_path), "u7")
    assert len(drawing.points) <= users_map.DRAWN and len(drawing.neighbours) == users_map.NEAR
    assert drawing.total == len(users)


def test_an_id_may_hold_quotes_and_tabs(tmp_path):
    users = ['"a', 'b"c"', "d\te"]
    write(str(tmp_path), users)
    assert [users_map.around(str(tmp_path), user).shopper.user_id for user in users] == users


@pytest.mark.parametrize("text", [
    "", "user_id\n", "\t".join(users_table.Row._fields) + "\nann\t0\t0\tfar\t0\t0\tw\n",
    pytest.param("\t".join(users_table.Row._fields) + "\n\"ann" + "x" * 200000, id="too long a field")])
def test_a_damaged_map_counts_as_no_map(tmp_path, text):
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "tsne.tsv").write_text(text)
    assert users_map.around(str(tmp_path), "ann") is None


@pytest.fixture
def copied(chain, tmp_path):
    """(copy of a run's folder, raw ids of its users)."""
    run = str(tmp_path / "run")
    shutil.copytree(chain.run_folder, run)
    connection = catalogue.of(chain.data_folder)
    users = list(catalogue.user_ids(connection))
    connection.close()
    return run, users


def test_the_profile_shows_the_map(chain, copied):
    run, users = copied
    write(run, users)
    app = create_app(run, data_folder=os.path.dirname(chain.data_folder))
    page = read(app.test_client().get(f"/profiles/{users[0]}"))
    assert page.find("text") and "speaks of these more than others: rails, wheels" in page.text
    assert sum(user in page.text for user in users[1:]) >= min(users_map.NEAR, len(users) - 1)


def write_report(folder, users):
    """Writes what `./run users` says of users: all are in one group, and the next ones are the nearest."""
    os.makedirs(os.path.join(folder, "users"), exist_ok=True)
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as config:
        record = {"format": users_report.FORMAT, users_report.DATA: json.load(config)[users_report.DATA]}
    lines = {"users": ["user_id,group_name"] + [f"{user},rails & wheels" for user in users],
             "neighbours": ["user_id,neighbour_id,likeness,above"] + [
                 f"{user},{users[(row + step) % len(users)]},{1 - step / 64},.75"
                 for row, user in enumerate(users) for step in (1, 2)]}
    for name, rows in lines.items():
        with open(users_report.table(os.path.join(folder, "users"), name), "w", encoding="utf-8") as out:
            out.write("\n".join(rows) + "\n")
    with open(os.path.join(folder, "users", users_report.RECORD), "w", encoding="utf-8") as out:
        json.dump(record, out)


@pytest.mark.parametrize("with_map", [False, True])
def test_the_profile_shows_the_group_and_the_neighbours_of_the_report(chain, copied, with_map):
    run, users = copied
    write_report(run, users)
    if with_map:
        write(run, users)
    client = create_app(run, data_folder=os.path.dirname(chain.data_folder)).test_client()
    page = read(client.get(f"/profiles/{users[0]}"))
    listed = [entry.text for entry in page.one("ul", class_="neighbours").find("li")]
    assert len(listed) == 2 and all("more alike than 75.00 % of all pairs of shoppers" in one for one in listed)
    assert users[1] in listed[0] and users[2] in listed[1] and "rails & wheels" in page.text
    with open(users_report.table(os.path.join(run, "users"), "users"), "w") as out:
        out.write("damaged")
    os.utime(os.path.join(run, "users", users_report.RECORD), (1, 1))
    page = read(client.get(f"/profiles/{users[0]}"))
    assert "more alike" not in page.text and "rails & wheels" not in page.text


def test_a_neighbour_who_is_not_on_the_map_is_listed_and_not_drawn(chain, copied):
    run, users = copied
    write_report(run, users)
    write(run, users[:2] + users[3:])
    client = create_app(run, data_folder=os.path.dirname(chain.data_folder)).test_client()
    page = read(client.get(f"/profiles/{users[0]}"))
    assert len(page.one("ul", class_="neighbours").find("li")) == 2
    drawn, = page.find("circle", class_="near")
    assert float(drawn.attributes["cx"]) >= users_map.MARGIN
    assert "the nearest 1 are" in page.one("figure", class_="map").find("svg")[0].attributes["aria-label"]
