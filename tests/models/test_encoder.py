"""The fast and the plain encoder are the dense one: values and all gradients."""
import numpy as np
import pytest
import tensorflow.compat.v1 as tf

from models import layers, winners
from models.encoder import encode_fast

M, L, V, E, F, W = 13, 7, 29, 5, 3, 3  # odd sizes: swapped axes fail


def tokens(seed=0):
    """Reviews with padding, an empty one, a full one, repeated words and repeated reviews."""
    random = np.random.RandomState(seed)
    out = random.randint(1, V, (M, L)).astype(np.int32)
    lengths = random.randint(0, L + 1, M)
    lengths[:4] = 0, L, L - 1, 1
    out[5] = out[5, 0]
    out[np.arange(L)[None] >= lengths[:, None]] = 0
    out[6] = out[1]
    return out


def value_and_gradients(encode, mask):
    random = np.random.RandomState(1)
    with tf.Graph().as_default(), tf.Session() as session:
        table, kernel, bias = (tf.constant(random.normal(0, .5, shape).astype(np.float32))
                               for shape in ((V, E), (W, E, F), (F,)))
        texts = encode(tf.constant(tokens()), table, kernel, bias, mask)
        upstream = random.normal(0, 1, (M, F)).astype(np.float32)
        gradients = tf.gradients(tf.reduce_sum(texts * upstream), [table, kernel, bias])
        return session.run([texts] + [tf.convert_to_tensor(gradient) for gradient in gradients])


def dense(tokens, table, kernel, bias, mask):
    return layers.encode_dense(tokens, table, kernel, bias, "words", mask)


@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize("fused", [True, False])
def test_equals_the_dense_encoder(mask, fused):
    wanted = value_and_gradients(dense, mask)
    found = value_and_gradients(lambda *args: encode_fast(*args, fused=fused), mask)
    for one, other in zip(wanted, found):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert abs(wanted[0]).max() > .1


def test_dense_by_a_slow_loop():
    texts = value_and_gradients(dense, True)[0]
    random = np.random.RandomState(1)
    table, kernel, bias = (random.normal(0, .5, shape).astype(np.float32) for shape in ((V, E), (W, E, F), (F,)))
    for row, words in enumerate(tokens()):
        length = int((words > 0).sum())
        if not length:
            np.testing.assert_array_equal(texts[row], 0)
            continue
        vectors = np.zeros((length + W - 1, E))
        vectors[:length] = table[words[:length]]
        windows = [np.einsum("we,wef->f", vectors[start:start + W], kernel) for start in range(length)]
        np.testing.assert_allclose(texts[row], np.maximum(np.max(windows, 0) + bias, 0), atol=1e-5)


def test_more_padding_changes_nothing():
    def padded(words, *rest):
        return dense(tf.pad(words, [[0, 0], [0, 4]]), *rest)

    np.testing.assert_allclose(value_and_gradients(dense, True)[0], value_and_gradients(padded, True)[0], atol=1e-6)


def test_both_kernels_pick_the_same_winners():
    if winners.numba is None:
        pytest.skip("numba is not installed")
    random = np.random.RandomState(2)
    projected = random.normal(0, 1, (11, W * F)).astype(np.float32)
    place = random.randint(0, 11, (M, L)).astype(np.int32)
    positions = random.randint(0, L - W + 2, M).astype(np.int32)
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run([pick(tf.constant(projected), tf.constant(place), tf.constant(positions), W)
                             for pick in (winners.pick, winners.pick_plain)])
    real = positions > 0
    np.testing.assert_array_equal(found[0][real], found[1][real])


def test_the_reshape_layout_reads_something_else():
    words = value_and_gradients(dense, True)[0]
    reshaped = value_and_gradients(lambda t, v, k, b, m: layers.encode_dense(t, v, k, b, "reshape", m), True)[0]
    assert words.shape == reshaped.shape and abs(words - reshaped).max() > .1
