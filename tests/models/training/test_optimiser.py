"""Lazy Adam equals Adam where all rows are used, and changes no row that is not used."""
import numpy as np

from models.training import optimiser
from models.training.optimiser import LazyAdam
from runtime.tf1 import tf


def steps(adam, rows, count=5, seed=1):
    """The table [7, 3] and the moments after `count` steps that read `rows(step)`."""
    random = np.random.RandomState(seed)
    start, aims = random.rand(7, 3).astype(np.float32), random.rand(count, 7, 3).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.get_variable("table", initializer=start)
        used, aim = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.float32, [7, 3])
        loss = tf.reduce_sum((tf.gather(table, used) - tf.gather(aim, used)) ** 2)
        step = adam.minimize(loss)
        session.run(tf.global_variables_initializer())
        for number in range(count):
            session.run(step, {used: rows(number), aim: aims[number]})
        return [start] + session.run([table, adam.get_slot(table, "m"), adam.get_slot(table, "v")])


def test_with_all_rows_it_is_adam():
    everything = list(range(7)) + [2,
                                   2]  # a row used again counts once, with the sum of its gradients
    lazy, plain = (steps(adam(.1), lambda number: everything)
                   for adam in (LazyAdam, tf.train.AdamOptimizer))
    for one, other in zip(lazy, plain):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert np.abs(lazy[1] - lazy[0]).max() > .1


def test_without_the_loop_that_a_gpu_would_be_slow_with_the_steps_are_the_same(monkeypatch):
    looped = steps(LazyAdam(.1), lambda number: [1, 4, 4] if number else [1, 6, 1])
    monkeypatch.setattr(optimiser, "gpus", lambda: ["/physical_device:GPU:0"])
    at_once = steps(LazyAdam(.1), lambda number: [1, 4, 4] if number else [1, 6, 1])
    for one, other in zip(at_once, looped):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_rows_that_a_batch_does_not_use_are_unchanged():
    start, table, first, second = steps(LazyAdam(.1), lambda number: [1, 4] if number else [1, 6])
    unused = [0, 2, 3, 5]
    np.testing.assert_array_equal(table[unused], start[unused])
    assert not first[unused].any() and not second[unused].any()
    assert (np.abs(table - start)[[1, 4, 6]].max(1) > .01).all()


def test_one_step_by_hand():
    """The first step of Adam has the size of the learning rate, whatever the gradient is."""
    start, table, _, _ = steps(LazyAdam(.1), lambda number: [3], count=1)
    np.testing.assert_allclose(np.abs(table[3] - start[3]), .1, atol=1e-4)


def test_dense_variables_are_updated_as_by_adam():
    def run(adam):
        with tf.Graph().as_default(), tf.Session() as session:
            weight = tf.get_variable("weight", initializer=np.array([1., -2., 3.], np.float32))
            step = adam.minimize(tf.reduce_sum(weight ** 4))
            session.run(tf.global_variables_initializer())
            for _ in range(4):
                session.run(step)
            return session.run(weight)

    np.testing.assert_allclose(run(LazyAdam(.1)), run(tf.train.AdamOptimizer(.1)), atol=1e-6)
