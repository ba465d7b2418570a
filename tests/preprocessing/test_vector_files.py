"""Files of word vectors: every common form gives the same vectors; a damaged file is one printable line."""
import gzip
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preprocessing import vector_files, vectors
from runtime.cli import UserError
from tests.preprocessing.test_vectors import GIVEN, WORDS, binary, lines

BOM = b"\xef\xbb\xbf"
FORMS = {
    "word2vec": lines(True).encode(), "glove": lines(False).encode(), "binary": binary(),
    "binary without newlines": b"3 3\n" + b"".join(
        word.encode() + b" " + np.array(vector, np.float32).tobytes() for word, vector in GIVEN.items()),
    "bom": BOM + lines(True).encode(), "bom without header": BOM + lines(False).encode(),
    "tabs": lines(False).replace(" ", "\t").encode(), "tabs with header": lines(True).replace(" ", "\t").encode(),
    "commas": lines(False).replace(" ", ",").encode(), "crlf": lines(True).replace("\n", "\r\n").encode(),
    "spaces at the end": lines(True).replace("\n", " \n").encode(), "gzip": gzip.compress(lines(False).encode()),
    "words with spaces": (lines(False) + ". . . 1 2 3\nat name@domain.com 1 2 3\n\u00a0 1 2 3\n").encode(),
    "a word twice": (lines(False) + "loud 7 7 7\n").encode(), "not utf-8": lines(False).encode() + b"caf\xe9 1 2 3\n"}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_gives_the_same_vectors(tmp_path, form):
    (tmp_path / "v").write_bytes(FORMS[form])
    found = vector_files.read(str(tmp_path / "v"), {"loud", "quiet", "new"}, 3).vectors
    assert {word: vector.tolist() for word, vector in found.items()} == {
        word: GIVEN[word] for word in ("loud", "quiet")}
    assert all(vector.dtype == np.float32 for vector in found.values())


def test_a_word_is_found_as_reviews_write_it(tmp_path):
    (tmp_path / "v").write_bytes("don\u2019t 1 2 3\ncafe\u0301 4 5 6\nit\u2019s 1 1 1\ndon't 7 8 9\n".encode())
    found = vector_files.read(str(tmp_path / "v"), {"don't", "caf\u00e9", "it's"}, 3).vectors
    assert {word: vector.tolist() for word, vector in found.items()} == {
        "don't": [7, 8, 9], "caf\u00e9": [4, 5, 6], "it's": [1, 1, 1]}


@pytest.mark.parametrize("content, message", [
    (binary()[:-5], "last vector is not complete"), (b"2 3\nloud 1 2 3\n", "holds 1 vectors, but its header says 2"),
    (b"loud 1 2 3\nquiet 1 2 3\n" * 20 + b"new 1 2\n", "line 41 has 2 numbers, not 3"), (b"", "no word with numbers"),
    (b"loud\nquiet\n", "no word with numbers"), (b"2 5\nloud 1 2 3\n", "dimension 5, not 3; give --word_dim 5"),
    (b"xq 1 2 3\nxr 1 2 3\n", "none of the 3 words .* such as 'xq', 'xr', the reviews such as 'loud', 'quiet', 'new'")])
def test_a_file_that_cannot_be_used_names_the_cause(tmp_path, content, message):
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(UserError, match=message) as error:
        vectors.read_vectors(str(tmp_path / "v"), WORDS, 3, seed=1)
    assert str(error.value).isprintable()


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(form=st.sampled_from(sorted(FORMS)), position=st.integers(0, 200), cut=st.integers(0, 90),
       inserted=st.binary(max_size=5) | st.sampled_from([b" ", b"\n", b"\0", b"nan", b"1 2\n", b"9" * 400]))
def test_a_mutation_is_read_or_refused_in_one_line(tmp_path_factory, form, position, cut, inserted):
    content = FORMS[form]
    path = os.path.join(str(tmp_path_factory.getbasetemp()), "vectors")
    with open(path, "wb") as out:
        out.write(content[:position] + inserted + content[position + cut:])
    try:
        table, _ = vectors.read_vectors(path, WORDS, 3, seed=1)
    except UserError as error:
        assert str(error).isprintable(), ascii(str(error))
    else:
        assert np.isfinite(table).all()
