"""Measurements of training by several workers, each in its own process, and what more of them would send."""
import itertools
import time
from contextlib import closing

import numpy as np

from benchmarks import separate_process
from benchmarks.training.measurements import open_trainer
from models.training.workers import launch, seats
from preprocessing import artefact as contract

MODULE = "benchmarks.training.workers"


def engines():
    """Returns the engines that are installed."""
    return [engine for engine in seats.ENGINES if seats.is_installed(engine)]


def measure(folder, steps, workers, engine, fields):
    """Returns the figures of each worker of a training, a list of what `train` returns."""
    with launch.places(engine, workers) as places:
        threads = launch.threads(workers)
        return separate_process.call_all(
            MODULE, "train", dict(folder=folder, steps=steps, workers=workers, engine=engine, **fields),
            [(dict(environ, **threads), more) for environ, more in places])


def train(folder, steps, workers, engine, **fields):
    """Measures one of the workers: CPU and wall seconds of steps after the first, and what it sent."""
    from models.training.prefetch import prefetch

    seat = seats.seat(workers, engine)
    team = seats.join(seat, fields, contract.load_meta(folder)) if seat else None
    with open_trainer(folder, 0, team=team, **fields) as trainer:
        trainer.team.equalise()
        with closing(prefetch(trainer.batches(1))) as batches:
            _step(trainer, next(batches))
            start, used, sent = time.time(), time.process_time(), trainer.team.sent
            pairs = sum(_step(trainer, batch) for batch in itertools.islice(batches, steps))
            figures = {"cpu_seconds": time.process_time() - used, "seconds": time.time() - start, "pairs": pairs,
                       "steps": steps, "epoch_pairs": len(trainer.artefact.train.user)}
            if trainer.team.sent is not None:
                figures["sent_bytes_per_step"] = (trainer.team.sent - sent) / steps
        if team:
            team.close()
        return figures


def volume(folder, steps, workers, **fields):
    """Returns, for each number of workers, the bytes that each sends in a step by the ring, computed without sending.

    Gradients of dense variables, keys and scores are summed, 2 (N - 1) / N of the bytes of all; rows of tables, keys
    and scores are joined, (N - 1) / N of those of all workers together.
    """
    with open_trainer(folder, 1, **fields) as trainer:
        dense, tables, word_bytes = _sizes(trainer)
        train, size = trainer.artefact.train, trainer.config.batch_size
        totals = {}
        for count in workers:
            joined = 0
            for step in range(steps):
                for rows in np.array_split(np.arange(step * size, (step + 1) * size) % len(train.user), count):
                    inputs, _ = trainer.corpus.inputs(trainer.corpus.pairs(train.user[rows], train.item[rows],
                                                                           train.review[rows], train.rating[rows]))
                    words = sum(len(np.unique(np.append(side.tokens, 0))) for side in (inputs.user, inputs.item))
                    joined += words * word_bytes + len(rows) * tables
            both = 4 * size * (trainer.config.attention_dim + size) if trainer.config.own_review_loss > 0 else 0
            share = (count - 1) / count
            totals[str(count)] = {"summed": 2 * share * (dense + both), "joined": share * (joined / steps + both)}
        return totals


def _sizes(trainer):
    """Returns bytes of all dense gradients; of the rows of tables by ids that a pair adds; of a row of a word table."""
    config = trainer.config
    tables = {config.latent_dim: 2 * config.id_latents + 2 * config.id_query, 1: 2 * config.learned_offsets}
    named = ("word_vectors", "latent", "other_embedding", "offset")
    variables = [variable for variable in trainer.session.graph.get_collection("trainable_variables")
                 if not variable.op.name.endswith(named)]
    dense = sum(variable.shape.num_elements() for variable in variables)
    by_ids = sum(count * (4 * columns + 4) for columns, count in tables.items())
    return 4 * dense, by_ids, 4 * trainer.artefact.meta["sizes"]["E"] + 4


def _step(trainer, batch):
    rows, fed = batch
    with trainer.team.together():
        trainer.session.run((trainer.loss, trainer.error, trainer.norms, trainer.train_op), fed)
    return len(rows)


if __name__ == "__main__":
    separate_process.main(globals())
