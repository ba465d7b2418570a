"""What the tests compare between two environments. Each task is run by the Python of either:

    PYTHON -m tests.support.legs TASK FOLDER OUT.npz [VARIABLES.npz]

and writes its arrays to OUT.npz.
"""
import itertools
import sys
import tempfile
from contextlib import closing, contextmanager

import numpy as np

STEPS = 20
SIZES = dict(filters=7, attention_dim=8, latent_dim=5, batch_size=10)


def predicted(run_folder):
    """What a trained run predicts for its test pairs."""
    from models.inference import trained

    run = trained.load(run_folder)
    test = run.artefact.test
    answers = run.predictor(test.user, test.item, test.review)
    return {"rating": answers.outputs.rating, "item_weights": answers.outputs.item_weights,
            "own_score": answers.own_score}


def served(model_folder):
    """What a SavedModel answers to `explain` and `rank`."""
    from serving import signatures as wire
    from tests.support.exporting import answer

    answers = {wire.EXPLAIN: answer(model_folder, wire.EXPLAIN, **{wire.USER: [0, 3, 5], wire.ITEM: [1, 1, 4]}),
               wire.RANK: answer(model_folder, wire.RANK, **{wire.USER: [2], wire.TOP_K: 7})}
    return {f"{name} {output}": array for name, outputs in answers.items() for output, array in outputs.items()}


def drawn(data_folder):
    """The initial variables of a network, by name."""
    with trainer_of(data_folder) as trainer:
        return values(trainer)


def trained_steps(data_folder, start):
    """The loss of each of STEPS training steps from given variables, and the variables after them."""
    from models.training.prefetch import prefetch

    with trainer_of(data_folder) as trainer:
        for variable in variables(trainer):
            variable.load(start[variable.op.name], trainer.session)
        with closing(prefetch(trainer.batches(1))) as batches:
            losses = [trainer.session.run((trainer.loss, trainer.train_op), fed)[0]
                      for _, fed in itertools.islice(batches, STEPS)]
        return dict(values(trainer), losses=losses)


@contextmanager
def trainer_of(data_folder):
    from models import config as configs
    from models.training.trainer import Trainer
    from preprocessing import artefact

    config = configs.override(configs.PRESETS[configs.DEFAULT], SIZES)
    with tempfile.TemporaryDirectory() as folder:
        yield Trainer(config, artefact.load(data_folder), folder)


def variables(trainer):
    from runtime.tf1 import tf

    with trainer.session.graph.as_default():
        return tf.trainable_variables()


def values(trainer):
    return {variable.op.name: trainer.session.run(variable) for variable in variables(trainer)}


def session_without_gpu(threads=0):
    """As `models.graph.session`, but all operations run on the CPU."""
    from runtime.tf1 import tf

    return tf.Session(config=tf.ConfigProto(device_count={"GPU": 0}))


TASKS = {task.__name__: task for task in (predicted, served, drawn, trained_steps)}

if __name__ == "__main__":
    name, source, out = sys.argv[1:4]
    np.savez(out, **TASKS[name](source, *map(np.load, sys.argv[4:])))
