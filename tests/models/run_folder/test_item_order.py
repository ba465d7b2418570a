"""The order of a run is read as it was written, or refused in one line."""
import json
import os

import numpy as np
import pytest
from scipy import sparse

from models.run_folder import item_order, layout
from runtime.cli import UserError

MATRIX = sparse.csr_matrix(np.array([[0, .5, 0], [-.25, 0, 1], [0, 0, 0]], np.float32))
CENTRE = np.array([.5, 0, -1], np.float32)
ORDER = item_order.Order(1.5, .25, .125, -3., "text_ease", {"l2": 20.}, .3, CENTRE, MATRIX, .75, 2.5)
SIZES = {"I": 3, "U": 2, "N": 4, "V": 6}
ASPECTS = item_order.Aspects(np.array([[.5, 0], [1, .25]], np.float32),
                             sparse.csr_matrix(np.array([[0, 0], [0, .5], [-1, 0], [0, 0], [.25, .5]], np.float32)),
                             np.arange(12, dtype=np.float32).reshape(6, 2))
PRAISING = ORDER._replace(praise=1.25, aspects=ASPECTS)


@pytest.fixture
def run(tmp_path):
    (tmp_path / layout.POINTER).write_text("{}")
    item_order.save(str(tmp_path), ORDER)
    return tmp_path


def test_it_is_read_as_it_was_written(run):
    order = item_order.load(str(run), {"I": 3})
    assert order.numbers() == ORDER.numbers() and (order.centre == CENTRE).all()
    assert (order.matrix.toarray() == MATRIX.toarray()).all()


def test_its_praise_is_read_as_it_was_written(run):
    item_order.save(str(run), PRAISING)
    order = item_order.load(str(run), SIZES)
    assert order.numbers() == PRAISING.numbers() and order.praise == 1.25
    assert (order.aspects.users == ASPECTS.users).all() and (order.aspects.words == ASPECTS.words).all()
    assert (order.aspects.reviews.toarray() == ASPECTS.reviews.toarray()).all()
    item_order.save(str(run), ORDER)
    assert item_order.load(str(run), SIZES).aspects is None


@pytest.mark.parametrize("size", "UNV")
def test_praise_of_other_data_is_refused(run, size):
    item_order.save(str(run), PRAISING)
    with pytest.raises(UserError, match="damaged"):
        item_order.load(str(run), dict(SIZES, **{size: SIZES[size] - 1}))


@pytest.mark.parametrize("name", ["users", "words", "reviews"])
def test_praise_that_is_not_finite_is_refused(run, name):
    values = getattr(ASPECTS, name) * np.nan
    item_order.save(str(run), PRAISING._replace(aspects=ASPECTS._replace(**{name: values})))
    with pytest.raises(UserError, match="not finite"):
        item_order.load(str(run), SIZES)


@pytest.mark.parametrize("name", [layout.PRAISE, layout.PURCHASES])
@pytest.mark.parametrize("kept", [None, 0, 30, 400])
def test_a_missing_or_truncated_file_is_damaged(run, name, kept):
    item_order.save(str(run), PRAISING)
    path = run / layout.ORDER / name
    path.unlink() if kept is None else path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UserError, match="damaged") as error:
        item_order.load(str(run), SIZES)
    assert "\n" not in str(error.value)


def test_a_run_without_one_has_none(tmp_path):
    assert item_order.load(str(tmp_path), {"I": 3}) is None


def refused(run, items=3):
    with pytest.raises(UserError) as error:
        item_order.load(str(run), {"I": items})
    assert "\n" not in str(error.value) and str(run) in str(error.value)
    return str(error.value)


def test_that_of_other_weights_is_refused(run):
    (run / layout.POINTER).write_text("{} ")
    assert "other weights" in refused(run)


@pytest.mark.parametrize("name, content", [(layout.PURCHASES, b"PK"), (layout.PURCHASES, None),
                                           (layout.ORDER_NUMBERS, b"{}"), (layout.ORDER_NUMBERS, b"[3]")])
