"""Layers, compared with numbers computed by hand and with slow loops."""
import numpy as np
import pytest

from models.network import layers
from runtime.tf1 import tf

RANDOM = np.random.RandomState(2)


def run(build):
    """Returns the value of the tensor that `build()` makes in a new graph."""
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(build())


def softmax(logits, mask):
    return run(lambda: layers.masked_softmax(tf.constant(logits, tf.float32), tf.constant(mask)))


def test_softmax_sums_to_one_over_real_slots():
    logits, mask = RANDOM.normal(0, 30, (5, 2, 7)), RANDOM.rand(5, 2, 7) < .5
    mask[3] = False
    weights = softmax(logits, mask)
    np.testing.assert_allclose(weights.sum(-1), mask.any(-1), atol=1e-6)
    assert not weights[~mask].any() and (weights >= 0).all()


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax([[0., np.log(3), 99.]], [[True, True, False]]),
                               [[.25, .75, 0]], atol=1e-6)


def test_padding_does_not_change_the_softmax():
    logits, mask = RANDOM.normal(0, 3, (4, 3)), np.array([[True, False, True]] * 4)
    more = np.pad(logits, [(0, 0), (0, 2)], "constant",
                  constant_values=50), np.pad(mask, [(0, 0), (0, 2)], "constant")
    np.testing.assert_allclose(softmax(*more)[:, :3], softmax(logits, mask), atol=1e-7)


def test_mean_of_real_slots():
    values, mask = RANDOM.rand(3, 4, 2), np.array([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]]) > 0
    mean = run(lambda: layers.masked_mean(tf.constant(values, tf.float32), tf.constant(mask)))
    np.testing.assert_allclose(mean, [values[0, [0, 2]].mean(0), [0, 0], values[2].mean(0)],
                               atol=1e-6)


def test_unit_vectors():
    vectors = run(lambda: layers.unit(tf.constant([[3., -4.], [0., 0.]])))
    np.testing.assert_allclose(vectors, [[.6, -.8], [0, 0]], atol=1e-6)


def noisy(build, seed=(5, 9)):
    return run(lambda: build(layers.Noise(tf.constant(seed, tf.int32))))


def test_dropout_keeps_the_mean_and_drops_single_values():
    ones = tf.ones_like
    dropped = noisy(lambda noise: layers.dropout(ones(tf.zeros([400, 50])), .8, noise))
    assert set(np.unique(dropped)) == {0, np.float32(1.25)} and abs(dropped.mean() - 1) < .02
    whole = noisy(lambda noise: layers.whole_dropout(ones(tf.zeros([400, 50])), .3, noise))
    assert set(whole.sum(1)) == {0, 50} and abs(whole.mean() - .3) < .08


def test_noise_depends_on_its_seed_and_differs_between_calls():
    def twice(noise):
        return noise.uniform([9]), noise.uniform([9])

    first, second = noisy(twice)
    np.testing.assert_array_equal(first, noisy(twice)[0])
    assert not np.array_equal(first, second) and not np.array_equal(first, noisy(twice, (5, 10))[0])


def test_a_worker_draws_its_rows_of_the_noise_of_the_whole_batch():
    own = {"pair": [3, 4], "user": [0, 2, 6], "item": []}
    counts = {"pair": 5, "user": 7, "item": 4}

    def all_kinds(noise, sizes):
        return [noise.uniform([sizes[kind], 3], kind) for kind in ("user", "item", "pair", "user")]

    def part():
        rows = {kind: layers.Rows(tf.constant(own[kind], tf.int32), tf.constant(counts[kind])) for kind in own}
        return all_kinds(layers.Noise(tf.constant([5, 9]), rows), {kind: len(own[kind]) for kind in own})

    whole = noisy(lambda noise: all_kinds(noise, counts))
    for kind, drawn, wanted in zip(("user", "item", "pair", "user"), run(part), whole):
        np.testing.assert_array_equal(drawn, wanted[np.array(own[kind], int)])


