"""Measurements of training, each in a process of its own: the peak memory of one is not that of another.

`python -m benchmarks.measures NAME '{"argument": value}'` prints what the function NAME returns, as JSON.
"""
import hashlib
import itertools
import os
import tempfile
import time
from contextlib import closing, contextmanager

import numpy as np

from benchmarks import separate_process, shapes
from preprocessing import artefact as contract
from runtime import cli

VALIDATION_PAIRS = 16760  # of Amazon Toys & Games
STAGES = {  # stage: a part of the names of its operations; the first that fits counts
    "optimiser": "Adam/", "backward kernel": "backward_kernel", "forward kernel": "forward_kernel",
    "projection": "projection", "rest": ""}


def build(folder, shape, factor, same_words=False):
    """Builds the artefact of a shape (one of shapes.SHAPES) times a factor, where it does not stand yet."""
    if not os.path.isdir(folder):
        draft = tempfile.mkdtemp(prefix=".draft-", dir=os.path.dirname(os.path.abspath(folder)))
        contract.save(shapes.build(shapes.scaled(shapes.SHAPES[shape], factor, same_words)), draft)
        os.rename(draft, folder)
    return contract.load_meta(folder)["sizes"]


def train(folder, steps, threads=0, validate=True, plain=False, **fields):
    """Speed and memory of training: a step to warm up, then `steps` of an epoch, then a validation.

    `plain`: every slot is a review of its own, repeated or empty, at full length.
    """
    from models.training.prefetch import prefetch

    with _trainer(folder, threads, **fields) as trainer, closing(prefetch(
            _plain_batches(trainer) if plain else trainer._batches(1))) as batches:
        _step(trainer, next(batches))
        start = time.time()
        done = sum(_step(trainer, fed) for fed in itertools.islice(batches, steps))  # pairs
        seconds = time.time() - start
        if not done:
            raise cli.UserError(f"{folder}: fewer than two batches of training pairs; give a larger shape")
        found = {"samples_per_second": done / seconds, "steps": steps, "sizes": trainer.artefact.meta["sizes"],
                 "epoch_seconds": len(trainer.artefact.train.user) * seconds / done,
                 "training_peak_mib": cli.peak_memory()}
        if validate:
            found.update(_validation(trainer))
        return dict(found, peak_memory_mib=cli.peak_memory())


def whole(folder, epochs, threads=0, **fields):
    """Seconds and memory of a whole training, from the loading of its corpus to the calibrated network."""
    start = time.time()
    with _trainer(folder, threads, epochs=epochs, patience=epochs, **fields) as trainer:
        trainer.train()
    return {"seconds": time.time() - start, "epochs": epochs, "peak_memory_mib": cli.peak_memory()}


def profile(folder, steps, threads=1, **fields):
    """Milliseconds a step by stage, all on one thread, so that they add up; and those of preparing a batch."""
    from runtime.tf1 import tf

    with _trainer(folder, threads, **fields) as trainer:
        source = trainer._batches(1)
        _step(trainer, next(source))
        total, spent, batches = dict.fromkeys(STAGES, 0.), 0., 0
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        for _ in range(steps):
            start = time.time()
            fed = next(source, None)
            if fed is None:
                break
            spent, batches, traced = spent + time.time() - start, batches + 1, tf.RunMetadata()
            _step(trainer, fed, options=options, run_metadata=traced)
            for device in traced.step_stats.dev_stats:
                for node in device.node_stats:
                    stage = next(stage for stage, part in STAGES.items() if part in node.node_name)
                    total[stage] += (node.op_end_rel_micros - node.op_start_rel_micros) / 1e3
        stages = {stage: milliseconds / batches for stage, milliseconds in total.items()}
        return {"host batch preparation": spent / batches * 1e3, **stages}


def fingerprint(folder, steps, threads, **fields):
    """sha256 of all variables after a few steps."""
    from runtime.tf1 import tf

    with _trainer(folder, threads, **fields) as trainer:
        for fed in itertools.islice(trainer._batches(1), steps):
            _step(trainer, fed)
        digest = hashlib.sha256()
        with trainer.session.graph.as_default():
            known = sorted(tf.global_variables(), key=lambda variable: variable.op.name)
        for variable in known:
            digest.update(np.ascontiguousarray(trainer.session.run(variable)).tobytes())
        return digest.hexdigest()


def _plain_batches(trainer):
    """The batches of an epoch as the formulas read them: nothing shared, nothing left out."""
    from models import graph

    length = trainer.artefact.review_tokens.shape[1]
    for rows, fed in trainer._batches(1):
        own = fed[trainer.targets.own]
        for side, more in ((trainer.inputs.user, own[:0]), (trainer.inputs.item, own)):
            unpacked, own_rows = unpack(type(side)(*(fed[part] for part in side)), more, length)
            fed.update(graph.feed(side, unpacked))
        fed[trainer.targets.own] = own_rows  # of the item's side
        yield rows, fed


def unpack(side, own, length):
    """A Side, and rows `own` [B] of its reviews, with a row for each slot: (Side, own [B])."""
    tables = side.slots, side.other_slots, own
    flat = np.concatenate([[0]] + [table.ravel() for table in tables])  # [1 + slots]
    numbers = np.split(np.arange(1, len(flat), dtype=np.int32), np.cumsum([table.size for table in tables])[:-1])
    slots, other_slots, own = (np.where(table > 0, number.reshape(table.shape), 0)
                               for table, number in zip(tables, numbers))
    tokens = np.pad(side.tokens, [(0, 0), (0, length - side.tokens.shape[1])], "constant")[flat]
    return side._replace(tokens=tokens, topics=side.topics[flat], slots=slots, other_slots=other_slots), own


def _step(trainer, batch, **options):
    """One step of training as an epoch takes it; returns its number of pairs."""
    rows, fed = batch
    trainer.session.run((trainer.loss, trainer.error, trainer.norms, trainer.train_op), fed, **options)
    return len(rows)


def _validation(trainer):
    """Seconds of one validation as after every epoch, reading all reviews anew included."""
    pairs = len(trainer.artefact.validation.user)
    start = time.time()
    trainer.predictor.forget()
    trainer.predictor.encoded_reviews  # has them read
    read = time.time() - start
    trainer._validate(1)
    return {"validation_seconds": time.time() - start, "validation_read_seconds": read, "validation_pairs": pairs}


@contextmanager
def _trainer(folder, threads, **fields):
    """A Trainer of an artefact, of the default config but for `fields`, in a folder that ends with it."""
    from models import config as configs
    from models.training.trainer import Trainer

    config = configs.override(configs.PRESETS["default"], fields)
    with tempfile.TemporaryDirectory(prefix="bench-") as run:
        yield Trainer(config, contract.load(folder), run, threads)


if __name__ == "__main__":
    separate_process.answer(globals())