def test_a_damaged_one_is_refused(run, name, content):
    path = run / layout.ORDER / name
    path.unlink() if content is None else path.write_bytes(content)
    assert "damaged" in refused(run)


def test_another_number_of_items_is_refused(run):
    assert "damaged" in refused(run, items=2)


def test_that_of_an_older_version_has_no_verdict(run):
    path = run / layout.ORDER / layout.ORDER_NUMBERS
    record = json.loads(path.read_text())
    path.write_text(json.dumps({name: value for name, value in record.items() if name not in item_order.LATER}))
    order = item_order.load(str(run), {"I": 3})
    assert order.numbers() == dict(ORDER.numbers(), stars=0., prior=0.)


@pytest.mark.parametrize("name", item_order.NOT_NEGATIVE)
def test_weights_below_0_are_refused(run, name):
    item_order.save(str(run), ORDER._replace(**{name: -.5}))
    assert "below 0" in refused(run)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(run, value):
    path = run / layout.ORDER / layout.ORDER_NUMBERS
    path.write_text(json.dumps(dict(json.loads(path.read_text()), tau=value)))
    assert "not finite" in refused(run)
    for changed in (dict(matrix=MATRIX * value), dict(centre=CENTRE + value)):
        item_order.save(str(run), ORDER._replace(**changed))
        assert "not finite" in refused(run)
    assert os.listdir(str(run / layout.ORDER))


def rewritten(path, **changed):
    """Writes a file of arrays again, with other ones."""
    with np.load(str(path)) as file:
        arrays = dict(file)
    with open(str(path), "wb") as out:
        np.savez(out, **dict(arrays, **changed))


@pytest.mark.parametrize("changed", [
    {"indptr": np.array([0, 0, 1, 2, 2, np.nan])}, {"indptr": np.array([0, 0, 1, 2, 2, 9])},
    {"indptr": np.array([0, 3, 1, 2, 2, 4])}, {"indptr": np.array([0, 0, 1, 2, 2, -2 ** 63])},
    {"indices": np.array([1., 0, 0, 1])}, {"indices": np.array([1, 0, 0, 7])}, {"indices": np.array([True] * 4)},
    {"data": np.array([1j] * 4)}, {"data": np.array(["a"] * 4)}, {"users": np.array(3.)},
    {"users": np.array([["a", "b"]] * 2)}, {"words": np.zeros((6, 2), "M8[s]")}])
def test_praise_of_damaged_arrays_is_refused(run, changed):
    item_order.save(str(run), PRAISING)
    rewritten(run / layout.ORDER / layout.PRAISE, **changed)
    with pytest.raises(UserError, match="damaged") as error:
        item_order.load(str(run), SIZES)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["praise", "evidence", "floor"])
@pytest.mark.parametrize("value", ['"1"', "null", "[1]", "{}", "true", "1e308", "NaN", "Infinity", "1" + "0" * 400])
def test_a_weight_that_is_no_number_of_float32_is_refused(run, name, value):
    item_order.save(str(run), PRAISING)
    path = run / layout.ORDER / layout.ORDER_NUMBERS
    record = json.loads(path.read_text())
    record[name] = "HERE"
    path.write_text(json.dumps(record).replace('"HERE"', value))
    with pytest.raises(UserError) as error:
        item_order.load(str(run), SIZES)
    assert "\n" not in str(error.value) and "./run order" in str(error.value)


def test_files_with_changed_bytes_are_read_or_refused(run):
    item_order.save(str(run), PRAISING)
    random = np.random.RandomState(5)
    for name in (layout.PRAISE, layout.PURCHASES):
        path = run / layout.ORDER / name
        content = path.read_bytes()
        for _ in range(300):
            changed = bytearray(content)
            for place in random.randint(0, len(content), random.randint(1, 4)):
                changed[place] = random.randint(0, 256)
            path.write_bytes(bytes(changed))
            try:
                item_order.load(str(run), SIZES)
            except UserError as error:
                assert "\n" not in str(error)
        path.write_bytes(content)