def test_no_noise_no_dropout():
    for drop in (layers.dropout, layers.whole_dropout):
        values = RANDOM.rand(3, 2).astype(np.float32)
        np.testing.assert_array_equal(run(lambda: drop(tf.constant(values), .5, None)), values)
        np.testing.assert_array_equal(noisy(lambda noise: drop(tf.constant(values), 1, noise)),
                                      values)


def encode(tokens, table, kernel, bias, **settings):
    return run(lambda: layers.encode_dense(
        tf.constant(tokens, tf.int32),
        *(tf.constant(part, tf.float32) for part in (table, kernel, bias)), **settings))


def slow_encode(tokens, table, kernel, bias, mask_padding):
    """Word by word, filter by filter."""
    width, _, filters = kernel.shape
    out = np.zeros((len(tokens), filters))
    for row, words in enumerate(tokens):
        length = np.count_nonzero(words)
        starts = range(length) if mask_padding else range(len(words) - width + 1)
        for column in range(filters):
            sums = [sum(table[words[start + step]] @ kernel[step, :, column]
                        for step in range(width)
                        if not mask_padding or start + step < length) for start in starts]
            out[row, column] = max(0, max(sums) + bias[column]) if sums else 0
    return out


def test_encoder_by_hand():
    """Words 2, 1, 0, -1 as single numbers; the filter is first word minus twice the second."""
    table, kernel = [[9.], [1.], [2.], [-1.]], [[[1.]], [[-2.]]]
    assert encode([[2, 1, 0]], table, kernel, [.5]).tolist() == [[1.5]]  # windows 2-2, 1-0
    assert encode([[3, 0, 0], [0, 0, 0]], table, kernel, [.5]).tolist() == [[0], [0]]
    unmasked = encode([[3, 0, 0]], table, kernel, [.5], mask_padding=False)  # -1-18, 9-18
    assert unmasked.tolist() == [[0]]
    assert encode([[0, 3, 0]], table, kernel, [.5], mask_padding=False).tolist() == [[11.5]]


@pytest.mark.parametrize("mask_padding", [True, False])
@pytest.mark.parametrize("width", [1, 3, 5])
def test_encoder_against_a_slow_loop(mask_padding, width):
    tokens = RANDOM.randint(1, 11, (6, 7)) * (np.arange(7) < np.array([7, 0, 1, 4, 2, 6])[:, None])
    table, kernel, bias = (RANDOM.normal(0, 1, shape) for shape in ((11, 2), (width, 2, 3), 3))
    np.testing.assert_allclose(encode(tokens, table, kernel, bias, mask_padding=mask_padding),
                               slow_encode(tokens, table, kernel, bias, mask_padding), atol=1e-5)


def test_padding_changes_nothing_where_it_is_masked():
    tokens = RANDOM.randint(1, 11, (4, 5))
    rest = RANDOM.normal(0, 1, (11, 2)), RANDOM.normal(0, 1, (3, 2, 3)), RANDOM.normal(0, 1, 3)
    more = np.pad(tokens, [(0, 0), (0, 4)], "constant")
    np.testing.assert_allclose(encode(more, *rest), encode(tokens, *rest), atol=1e-6)
    one, other = (encode(words, *rest, mask_padding=False) for words in (more, tokens))
    assert np.abs(one - other).max() > .01


def test_reshape_reads_the_embedding_in_another_order():
    tokens, table = [[1, 2, 3]], [[0., 0.], [1., 2.], [3., 4.], [5., 6.]]
    kernel = [[[1.], [0.]]]  # the first number of each position
    assert encode(tokens, table, kernel, [0.], mask_padding=False).tolist() == [[5]]  # of 1, 3, 5
    assert encode(tokens, table, kernel, [0.], layout="reshape",
                  mask_padding=False).tolist() == [[3]]  # of 1, 2, 3
