"""Checkpoints of a run, `checkpoints/epoch-<n>/` and `checkpoints/final/`, written whole or not at all.

A checkpoint is written as a draft, brought to disk and renamed. Then the pointer, `checkpoint.json`, is replaced by
one that names it, and the checkpoints that the pointer no longer names are removed. If the process is killed in
between, the run is still in the state that the pointer describes. Noise and order of batches depend on seed, epoch and
step alone, so weights, optimiser and the number of epochs are the whole state of a training.
"""
import json
import os
import shutil

from models.run_folder import layout, progress, runs
from models.run_folder.layout import FINAL, epoch_name
from runtime.cli import UserError
from runtime.files import reason, write_json, written_folder
from runtime.tf1 import tf

WEIGHTS, OWNER = "weights", "run.json"  # files of a checkpoint
REMOVED = "shown/commonness_scale"  # an older version's weight of a part of what is shown
# variables that an older version lacks; there they keep their initial value
ADDED = ("shown/expected_scale", "shown/personal_scale", "shown/words_scale", "shown/enough", "shown/softness")


class Checkpoints:
    """Checkpoints of a run: the last epoch, to resume from; the best epoch; and those that may become the best.

    Args:
      folder: of the run.
      variables: to save. A reader may leave out variables that only training needs.
    """

    def __init__(self, folder, variables):
        self.folder = folder
        self.variables, self.saver = variables, tf.train.Saver(variables, max_to_keep=0)

    def save(self, session, epoch, state):
        """Saves an epoch, then points to it.

        Args:
          state: kept in the pointer: {"history": records, "best": epoch, "candidates": [epoch]}, see `selection`.

        Raises OSError or tf.errors.OpError where it cannot be written; the run then keeps its checkpoint before it.
        """
        self._write(session, epoch_name(epoch))
        self._point(dict(state, last=epoch), {epoch_name(number) for number in [epoch] + state["candidates"]})

    def save_final(self, session, state):
        """Saves the calibrated network of a finished run as `final`. Raises as `save` does."""
        self._write(session, FINAL)
        self._point(dict(state, finished=True),
                    {FINAL, epoch_name(state["last"]), epoch_name(state["best"])})

    def restore(self, session, which):
        """Restores 'last', 'best' or 'final'; the 'final' of an unfinished run is its best epoch.

        Returns the pointer's record. Raises UserError where the checkpoint is damaged, or belongs to another
        artefact or configuration.
        """
        state = progress.read(self.folder)
        if state is None:
            raise UserError(f"{self.folder}: no checkpoint yet; continue its training with --resume")
        finished = which == FINAL and state.get("finished")
        checkpoint = self._folder_of(FINAL if finished else epoch_name(state["last" if which == "last" else "best"]))
        try:
            os.stat(checkpoint)  # TensorFlow says less clearly that it is missing
            _require_owner(self.folder, checkpoint)
            weights = os.path.join(checkpoint, WEIGHTS)
            stored = tf.train.load_checkpoint(weights)
            self._require_current(stored)
            self._saver_of(stored, session).restore(session, weights)
        except (tf.errors.OpError, OSError, ValueError, AttributeError) as error:
            raise UserError(
                f"{checkpoint}: cannot be restored ({reason(error)}); put it back from a copy, or "
                "train again under another --name") from error
        return state

    def _saver_of(self, stored, session):
        """Returns the Saver of the variables that a checkpoint holds, and initialises those of ADDED that it lacks."""
        lacking = [variable for variable in self.variables
                   if variable.op.name in ADDED and not stored.has_tensor(variable.op.name)]
        if not lacking:
            return self.saver
        session.run([variable.initializer for variable in lacking])
        with session.graph.as_default():
            return tf.train.Saver([variable for variable in self.variables if variable not in lacking])

    def _require_current(self, stored):
        """Raises UserError where an older version gave a weight to a part of what is shown that this one has not."""
        if stored.has_tensor(REMOVED) and stored.get_tensor(REMOVED) * stored.get_tensor("shown/mix") > 0:
            raise UserError(
                f"{self.folder}: calibrated by an older version, which weighed a part of what is shown that this one "
                f"has not; make a run of it with this version: ./run calibrate {layout.flags_of(self.folder)} "
                "--name NEW_NAME")

    def _folder_of(self, name):
        return os.path.join(self.folder, layout.CHECKPOINTS, name)

    def _write(self, session, name):
        with written_folder(self._folder_of(name)) as draft:
            self.saver.save(session, os.path.join(draft, WEIGHTS), write_meta_graph=False, write_state=False)
            _write_owner(self.folder, draft)

    def _point(self, state, keep):
        """Replaces the pointer, then removes all checkpoints but those to keep, and drafts of killed processes."""
        write_json(os.path.join(self.folder, layout.POINTER), state)
        folder = os.path.join(self.folder, layout.CHECKPOINTS)
        for name in set(os.listdir(folder)) - keep:
            shutil.rmtree(os.path.join(folder, name))


def copy_unfinished(finished, folder):
    """Copies last and best epoch of a finished run into a new one, which then is a run before its calibration.

    Args:
      finished: folder of the finished run.
      folder: of the new run, or its draft, with its config.json alone.

    Raises UserError where they cannot be copied.
    """
    state = progress.read(finished)
    try:
        for name in sorted({epoch_name(state["last"]), epoch_name(state["best"])}):
            source, copy = (os.path.join(each, layout.CHECKPOINTS, name) for each in (finished, folder))
            _require_owner(finished, source)
            shutil.copytree(source, copy)
            _write_owner(folder, copy)  # config.json of the new run may name fields that an older version had not
        keys = "history", "last", "best"
        write_json(os.path.join(folder, layout.POINTER), dict({key: state[key] for key in keys}, candidates=[]))
        progress.write_metrics(folder, state["history"])
    except (OSError, ValueError, AttributeError) as error:
        raise UserError(f"{finished}: its epochs {state['last']} and {state['best']} cannot be copied "
                        f"({reason(error)}); the run is as it was") from error


def _require_owner(folder, checkpoint):
    """Raises UserError where a checkpoint does not belong to the run of a folder."""
    path = os.path.join(checkpoint, OWNER)
    if not os.path.isfile(path):
        return  # an older version of the code did not write it
    with open(path, encoding="utf-8") as text:
        identity = json.load(text).get("identity")
    if identity != runs.identity(folder):
        raise UserError(
            f"{checkpoint}: belongs to another artefact or configuration than {folder}/{layout.CONFIG} names; put the "
            "right checkpoint back, or train again under another --name")


def _write_owner(folder, checkpoint):
    write_json(os.path.join(checkpoint, OWNER), {"identity": runs.identity(folder)})
