"""Word vectors, trained and read from files, and topics."""
import numpy as np
import pytest
from scipy import sparse

from preprocessing import vectors
from preprocessing.vocabulary import SPECIAL
from runtime.cli import UserError

WORDS = SPECIAL + ("loud", "quiet", "new")
GIVEN = {"loud": [1., 2., -3.], "quiet": [.5, 0., 4.], "other": [9., 9., 9.]}


def lines(header):
    rows = [" ".join([word] + [str(value) for value in vector]) for word, vector in GIVEN.items()]
    return "\n".join(([f"{len(GIVEN)} 3"] if header else []) + rows) + "\n"


def binary():
    return f"{len(GIVEN)} 3\n".encode() + b"".join(
        word.encode() + b" " + np.array(vector, np.float32).tobytes() + b"\n"
        for word, vector in GIVEN.items())


@pytest.mark.parametrize("content", [lines(True).encode(), lines(False).encode(), binary()],
                         ids=["word2vec", "glove", "binary"])
def test_vectors_are_read_from_each_format(tmp_path, content):
    path = tmp_path / "vectors"
    path.write_bytes(content)
    table, found = vectors.read_vectors(str(path), WORDS, 3, seed=1)
    assert found == 2 and table.dtype == np.float32 and table.shape == (5, 3)
    assert table[2].tolist() == GIVEN["loud"] and table[3].tolist() == GIVEN["quiet"]
    assert not table[0].any() and (np.abs(table[[1, 4]]) <= .5 / 3).all() and table[4].any()


@pytest.mark.parametrize("content", [
    b"", b"\n", binary()[:-20], b"loud a b c\n", b"99999999999999 3\nloud 1 2 3\n",
    b"3 3\nloud 1 2\nnew 3 4\n",
    b"\x00\xff\xfe" * 20, b"loud 1 2 3\nquiet 1 2\n", b"2 3\nloud 1 2 nan\nquiet 1 2 3\n"])
def test_a_damaged_file_is_one_line(tmp_path, content):
    path = tmp_path / "vectors"
    path.write_bytes(content)
    with pytest.raises(UserError, match="vectors") as error:
        vectors.read_vectors(str(path), WORDS, 3, seed=1)
    assert "\n" not in str(error.value)


def test_another_dimension_names_the_flag(tmp_path):
    path = tmp_path / "vectors"
    path.write_text(lines(True))
    with pytest.raises(UserError, match="dimension 3, not 7; give --word_dim 3"):
        vectors.read_vectors(str(path), WORDS, 7, seed=1)


def test_a_file_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        vectors.read_vectors(str(tmp_path / "none"), WORDS, 3, seed=1)


def test_the_same_seed_trains_the_same_vectors():
    documents = [["loud", "quiet"], ["quiet", "strange"], ["loud"]] * 3
    first, same, other_seed = (vectors.word2vec(documents, WORDS, 7, seed) for seed in (1, 1, 2))
    assert first.shape == (5, 7) and not first[0].any()
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other_seed)


def test_topics_are_the_right_singular_vectors_of_the_bags():
    bags = np.random.RandomState(3).rand(11, 6).astype(np.float32) * (np.arange(6) > 1)
    topics = vectors.topics(sparse.csr_matrix(bags), 3, seed=1)
    assert topics.shape == (6, 3)
    np.testing.assert_allclose(topics.T @ topics, np.eye(3), atol=1e-5)
    right = np.linalg.svd(bags)[2][:3]
    np.testing.assert_allclose(np.abs(topics.T @ right.T), np.eye(3), atol=1e-3)


@pytest.mark.parametrize("shape, dim", [((9, 4), 3), ((3, 8), 2), ((2, 5), 1)])
def test_a_small_corpus_has_fewer_topics(shape, dim):
    bags = sparse.csr_matrix(np.random.RandomState(1).rand(*shape))
    assert vectors.topics(bags, 100, seed=1).shape == (shape[1], dim)
