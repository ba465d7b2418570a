"""Several worker processes of one training, forked from a server that has TensorFlow imported but no session."""
import multiprocessing
import signal
import tempfile
from contextlib import ExitStack

from models.training.workers import meeting
from runtime.sockets import addresses, listen
from tests.models.building import artefact

LIMIT = 240  # seconds after which a worker that hangs is ended


def together(function, size, *arguments):
    """Returns what `function(team, *arguments)` returns in each of `size` worker processes, in the order of ranks.

    `team` is that of the worker; None where `size` is 1. An exception is returned as its text.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["models.training.trainer", "models.training.workers.engines"])
    with ExitStack() as opened:
        listener = opened.enter_context(listen(addresses("127.0.0.1", 0)[0]))
        pipes = [context.Pipe(duplex=False) for _ in range(size)]
        processes = [context.Process(target=_work, args=(
            function, rank, size, listener if not rank else listener.getsockname()[:2], writer, arguments))
            for rank, (_, writer) in enumerate(pipes)]
        for process, (_, writer) in zip(processes, pipes):
            process.start()
            writer.close()
        results = [reader.recv() for reader, _ in pipes]
        for process in processes:
            process.join()
    return results


def _work(function, rank, size, place, writer, arguments):
    signal.alarm(LIMIT)
    try:
        writer.send(function(_team(rank, size, place) if size > 1 else None, *arguments))
    except Exception as error:
        writer.send(f"{type(error).__name__}: {error}")


def _team(rank, size, place):
    from models.training.workers.engines import RingEngine
    from models.training.workers.team import Team

    return Team(RingEngine(meeting.join(place, rank, size) if rank else meeting.lead(place, size)), "the same")


def trained_steps(team, settings, steps):
    """({variable: value} after some steps of training from the tiny artefact, the loss and error of each step)."""
    from models.training.trainer import Trainer
    from runtime.tf1 import tf

    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(settings, artefact(), folder, threads=1, team=team)
        trainer.team.equalise()
        losses, epoch = [], 0
        while len(losses) < steps:
            epoch += 1
            for _, fed in trainer.batches(epoch):
                losses.append(trainer.session.run((trainer.loss, trainer.error, trainer.train_op), fed)[:2])
        with trainer.session.graph.as_default():
            variables = tf.global_variables()
        return dict(zip([variable.op.name for variable in variables], trainer.session.run(variables))), losses
