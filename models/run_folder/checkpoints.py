"""Checkpoints of a run: `checkpoints/epoch-<n>/` and `final/`, whole and on disk before named.

A checkpoint is written as a draft, brought to disk and renamed; then `checkpoint.json`, the
pointer, is replaced to name it; then what it no longer names is removed. Killed anywhere in
between, a run still stands at the pointer. Noise and order of batches are functions of seed, epoch
and step, so weights, optimiser and the number of epochs are all there is to save.
"""
import json
import os
import shutil

from models.run_folder import progress, runs
from runtime.cli import UserError
from runtime.files import reason, sync, write_json
from runtime.tf1 import tf

WEIGHTS, OWNER = "weights", "run.json"


class Checkpoints:
    """Checkpoints of a run: the last, to go on from, the best, to use, and those that may become the best.

    Args:
      folder: of the run.
      variables: to save; those that only training needs may be left out when reading.
    """

    def __init__(self, folder, variables):
        self.folder = folder
        self.saver = tf.train.Saver(variables, max_to_keep=0)

    def save(self, session, epoch, state):
        """Saves an epoch, then points to it. `state` is kept: {"history", "best": epoch, "candidates": [epoch]},
        see `selection`.

        Raises OSError or tf.errors.OpError where it cannot; the checkpoint before it then stands.
        """
        self._write(session, f"epoch-{epoch}")
        self._point(dict(state, last=epoch), {f"epoch-{number}" for number in [epoch] + state["candidates"]})

    def save_final(self, session, state):
        """Saves the calibrated network of a finished run as `final`. Raises as `save` does."""
        self._write(session, "final")
        self._point(dict(state, finished=True),
                    {"final", f"epoch-{state['last']}", f"epoch-{state['best']}"})

    def restore(self, session, which):
        """Restores 'last', 'best' or 'final'; 'final' of an unfinished run is its best.

        Returns the pointer's record. Raises UserError where the checkpoint is damaged, or of
        another artefact or configuration.
        """
        state = progress.read(self.folder)
        if state is None:
            raise UserError(f"{self.folder}: no checkpoint yet; go on training it with --resume")
        finished = which == "final" and state.get("finished")
        place = self._place(
            "final" if finished else f"epoch-{state['last' if which == 'last' else 'best']}")
        try:
            self._check_owner(place)
            self.saver.restore(session, os.path.join(place, WEIGHTS))
        except (tf.errors.OpError, OSError, ValueError, AttributeError) as error:
            raise UserError(
                f"{place}: cannot be restored ({reason(error)}); put it back from a copy, or "
                "train anew under another --name") from error
        return state

    def _place(self, name):
        return os.path.join(self.folder, runs.CHECKPOINTS, name)

    def _check_owner(self, place):
        path = os.path.join(place, OWNER)
        if not os.path.isfile(path):
            return  # of a version that did not write it
        with open(path, encoding="utf-8") as text:
            identity = json.load(text).get("identity")
        if identity != runs.identity(self.folder):
            raise UserError(
                f"{place}: a checkpoint of another artefact or configuration than "
                f"{self.folder}/{runs.CONFIG} names; put its own back, or train anew under another "
                "--name")

    def _write(self, session, name):
        place = self._place(name)
        draft = place + ".draft"
        shutil.rmtree(draft, ignore_errors=True)
        os.makedirs(draft)
        try:
            self.saver.save(session, os.path.join(draft, WEIGHTS), write_meta_graph=False,
                            write_state=False)
            write_json(os.path.join(draft, OWNER), {"identity": runs.identity(self.folder)})
            for file in os.listdir(draft):
                sync(os.path.join(draft, file))
            sync(draft)
            shutil.rmtree(place, ignore_errors=True)  # of a process killed before it was named
            os.rename(draft, place)
            sync(os.path.dirname(place))
        except (OSError, tf.errors.OpError):
            shutil.rmtree(draft, ignore_errors=True)  # its room may be what the disk lacks
            raise

    def _point(self, state, keep):
        write_json(os.path.join(self.folder, runs.POINTER), state)
        folder = os.path.join(self.folder, runs.CHECKPOINTS)
        for name in set(os.listdir(folder)) - keep:
            shutil.rmtree(os.path.join(folder, name))
