"""Damaged files of each layout are read, or dropped and counted, or refused in one line: never a traceback."""
import gzip
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preprocessing import readers
from runtime.cli import UserError
from tests.preprocessing.reading.samples import LAYOUTS

BYTES = [b"\0", b"\xff", b"\xe9", b"\xef\xbb\xbf", b'"', b"'", b"{", b"}", b"[", b"]", b",", b"\n", b"\r", b"\\",
         b"NaN", b"-1", b"null", b"1e999", b"true", b'"overall": "x", ', b"1900-01-01", b"\t", b"[" * 3000, b"9" * 5000,
         b"a" * 70000,
         b'{"a": {}}', b"\xf0\x9f", b"&lt;br&gt;"]
positions = st.integers(0, 10 ** 6)
cuts = st.tuples(st.just("cut"), positions, positions)
inserts = st.tuples(st.just("insert"), positions, st.sampled_from(BYTES))
changes = st.tuples(st.just("change"), positions, st.sampled_from(BYTES))


def mutated(content, steps):
    for kind, position, value in steps:
        position %= len(content) + 1
        if kind == "cut":
            content = content[:position] + content[position + 1 + value % 200:]
        else:
            content = content[:position] + value + content[position + (len(value) if kind == "change" else 0):]
    return content


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(cuts | inserts | changes, min_size=1, max_size=4), zipped=st.booleans(), truncate=st.booleans())
def test_a_mutation_is_read_or_refused_in_one_line(tmp_path_factory, layout, steps, zipped, truncate):
    content = mutated(LAYOUTS[layout], steps)
    if truncate:
        content = content[:steps[0][1] % (len(content) + 1)]
    path = os.path.join(str(tmp_path_factory.getbasetemp()), f"mutation {layout}")
    with open(path, "wb") as out:
        out.write(gzip.compress(content) if zipped else content)
    for function in (readers.read_reviews, readers.read_items):
        try:
            assert function(path)
        except UserError as error:
            assert str(error).isprintable(), ascii(str(error))
