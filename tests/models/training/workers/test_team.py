"""Several workers compute what one process computes, and hold equal variables."""
import numpy as np
import pytest

from models.config import PRESETS
from tests.models.building import VARIANTS, artefact, named
from tests.models.training.workers.processes import together, trained_steps

STEPS = 20
ONE_LEFT = len(artefact().train.user) - 1  # the last batch has one pair, so all workers but one have none
CASES = [("default", 2, 11), ("shared", 3, ONE_LEFT)]
SLOW = [("default", 3, 7)] + [(name, 2, 11) for name in sorted(set(PRESETS) | set(VARIANTS)) if name != "default"]
BIASES = "product_bias", "key_bias"  # of scores that are no cosine: a softmax hardly depends on what they add
ROUNDING = 1e-14  # a second moment of Adam below it is that of rounding errors


def is_determined(variables, name):
    """Whether the gradient of each number of a variable was more than a rounding error, which Adam would scale up.

    What is added to all scores of a softmax, such as a bias, has the gradient 0.
    """
    moments = [variables[slot] for slot in (name + "/Adam_1", name + "/AttentionAdam_1") if slot in variables]
    return moments[0] > ROUNDING if moments else np.full(variables[name].shape, True)


@pytest.mark.parametrize("name, size, batch", CASES + [pytest.param(*case, marks=pytest.mark.slow) for case in SLOW])
def test_workers_train_as_one_process_does(name, size, batch):
    settings = named(name, batch_size=batch)
    (alone, losses), = together(trained_steps, 1, settings, STEPS)
    workers = together(trained_steps, size, settings, STEPS)
    for variables, losses_of_worker in workers:
        np.testing.assert_allclose(losses_of_worker, losses, rtol=1e-5)
        assert set(variables) == set(alone) and is_determined(alone, "item/conv").mean() > .5
        for name, value in alone.items():
            np.testing.assert_array_equal(variables[name], workers[0][0][name], err_msg=name)
            if settings.cosine_score or not any(part in name for part in BIASES):
                compared = is_determined(alone, name)
                np.testing.assert_allclose(variables[name][compared], value[compared], atol=1e-5, rtol=1e-5,
                                           err_msg=name)


def facts(team):
    """What a worker learns of the others outside of steps."""
    from models import graph
    from runtime.tf1 import tf

    with tf.Graph().as_default():
        session = graph.session(1)
        team.build(session)
        number = tf.get_variable("number", initializer=np.full(3, team.rank, np.float32))
        steps = tf.get_variable("steps", initializer=np.int64(7 + team.rank))
        session.run(tf.global_variables_initializer())
        team.equalise()
        told = team.tell(lambda: {"epoch": 3, "loss": .1 + .2, "rank": team.rank})
        return told, session.run(number).tolist(), int(session.run(steps)), [team.part(7), team.part(2)]


def test_worker_0_tells_the_others_its_record_and_its_variables():
    results = together(facts, 3)
    for told, number, steps, _ in results:
        assert told == {"epoch": 3, "loss": .1 + .2, "rank": 0} and number == [0, 0, 0] and steps == 7
    for count, parts in ((7, [parts[0] for *_, parts in results]), (2, [parts[1] for *_, parts in results])):
        assert [number for part in parts for number in range(count)[part]] == list(range(count))
        assert max(len(range(count)[part]) for part in parts) - min(len(range(count)[part]) for part in parts) <= 1


def ends_after_one_exchange(team):
    from models import graph
    from runtime.tf1 import tf

    with tf.Graph().as_default():
        team.build(graph.session(1))
        team.tell(lambda: 1)
        if team.rank == 1:
            team.close()
            return "ended"
        team.tell(lambda: 2)


def test_the_others_learn_that_a_worker_has_ended():
    results = together(ends_after_one_exchange, 3)
    assert results[1] == "ended"
    assert results[2].startswith("Lost: the connection to worker 1 is lost") and results[0].startswith("Lost: ")
