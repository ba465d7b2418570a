"""Files of scores: what is read is what was written, and a bad file is one line with file, line and cause."""
import gzip
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.systems import table
from evaluation.systems.pairs import Keys, Values
from runtime.cli import UserError

USERS, ITEMS = ("Ann", "Bo Ö", "c|3"), ("x1", "y 2")
HEADER = "user\titem\tauthor\tscore\n"


class Names:
    """The raw ids of USERS and ITEMS."""
    users, items = USERS, ITEMS

    def user(self, name, source):
        return self._number(USERS, "user", name, source)

    def item(self, name, source):
        return self._number(ITEMS, "item", name, source)

    @staticmethod
    def _number(names, kind, name, source):
        if name not in names:
            raise UserError(f"{source}: no {kind} {name!r} in the data")
        return names.index(name)


def keys():
    """Every user has reviewed every item."""
    user, item = np.divmod(np.arange(6), 2)
    return Keys(SimpleNamespace(user_reviews=USERS, item_reviews=ITEMS, review_user=np.append(0, user),
                                review_item=np.append(0, item)))


def read(folder, content, name="scores.tsv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return table.read(str(path), Names())


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(scores=st.dictionaries(st.integers(0, 17), st.tuples(NUMBERS, NUMBERS)),
       items=st.dictionaries(st.integers(0, 5), st.tuples(NUMBERS, NUMBERS)),
       name=st.sampled_from(["a.tsv", "a.tsv.gz"]))
def test_what_is_read_is_what_was_written(tmp_path, scores, items, name):
    columns = {}
    for given_values, pair in ((scores, table.REVIEWS), (items, table.ITEMS)):
        for place, column in enumerate(pair):
            columns[column] = Values(list(given_values), [values[place] for values in given_values.values()])
    path = str(tmp_path / name)
    table.write(path, Names(), keys(), np.arange(18), np.arange(6), columns)
    found = table.read(path, Names())
    assert len(found.line) == 24 and found.line[0] == 2 and found.line[-1] == 25
    reviews = found.author != table.NO_AUTHOR
    for column, values in found.values.items():
        wanted = columns[column].of(np.arange(18 if column in table.REVIEWS else 6))
        np.testing.assert_array_equal(values[reviews == (column in table.REVIEWS)], wanted)
        assert np.isnan(values[reviews != (column in table.REVIEWS)]).all()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.one_of(
    st.binary(max_size=60), st.text(max_size=60).map(lambda text: (HEADER + text).encode("utf-8")),
    st.lists(st.lists(st.sampled_from(["Ann", "x1", "", "1", "nan", "-1e309", "0x1", "1_0", "\r", "c|3"]), max_size=6),
             max_size=4).map(lambda rows: (HEADER + "\n".join(map("\t".join, rows))).encode("utf-8"))))
def test_any_bytes_are_a_table_or_one_line_that_names_file_and_line(tmp_path, content):
    try:
        found = read(tmp_path, content)
    except UserError as error:
        assert "\n" not in str(error) and "scores.tsv:" in str(error) and str(error).split(":")[1].isdigit()
    else:
        assert all(np.isfinite(values[~np.isnan(values)]).all() for values in found.values.values())


@pytest.mark.parametrize("content, message", [
    ("", ":1: no column 'user'"), ("user\titem\tauthor\n", ":1: no column 'score'"),
    ("user\titem\tauthor\tscore\tscore\n", ":1: column 'score' is unknown or given twice"),
    ("user\titem\tauthor\tscore\tstars\n", ":1: column 'stars' is unknown"),
    (HEADER + "Ann\tx1\tAnn\n", ":2: 3 cells, but the header has 4"),
    (HEADER + "Ann\tx1\tAnn\t1\n\nDan\tx1\tAnn\t1\n", ":4: no user 'Dan'"),
    (HEADER + "Ann\tz\tAnn\t1\n", ":2: no item 'z'"), (HEADER + "Ann\tx1\tZ\t1\n", ":2: no user 'Z'"),
    (HEADER + "Ann\tx1\tAnn\tone\n", ":2: score 'one' is not a finite number"),
    (HEADER + "Ann\tx1\tAnn\tinf\n", ":2: score 'inf' is not a finite number"),
    (HEADER.encode() + b"Ann\tx1\t\xff\t1\n", ":2: this line or the next cannot be read"),
    pytest.param(gzip.compress(HEADER.encode())[:-4], "cannot be read", id="cut"),  # its bytes hold the time
    (table.GZIP + b"no gzip", ":1: this line")])
def test_a_bad_file_is_one_line_with_file_line_and_cause(tmp_path, content, message):
    with pytest.raises(UserError) as error:
        read(tmp_path, content)
    assert message in str(error.value) and "scores.tsv:" in str(error.value) and "\n" not in str(error.value)


def test_columns_may_have_any_order_and_lines_any_end(tmp_path):
    found = read(tmp_path, "\ufeffrating\tauthor\tscore\titem\tuser\r\n4.5\t\t\tx1\tc|3\r\n\r\n\tBo Ö\t-2\ty 2\tAnn")
    assert (found.user.tolist(), found.item.tolist(), found.author.tolist()) == ([2, 0], [0, 1], [table.NO_AUTHOR, 1])
    assert found.line.tolist() == [2, 4] and found.values["score"][1] == -2 and found.values["rating"][0] == 4.5
    assert math.isnan(found.values["score"][0]) and set(found.values) == {"rating", "score"}


def test_a_missing_file_and_one_that_cannot_be_written(tmp_path):
    with pytest.raises(UserError, match="none.tsv:1: .*No such file"):
        table.read(str(tmp_path / "none.tsv"), Names())
    with pytest.raises(UserError, match="cannot be written"):
        table.write(str(tmp_path / "none" / "a.tsv"), Names(), keys(), np.arange(1), np.arange(1))
