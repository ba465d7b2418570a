"""`./run aspects` on a tiny sample corpus: its tables agree with each other and with the texts of the catalogue."""
import shutil

import numpy as np
import pytest

from commands import aspects as command
from models.run_folder import aspect_tables, runs
from preprocessing import artefact as contract, catalogue, tokenise
from runtime.cli import UserError
from tests.support import reading
from user_modeling import aspects, names


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
    words, rule = artefact.vocabulary, tokenise.of(artefact.meta)
    connection = catalogue.of(config.data_folder)
    for row, text, split in connection.execute("SELECT review, text, split FROM reviews ORDER BY review").fetchall():
        first, last = tables.sentence_start[row:row + 2]
        found, said = reading.read(text if split == "train" else "", tables, words, rule)
        assert np.array_equal(found.span, tables.sentence_span[first:last])
        assert np.array_equal(said.aspect, tables.sentence_aspect[first:last])
        assert np.allclose(said.polarity, tables.sentence_polarity[first:last], atol=1e-6)
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


@pytest.fixture(scope="module")
def data(tiny_data):
    return contract.load(tiny_data.data_folder), tiny_data.data_folder


def agree(tables):
    """Whether tables can be saved: their shapes fit together."""
    typed = tables._replace(**{name: np.asarray(getattr(tables, name), aspect_tables.TYPES[name])
                               for name in aspect_tables.ARRAYS})
    return aspect_tables.checked(typed) is typed


def test_the_same_seed_gives_the_same_tables(data):
    first, again = (aspects.learn(*data, seed=5) for _ in range(2))
    assert first.aspects == again.aspects and first.facts == again.facts
    for name in aspect_tables.ARRAYS:
        assert np.array_equal(getattr(first, name), getattr(again, name)), name


def test_a_number_is_the_greatest_number_of_aspects(data):
    assert 1 <= len(aspects.learn(*data, seed=5, number=3).aspects) <= 3


def test_texts_that_are_all_empty_have_no_aspect(data):
    artefact, folder = data
    tables = aspects.learn(artefact._replace(review_length=np.zeros_like(artefact.review_length)), folder)
    assert tables.aspects == () and len(tables.sentence_aspect) == 0 and agree(tables)


def test_one_user_and_one_item_are_enough(data):
    artefact, folder = data
    one = {"review_user": np.zeros_like(artefact.review_user), "review_item": np.zeros_like(artefact.review_item),
           "user_reviews": artefact.user_reviews[:1], "item_reviews": artefact.item_reviews[:1]}
    tables = aspects.learn(artefact._replace(**one), folder)
    assert agree(tables) and tables.user_mentions.shape == (1, len(tables.aspects))


def test_a_file_names_the_aspects(data, tmp_path):
    path = tmp_path / "aspects.json"
    path.write_text('{"Battery life": ["battery", "charge"], "Fun & games": ["fun", "bored"], "None": ["qqq"]}')
    tables = aspects.learn(*data, path=str(path))
    assert [(one.code, one.name) for one in tables.aspects] == [("battery-life", "Battery life"),
                                                                ("fun-games", "Fun & games")]
    assert agree(tables) and (tables.item_mentions.sum(axis=0) > 0).all()
    path.write_text('{"None": ["qqq"]}')
    with pytest.raises(UserError) as error:
        aspects.learn(*data, path=str(path))
    assert "\n" not in str(error.value)


def test_codes_are_unique_and_plain():
    taken = set()
    codes = [names.code_of(name, taken) for name in ("Battery life", "battery  LIFE!", "\u7535\u6c60", "caf\u00e9", "")]
    assert codes == ["battery-life", "battery-life-2", "aspect", "cafe", "aspect-2"]


def test_forms_of_a_word_are_named_once():
    assert names.distinct(["problem", "problems", "sound", "easy", "easily", "sounds", "so"]) == [
        "problem", "sound", "easy", "easily", "so"]


@pytest.mark.parametrize("flags", [["--number", "0"], ["--number", "201"], ["--seed", "-1"],
                                   ["--number", "3", "--aspects", "f"]])
def test_wrong_flags_end_with_code_2(flags, capsys):
    with pytest.raises(SystemExit) as ended:
        command.parse_args(flags)
    assert ended.value.code == 2 and capsys.readouterr().err.count("\n") == 1
