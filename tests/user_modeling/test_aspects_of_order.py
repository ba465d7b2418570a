"""The aspects by which an order may praise items: those of the run's tables, or of the training text."""
import json
import os
import shutil

import numpy as np
import pytest

from commands import aspects as command
from models.ranking import praise
from models.run_folder import aspect_tables, layout, runs
from preprocessing import artefact as contract, catalogue
from runtime.cli import UserError
from user_modeling import aspects


@pytest.fixture
def run(tiny_run, tmp_path):
    """The folder of a copy of the tiny run, without tables of aspects."""
    for part in ("data", "runs"):
        shutil.copytree(os.path.join(tiny_run.folder, part), str(tmp_path / part))
    return str(tmp_path / "runs" / "tiny")


def assert_same(first, second):
    np.testing.assert_array_equal(first.users, second.users)
    np.testing.assert_array_equal(first.words, second.words)
    assert (first.reviews != second.reviews).nnz == 0


def replace_in(path, **values):
    with open(path, encoding="utf-8") as text:
        record = json.load(text)
    with open(path, "w", encoding="utf-8") as out:
        json.dump(dict(record, **values), out)


def warned(caplog):
    """The only warning: one line, which says what follows."""
    line, = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "without the praise" in line and "\n" not in line
    return line


def test_without_tables_they_are_those_that_the_command_would_find(run):
    before = aspects.of_order(run)
    assert not os.path.exists(layout.aspects_of(run)) and before.users.any()
    command.main(["--run", run])
    assert_same(aspects.of_order(run), before)


def test_those_of_the_tables_are_used(run, tmp_path):
    given = tmp_path / "aspects.json"
    given.write_text(json.dumps({"One": [contract.load(runs.read(run).data_folder).vocabulary[3]]}))
    command.main(["--run", run, "--aspects", str(given)])
    found = aspects.of_order(run)
    assert found.users.shape[1] == 1
    assert_same(found, praise.of_tables(aspect_tables.load(run)))


def test_damaged_tables_are_said_and_the_aspects_are_learned(run, caplog):
    expected = aspects.of_order(run)
    command.main(["--run", run, "--number", "3"])
    with open(os.path.join(layout.aspects_of(run), "word_aspect.npy"), "wb") as out:
        out.write(b"no array")
    assert_same(aspects.of_order(run), expected)
    assert "damaged" in caplog.text and "not used for the order" in caplog.text


@pytest.mark.parametrize("damage", [
    lambda path: os.unlink(path),
    lambda path: open(path, "wb").write(b"no database"),
    lambda path: open(path, "r+b").truncate(os.path.getsize(path) * 2 // 3)])
def test_without_a_catalogue_there_is_no_praise_and_one_line_says_so(run, caplog, damage):
    path = os.path.join(runs.read(run).data_folder, catalogue.NAME)
    damage(path)
    assert aspects.of_order(run) is None
    assert path in warned(caplog)


def test_texts_that_are_not_those_of_the_catalogue_give_no_praise(run, caplog):
    replace_in(os.path.join(runs.read(run).data_folder, contract.META), texts="shuffled")
    assert aspects.of_order(run) is None
    assert "replaced (shuffled)" in warned(caplog)
    with pytest.raises(UserError, match="replaced"):
        command.main(["--run", run])


def test_reviews_that_speak_of_no_aspect_give_no_praise(run, caplog):
    command.main(["--run", run])
    empty = aspect_tables.load(run)
    kept = {name: np.asarray(getattr(empty, name))[..., :0] for name in aspect_tables.ARRAYS if "_aspect" not in name
            and getattr(empty, name).ndim == 2 and name not in ("sentence_span", "word_polarity")}
    aspect_tables.save(run, empty._replace(aspects=(), word_aspect=np.asarray(empty.word_aspect)[:, :0],
                                           sentence_aspect=np.asarray(empty.sentence_aspect) * 0 - 1, **kept))
    assert aspects.of_order(run) is None
    assert "speak of no aspect" in warned(caplog)


def test_of_too_many_reviews_only_tables_are_used(run, monkeypatch, caplog):
    monkeypatch.setattr(aspects, "MOST_REVIEWS", 7)
    assert aspects.of_order(run) is None
    line = warned(caplog)
    assert "more than the 7" in line and "./run aspects" in line and "./run order" in line
    command.main(["--run", run])
    assert_same(aspects.of_order(run), praise.of_tables(aspect_tables.load(run)))


def test_a_network_without_personal_scores_needs_none(run, monkeypatch):
    path = os.path.join(run, layout.CONFIG)
    with open(path, encoding="utf-8") as text:
        model = json.load(text)["model"]
    replace_in(path, model=dict(model, attention_query="author", lexical_skip=False, own_review_loss=0.))
    monkeypatch.setattr(aspects, "learn", lambda *_: pytest.fail("learned in vain"))
    assert aspects.of_order(run) is None
