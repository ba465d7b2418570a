"""How far the training of a run is, and whether a process is training it. Needs no TensorFlow."""
import fcntl
import json
import os
from contextlib import contextmanager

from models.run_folder import layout
from runtime.cli import UserError
from runtime.files import write_text

CALIBRATED_RMSE = "calibrated_validation_rmse"  # in the pointer of a finished run


def read(folder):
    """Returns the record of the pointer, checkpoint.json, or None before the first checkpoint.

    The record holds "last" and "best", numbers of epochs; "history", a record for each epoch from 1 to `last`;
    "candidates"; and, of a finished run, "finished", "calibrated" {name: value} and CALIBRATED_RMSE, the validation
    RMSE after calibration, which older runs lack. Raises UserError where the pointer is damaged.
    """
    path = os.path.join(folder, layout.POINTER)
    try:
        with open(path, encoding="utf-8") as text:
            state = json.load(text)
        state.update(last=int(state["last"]), best=int(state["best"]))
        epochs = [record["epoch"] for record in state["history"]]
        if epochs != list(range(1, state["last"] + 1)) or state["best"] not in epochs:
            raise ValueError(f"epochs {epochs}, last {state['last']}, best {state['best']}")
        return state
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(f"{path}: damaged ({error!r}); train again") from error


def is_finished(folder):
    """Whether the training of a run has ended, including its calibration."""
    return bool((read(folder) or {}).get("finished"))


def lacks_order(folder):
    """Whether the training of a run has ended, but no order of items was chosen: it was killed in between."""
    return is_finished(folder) and not os.path.exists(layout.order_of(folder))


def is_complete(folder):
    """Whether a run has all that its training makes, its order of items included."""
    return is_finished(folder) and not lacks_order(folder)


def require_unfinished(folder):
    """Raises UserError where a run is finished, so that nothing is left to resume."""
    if is_finished(folder):
        raise UserError(f"{folder}: this run is finished; give another --name to train again")


def require_finished(folder):
    """Raises UserError where the training of a run has not ended."""
    if not is_finished(folder):
        raise UserError(f"{folder}: this run is not finished; {resume_command(folder)} completes it")


def last_good(folder):
    """Returns, for messages, the checkpoint from which a stopped run can be resumed."""
    state = read(folder)
    if state is None:
        return "no checkpoint yet"
    return f"last good checkpoint: {os.path.join(folder, layout.CHECKPOINTS, layout.epoch_name(state['last']))}"


def resume_command(folder):
    """Returns, for messages, the command that resumes a stopped run."""
    return f"./run train {layout.flags_of(folder, '--name')} --resume"


@contextmanager
def hold(folder):
    """Locks a run while it is trained. The lock ends with the process, whatever ends it.

    Raises UserError where another process holds the lock.
    """
    with open(os.path.join(folder, layout.CONFIG), encoding="utf-8") as file:
        if not _lock(file, fcntl.LOCK_EX):
            raise UserError(
                f"{folder}: another process is training this run; wait until it ends, or stop it")
        yield


def is_held(folder):
    """Whether a process is training the run."""
    with open(os.path.join(folder, layout.CONFIG), encoding="utf-8") as file:
        return not _lock(file, fcntl.LOCK_SH)


def _lock(file, kind):
    """Tries to take a lock. Returns whether it was free, or True on a file system without locks."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def write_metrics(folder, history):
    """Writes metrics.jsonl: one line for the record of each epoch."""
    lines = [json.dumps(record, sort_keys=True) + "\n" for record in history]
    write_text(os.path.join(folder, layout.METRICS), "".join(lines))
