"""How far a run came, and whether a process is training it. Needs no TensorFlow."""
import fcntl
import json
import os
from contextlib import contextmanager

from models.run_folder import runs
from runtime.cli import UserError
from runtime.files import write_text


def read(folder):
    """The pointer's record {"last", "best", "history", "finished" or not}.

    `history` holds a record for each epoch from 1 to `last`. None before the first
    checkpoint. Raises UserError where the pointer is damaged.
    """
    path = os.path.join(folder, runs.POINTER)
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
    """Whether a run's training ended, calibration included."""
    return bool((read(folder) or {}).get("finished"))


def require_unfinished(folder):
    """Raises UserError where a run is finished: there is nothing to go on with."""
    if is_finished(folder):
        raise UserError(f"{folder}: this run is finished; give another --name to train again")


def last_good(folder):
    """For messages: the checkpoint that a stopped run stands at."""
    state = read(folder)
    if state is None:
        return "no checkpoint yet"
    return f"last good checkpoint: {folder}/checkpoints/epoch-{state['last']}"


def resume_command(folder):
    """For messages: the command that goes on with a stopped run."""
    place, name = os.path.split(os.path.normpath(folder))
    return f"./run train --name {name}{'' if place == runs.RUNS else f' --runs {place}'} --resume"


@contextmanager
def hold(folder):
    """Holds a run while it is trained; however the process ends, it holds no more.

    Raises UserError where another process holds it.
    """
    with open(os.path.join(folder, runs.CONFIG), encoding="utf-8") as file:
        if not _lock(file, fcntl.LOCK_EX):
            raise UserError(
                f"{folder}: another process is training this run; wait until it ends, or end it")
        yield


def is_held(folder):
    """Whether a process is training the run."""
    with open(os.path.join(folder, runs.CONFIG), encoding="utf-8") as file:
        return not _lock(file, fcntl.LOCK_SH)


def _lock(file, kind):
    """Whether the lock was free. A file system without locks says yes."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def write_metrics(folder, history):
    """Makes metrics.jsonl anew: a line for each record of an epoch."""
    lines = [json.dumps(record, sort_keys=True) + "\n" for record in history]
    write_text(os.path.join(folder, runs.METRICS), "".join(lines))
