"""`./run aspects` on a tiny sample corpus: its tables agree with each other and with the texts of the catalogue."""
import shutil

import numpy as np
import pytest

from commands import aspects as command
from models.run_folder import aspect_reading, aspect_tables, runs
from preprocessing import artefact as contract, catalogue, tokenise


@pytest.fixture(scope="module")
def run(tiny_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("aspects")
    for part in ("data", "runs"):
        shutil.copytree(str(tiny_run.folder) + "/" + part, str(folder / part))
    command.main(["--run", "tiny", "--runs", str(folder / "runs"), "--seed", "3"])
    return str(folder / "runs" / "tiny")


def test_the_shop_reads_a_review_as_the_tables_do(run):
    """Each sentence of the tables is at its place in the text, with the aspect and polarity that a reader finds."""
    tables, config = aspect_tables.load(run), runs.read(run)
    artefact = contract.load(config.data_folder)
    reader = aspect_reading.Reader(tables, artefact, tokenise.of(artefact.meta))
    connection = catalogue.of(config.data_folder)
    for row, text, split in connection.execute("SELECT review, text, split FROM reviews ORDER BY review").fetchall():
        first, last = tables.sentence_start[row:row + 2]
        found = reader.read(text) if split == "train" else []
        assert [(one.start, one.end) for one in found] == [tuple(span) for span in tables.sentence_span[first:last]]
        assert [one.aspect for one in found] == tables.sentence_aspect[first:last].tolist()
        assert np.allclose([one.polarity for one in found], tables.sentence_polarity[first:last], atol=1e-6)
    connection.close()


def test_counts_of_users_and_items_are_those_of_their_reviews(run):
    tables = aspect_tables.load(run)
    artefact = contract.load(runs.read(run).data_folder)
    rows = contract.training_rows(artefact)
    assert tables.user_reviews.sum() == tables.item_reviews.sum() == len(rows)
    assert np.array_equal(tables.user_mentions.sum(axis=0), tables.item_mentions.sum(axis=0))
    assert np.allclose(tables.user_praise.sum(axis=0), tables.item_praise.sum(axis=0), atol=1e-3)
    user = artefact.review_user[rows[0]]
    mine = [set(tables.sentence_aspect[slice(*tables.sentence_start[row:row + 2])].tolist()) - {-1}
            for row in rows[artefact.review_user[rows] == user]]
    assert tables.user_mentions[user].tolist() == [sum(aspect in one for one in mine)
                                                   for aspect in range(len(tables.aspects))]
