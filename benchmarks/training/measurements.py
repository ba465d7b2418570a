"""Single measurements of training. `speed` runs each of them in its own process.

`python -m benchmarks.training.measurements NAME '{"argument": value}'` prints the result of the function NAME as JSON.
"""
import hashlib
import itertools
import os
import tempfile
import time
from contextlib import closing, contextmanager

import numpy as np

from benchmarks import process_memory, separate_process, shapes
from preprocessing import artefact as contract
from runtime import cli, files

STAGES = {  # stage: a part of the names of its operations; the first match counts
    "optimiser": "Adam/", "backward kernel": "backward_kernel", "forward kernel": "forward_kernel",
    "projection": "projection", "rest": ""}


def machine():
    """Returns the versions of the libraries, and the names of the GPUs that TensorFlow uses."""
    from models.run_folder import runs
    from runtime.tf1 import gpus

    return {"versions": runs.versions(), "gpus": gpus()}


def build(folder, shape, factor, same_words=False):
    """Builds the artefact of a shape (a name in shapes.SHAPES) times a factor unless it exists. Returns its sizes."""
    if not os.path.isdir(folder):
        with files.written_folder(folder) as draft:
            contract.save(shapes.build(shapes.scaled(shapes.SHAPES[shape], factor, same_words)), draft)
    return contract.load_meta(folder)["sizes"]


def train(folder, steps, threads=0, validate=True, plain=False, **fields):
    """Measures speed and memory of training: one step to warm up, then `steps` steps, then a validation.

    With `plain`, reviews are not shared within a batch: every slot is encoded, also empty ones, at full length.
    """
    from models.training.prefetch import prefetch

    with open_trainer(folder, threads, **fields) as trainer, closing(prefetch(
            plain_batches(trainer) if plain else trainer.batches(1))) as batches:
        _step(trainer, next(batches))
        start, used = time.time(), time.process_time()
        pairs = sum(_step(trainer, fed) for fed in itertools.islice(batches, steps))
        seconds, used = time.time() - start, time.process_time() - used
        if not pairs:
            raise cli.UserError(f"{folder}: fewer than two batches of training pairs; give a larger shape")
        figures = {"samples_per_second": pairs / seconds, "cpu_ms_per_sample": used * 1e3 / pairs,
                   "steps": steps, "sizes": trainer.artefact.meta["sizes"], "id_mib": _id_mib(trainer),
                   "epoch_seconds": len(trainer.artefact.train.user) * seconds / pairs,
                   "training_peak_mib": cli.peak_memory()}
        if validate:
            figures.update(_validation(trainer))
        return dict(figures, peak_memory_mib=cli.peak_memory())


def from_disk(folder, steps, in_memory, threads=0, **fields):
    """Measures `train` where arrays of more than `in_memory` bytes are in files, and "own_mib" of `OwnPeak`."""
    from runtime import scratch

    scratch.IN_MEMORY = in_memory
    with process_memory.OwnPeak() as own:
        figures = train(folder, steps, threads, **fields)
    return dict(figures, own_mib=own.mib)


def whole_training(folder, epochs, threads=0, **fields):
    """Measures seconds and memory of a whole training, from loading the corpus to the calibrated network."""
    start = time.time()
    with open_trainer(folder, threads, epochs=epochs, patience=epochs, **fields) as trainer:
        trainer.train()
    return {"seconds": time.time() - start, "epochs": epochs, "peak_memory_mib": cli.peak_memory()}


def profile(folder, steps, threads=1, **fields):
    """Measures milliseconds per step of each stage, on one thread so that they add up, and of preparing a batch."""
    from runtime.tf1 import tf

    with open_trainer(folder, threads, **fields) as trainer:
        source = trainer.batches(1)
        _step(trainer, next(source))
        total, preparation, batches = dict.fromkeys(STAGES, 0.), 0., 0
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        for _ in range(steps):
            start = time.time()
            fed = next(source, None)
            if fed is None:
                break
            preparation, batches, traced = preparation + time.time() - start, batches + 1, tf.RunMetadata()
            _step(trainer, fed, options=options, run_metadata=traced)
            for device in traced.step_stats.dev_stats:
                for node in device.node_stats:
                    stage = next(stage for stage, part in STAGES.items() if part in node.node_name)
                    total[stage] += (node.op_end_rel_micros - node.op_start_rel_micros) / 1e3
        stages = {stage: milliseconds / batches for stage, milliseconds in total.items()}
        return {"host batch preparation": preparation / batches * 1e3, **stages}


