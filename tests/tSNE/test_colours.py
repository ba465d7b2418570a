"""Tests what users are coloured by, and the files for the projector."""
import csv

import numpy as np
import pytest

from tests.tSNE import planted_maps
from tSNE import colours, projector

MENTIONS = np.array([[4, 1, 0], [0, 3, 0], [0, 0, 0], [1, 1, 5], [0, 1, 0]])


class Tables:
    user_mentions, user_praise = MENTIONS, MENTIONS / 2
    user_reviews = np.array([5, 4, 2, 6, 0])


def test_the_dominant_aspect_is_one_that_the_user_speaks_of_more_than_others():
    assert colours.dominant(Tables).tolist() == [0, 1, colours.NONE, 2, 1]


def test_a_missing_colouring_is_that_of_the_groups_and_the_first_is_the_default():
    colourings = dict(planted_maps.of().colourings)
    assert colours.chosen(colourings, None).name == colours.ASPECT
    assert colours.chosen(colourings, colours.STARS).name == colours.STARS
    del colourings[colours.ASPECT]
    assert colours.chosen(colourings, None).name == colours.chosen(colourings, colours.ASPECT).name == colours.GROUP


def test_projector_files_have_a_line_for_each_user_and_equal_columns():
    made = planted_maps.of(users=11)
    ids = ["a\tb\nc"] + made.user_ids[1:]
    rows = list(csv.reader(projector.metadata(ids, made.colourings).splitlines(), delimiter="\t",
                           quoting=csv.QUOTE_NONE))
    assert rows[0] == ["user_id"] + list(made.colourings) and rows[1][0] == "a b c"
    assert len(rows) == 12 and {len(row) for row in rows} == {5}
    numbers = np.array([line.split("\t") for line in projector.tensors(made.survey.vectors[1]).splitlines()], float)
    np.testing.assert_allclose(numbers, made.survey.vectors[1], atol=1e-4)


@pytest.mark.parametrize("name", colours.NAMES)
def test_every_colouring_can_be_drawn_and_the_same_map_is_the_same_file(name):
    from tSNE import results

    made = planted_maps.of()
    evidence = {"spaces": {"before": {}, "attention": {}}, "by chance": {}}
    made = made._replace(colouring=made.colourings[name], evidence=evidence)
    drawn, again = results.pictures(made), results.pictures(made)
    assert drawn == again and len(drawn) == 4
    assert all(data.startswith(b"\x89PNG" if file.endswith("png") else b"<?xml") for file, data in drawn.items())
