"""The fast encoder and its kernels equal the plain encoder in values and gradients."""
import numpy as np
import pytest

from models.network import encoder, layers, max_pool
from runtime.tf1 import tf

LENGTHS = [7, 0, 1, 4, 2, 6, 7, 3]


def reviews(words, seed):
    """Token ids [8, 7] with padding, an empty review, a repeated review and repeated words."""
    tokens = np.random.RandomState(seed).randint(1, words, (8, 7))
    tokens *= np.arange(7) < np.array(LENGTHS)[:, None]
    tokens[0, :4] = tokens[0, 0]
    tokens[6] = tokens[0]
    return tokens.astype(np.int32)


def values_and_gradients(encode, tokens, width, words=13, dim=5, filters=11):
    """The encoding and the gradients of its weighted sum by table, kernel and bias."""
    random = np.random.RandomState(8)
    with tf.Graph().as_default(), tf.Session() as session:
        parts = [tf.constant(random.normal(0, 1, shape), tf.float32)
                 for shape in ((words, dim), (width, dim, filters), (filters,))]
        out = encode(tf.constant(tokens), *parts)
        weight = tf.constant(random.normal(0, 1, (len(tokens), filters)), tf.float32)
        gradients = [tf.convert_to_tensor(gradient)
                     for gradient in tf.gradients(tf.reduce_sum(out * weight), parts)]
        return session.run([out] + gradients)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("mask_padding", [True, False])
@pytest.mark.parametrize("width", [1, 2, 3, 7])
def test_the_fast_encoder_equals_the_plain_one(width, mask_padding, fused):
    tokens = reviews(13, width)
    wanted = values_and_gradients(
        lambda *parts: layers.encode_dense(*parts, mask_padding=mask_padding), tokens, width)
    encoded = values_and_gradients(
        lambda *parts: encoder.encode_fast(*parts, mask_padding=mask_padding, fused=fused), tokens,
        width)
    for one, other, name in zip(encoded, wanted, ("values", "table", "kernel", "bias")):
        np.testing.assert_allclose(one, other, atol=1e-5, err_msg=name)
    assert np.abs(wanted[1]).max() > .1


def test_where_tensorflow_uses_a_gpu_the_encoder_has_no_operation_of_the_cpu_alone(monkeypatch):
    def operations(gpus):
        monkeypatch.setattr(encoder, "gpus", lambda: gpus)
        with tf.Graph().as_default() as graph:
            encoder.encode_fast(tf.constant(reviews(13, 2)), tf.zeros([13, 5]), tf.zeros([2, 5, 11]), tf.zeros([11]))
            return {operation.type for operation in graph.get_operations()}

    assert "PyFunc" not in operations(["/physical_device:GPU:0"])
    assert ("PyFunc" in operations([])) == (max_pool.numba is not None)


@pytest.mark.skipif(max_pool.numba is None, reason="numba is not installed: words are projected by the block")
@pytest.mark.parametrize("mask_padding", [True, False])
@pytest.mark.parametrize("width", [1, 2, 3, 7])
def test_words_projected_beforehand_give_the_same_texts(width, mask_padding):
    """Also with small integer types for token ids, as in training. Row 0 of the table is not 0, but never counts."""
    tokens, random = reviews(13, width), np.random.RandomState(8)
    table, kernel, bias = (random.normal(0, 1, shape).astype(np.float32)
                           for shape in ((13, 5), (width, 5, 11), (11,)))
    with tf.Graph().as_default(), tf.Session() as session:
        words = session.run(encoder.project(tf.constant(table), tf.constant(kernel)))
        wanted = session.run(encoder.encode_fast(
            *map(tf.constant, (tokens, table, kernel, bias)), mask_padding=mask_padding, fused=False))
    for kind in (np.int32, np.uint16):
        encoded = encoder.encode_projected(tokens.astype(kind), words, bias, mask_padding)
        np.testing.assert_allclose(encoded, wanted, atol=1e-5)


@pytest.mark.parametrize("tokens", [np.zeros((1, 3)), np.zeros((4, 3)), [[2, 2, 2]], [[1, 0, 0]]])
@pytest.mark.parametrize("mask_padding", [True, False])
def test_empty_reviews_and_reviews_of_one_word(tokens, mask_padding):
    tokens = np.asarray(tokens, np.int32)
    encoded, wanted = (values_and_gradients(lambda *parts: encode(*parts, mask_padding=mask_padding), tokens, 3)
                       for encode in (encoder.encode_fast, layers.encode_dense))
    for one, other in zip(encoded, wanted):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.skipif(max_pool.numba is None,
                    reason="numba is not installed: there is one kernel only")
@pytest.mark.parametrize("width", [1, 3])
def test_both_kernels_find_the_same_positions(width):
    random = np.random.RandomState(width)
    projected = random.randint(-3, 4,
                               (9, width * 5)).astype(np.float32)  # small whole numbers: many ties
    rows = random.randint(0, 9, (6, 8 + width - 1)).astype(np.int32)
    positions = np.array([8, 0, 1, 5, 8, 2], np.int32)
    with tf.Graph().as_default(), tf.Session() as session:
        arguments = [tf.constant(part) for part in (projected, rows, positions)]
        plain = session.run(max_pool.argmax_plain(*arguments, width))
    _, fused = max_pool._largest(projected, rows, positions, width, False)
    for row, count in enumerate(positions):
        sums = np.array([sum(projected[rows[row, start + step], step * 5:step * 5 + 5]
                             for step in range(width))
                         for start in range(count)]).reshape(count, 5)
        wanted = sums.argmax(0) if count else np.zeros(5)
        np.testing.assert_array_equal(fused[row], wanted)
        np.testing.assert_array_equal(plain[row], wanted)
