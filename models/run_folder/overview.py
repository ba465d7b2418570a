"""All runs side by side: what each run's folder says of it, one line a run."""
import json
import os

from metrics.comparison import OURS
from models import config as configs
from models.run_folder import progress, runs
from runtime.cli import UserError

COLUMNS = (  # of the table: title, field of a record, how it is shown
    ("run", "run", "{}"), ("data", "data", "{}"), ("preset", "preset", "{}"),
    ("seed", "seed", "{}"), ("epochs", "epochs", "{}"), ("best", "best", "{}"),
    ("val RMSE", "validation_rmse", "{:.4f}"), ("own AUC", "validation_own_auc", "{:.3f}"),
    ("test RMSE", "test_rmse", "{:.4f}"), ("seconds", "seconds", "{:.0f}"),
    ("MiB", "peak_memory_mib", "{:.0f}"), ("state", "state", "{}"),
    ("other than preset", "changed", "{}"))
SORTS = ("age", "run", "data", "validation_rmse", "validation_own_auc", "test_rmse", "seconds",
         "peak_memory_mib")
RISING = "validation_own_auc"  # more is better; of the other numbers, less


def candidates(folder):
    """Names of all runs of a folder, oldest first, then of what is left of damaged ones."""
    if not os.path.isdir(folder):
        return []
    known = runs.names(folder)
    marks = (runs.POINTER, runs.METRICS, runs.CHECKPOINTS)
    return known + [name for name in sorted(os.listdir(folder)) if name not in known
                    and any(os.path.exists(os.path.join(folder, name, mark)) for mark in marks)]


def describe(folder):
    """The record of a run; what is not known is None. A damaged run says in "damage" why."""
    record = dict.fromkeys([field for _, field, _ in COLUMNS] + ["damage"])
    record["run"] = os.path.basename(folder)
    try:
        record.update(_configured(folder))
        record.update(_trained(folder))
        record["test_rmse"] = _tested(os.path.join(folder, runs.REPORT))
    except UserError as error:
        record.update(state="damaged", damage=str(error))
    return record


def _configured(folder):
    """What config.json says, of whatever version: a field that this one lacks is a difference."""
    written = runs.record_of(folder)
    preset = configs.PRESETS.get(written.get("preset"), configs.ModelConfig())._asdict()
    changed = {field: value for field, value in written["model"].items()
               if field not in ("version", "seed")
               and (field not in preset or value != preset[field])}
    return {"data": written.get("data"), "preset": written.get("preset"),
            "seed": written["model"]["seed"], "changed": changed}


def _trained(folder):
    state = progress.read(folder)
    if state is None:
        return {"state": "training" if progress.is_held(folder) else "unfinished", "epochs": 0}
    try:
        history, best = state["history"], state["history"][state["best"] - 1]
        numbers = {
            "epochs": state["last"],
            "best": state["best"],
            "validation_rmse": float(best["validation_rmse"]),
            "validation_own_auc": float(best["validation_own_auc"]),
            "seconds": float(sum(epoch["seconds"] for epoch in history)),
            "peak_memory_mib": float(max(epoch["peak_memory_mib"] for epoch in history))
        }
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{folder}/{runs.POINTER}: damaged ({error!r}); train again") from error
    going = "training" if progress.is_held(folder) else "unfinished"
    return dict(numbers, state="finished" if state.get("finished") else going)


def _tested(path):
    try:
        with open(path, encoding="utf-8") as text:
            return float(json.load(text)["ratings"][OURS]["rmse"])
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: damaged ({error!r}); evaluate again") from error


def ordered(records, sort):
    """Records (oldest first) by a field of SORTS; those that lack it come last."""
    if sort == "age":
        return records
    known = [record for record in records if record[sort] is not None]
    return sorted(known, key=lambda record: record[sort], reverse=sort == RISING) + [
        record for record in records if record[sort] is None]


def table(records):
    """Records as lines for a terminal, numbers to the right."""
    rows = [[title for title, _, _ in COLUMNS]]
    rows += [[_cell(record, field, shown) for _, field, shown in COLUMNS] for record in records]
    widths = [max(map(len, column)) for column in zip(*rows)]
    right = [field in SORTS[3:] or field in ("seed", "epochs", "best") for _, field, _ in COLUMNS]
    return "\n".join("  ".join(cell.rjust(width) if number else cell.ljust(width)
                               for cell, width, number in zip(row, widths, right)).rstrip()
                     for row in rows)


def _cell(record, field, shown):
    value = record[field]
    if field == "changed":
        differences = sorted((value or {}).items())
        return record["damage"] or " ".join(f"{name}={setting}" for name, setting in differences)
    return "-" if value is None else shown.format(value)