def fingerprint(folder, steps, threads, **fields):
    """Returns the sha256 of all variables after a few steps of training."""
    from runtime.tf1 import tf

    with open_trainer(folder, threads, **fields) as trainer:
        for fed in itertools.islice(trainer.batches(1), steps):
            _step(trainer, fed)
        digest = hashlib.sha256()
        with trainer.session.graph.as_default():
            variables = sorted(tf.global_variables(), key=lambda variable: variable.op.name)
        for values in trainer.session.run(variables):  # one call, because each new set of fetches costs 40 ms
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()


def plain_batches(trainer):
    """Yields the batches of an epoch as in the formulas: no review is shared, no padding is dropped."""
    from models import graph

    length = trainer.artefact.review_tokens.shape[1]
    for rows, fed in trainer.batches(1):
        own = fed[trainer.targets.own]
        for side, more in ((trainer.inputs.user, own[:0]), (trainer.inputs.item, own)):
            unpacked, own_rows = unpack(type(side)(*(fed[part] for part in side)), more, length)
            fed.update(graph.feed(side, unpacked))
        fed[trainer.targets.own] = own_rows  # of the item's side
        yield rows, fed


def unpack(side, own, length):
    """Returns a Side with one row of tokens for each slot, and the rows `own` [B] of the pairs' own reviews in it."""
    tables = side.slots, side.other_slots, own
    flat = np.concatenate([[0]] + [table.ravel() for table in tables])  # [1 + slots]
    numbers = np.split(np.arange(1, len(flat), dtype=np.int32), np.cumsum([table.size for table in tables])[:-1])
    slots, other_slots, own = (np.where(table > 0, number.reshape(table.shape), 0)
                               for table, number in zip(tables, numbers))
    tokens = np.pad(side.tokens, [(0, 0), (0, length - side.tokens.shape[1])], "constant")[flat]
    return side._replace(tokens=tokens, topics=side.topics[flat], slots=slots, other_slots=other_slots), own


def _id_mib(trainer):
    """Returns the MiB of the variables with a row for each user or item, and of their moments."""
    from runtime.tf1 import tf

    counts = {trainer.artefact.meta["sizes"][name] for name in "UI"}
    with trainer.session.graph.as_default():
        shapes_of = [variable.shape.as_list() for variable in tf.global_variables()]
    return sum(4 * np.prod(shape) for shape in shapes_of if shape and shape[0] in counts) / 2 ** 20


def _step(trainer, batch, **options):
    """Runs one step of training as in an epoch. Returns its number of pairs."""
    rows, fed = batch
    trainer.session.run((trainer.loss, trainer.error, trainer.norms, trainer.train_op), fed, **options)
    return len(rows)


def _validation(trainer):
    """Measures one validation as after every epoch, including the encoding of the reviews."""
    from models.training import validation

    pairs = min(len(trainer.artefact.validation.user), validation.MOST)
    start, used = time.time(), time.process_time()
    trainer.predictor.forget()
    trainer.validate(1)
    return {"validation_seconds": time.time() - start, "validation_cpu_seconds": time.process_time() - used,
            "validation_pairs": pairs}


@contextmanager
def open_trainer(folder, threads, team=None, **fields):
    """Yields a Trainer of an artefact in a temporary folder, with the default config except for `fields`."""
    from models import config as configs
    from models.training.trainer import Trainer

    config = configs.override(configs.PRESETS[configs.DEFAULT], fields)
    with tempfile.TemporaryDirectory(prefix="bench-") as run:
        yield Trainer(config, contract.load(folder), run, threads, team=team)


if __name__ == "__main__":
    separate_process.main(globals())
