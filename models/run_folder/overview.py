"""All runs side by side: a record of each run, read from its folder, and the table of all records."""
import json
import os

from metrics.comparison import OURS
from models import config as configs
from models.run_folder import layout, progress, runs
from runtime.cli import UserError

COLUMNS = (  # of the table: title, field of a record, format
    ("run", "run", "{}"), ("data", "data", "{}"), ("model", "preset", "{}"),
    ("seed", "seed", "{}"), ("epochs", "epochs", "{}"), ("best", "best", "{}"),
    ("val RMSE uncalibrated", "validation_rmse", "{:.4f}"),
    ("val RMSE calibrated", progress.CALIBRATED_RMSE, "{:.4f}"), ("test RMSE", "test_rmse", "{:.4f}"),
    ("own AUC", "validation_own_auc", "{:.3f}"), ("seconds", "seconds", "{:.0f}"),
    ("MiB", "peak_memory_mib", "{:.0f}"), ("state", "state", "{}"),
    ("differs from preset", "changed", "{}"))
SORTS = ("age", "run", "data", "validation_rmse", progress.CALIBRATED_RMSE, "validation_own_auc", "test_rmse",
         "seconds", "peak_memory_mib")
LARGEST_FIRST = "validation_own_auc"  # of this number larger is better, of all others smaller


def candidates(folder):
    """Returns the names of all runs of a folder, oldest first, then those of damaged runs without a config.json."""
    if not os.path.isdir(folder):
        return []
    names = layout.names(folder)
    marks = (layout.POINTER, layout.METRICS, layout.CHECKPOINTS)
    return names + [name for name in sorted(os.listdir(folder)) if name not in names and name[0] != "."
                    and any(os.path.exists(os.path.join(folder, name, mark)) for mark in marks)]


def describe(folder):
    """Returns the record of a run; an unknown value is None. "damage" holds the message of a damaged run, else None."""
    record = dict.fromkeys([field for _, field, _ in COLUMNS] + ["damage"])
    record["run"] = os.path.basename(folder)
    try:
        record.update(_configured(folder))
        record.update(_trained(folder))
        record["test_rmse"] = _tested(os.path.join(folder, layout.REPORT))
    except UserError as error:
        record.update(state="damaged", damage=str(error))
    return record


def _configured(folder):
    """Returns the fields that config.json, of any version, decides; an unknown field of the model is a difference."""
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
            progress.CALIBRATED_RMSE: state.get(progress.CALIBRATED_RMSE),  # None in runs of an older version
            "validation_own_auc": float(best["validation_own_auc"]),
            "seconds": float(sum(epoch["seconds"] for epoch in history)),
            "peak_memory_mib": float(max(epoch["peak_memory_mib"] for epoch in history))
        }
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{folder}/{layout.POINTER}: damaged ({error!r}); train again") from error
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
    """Returns records, given oldest first, sorted by a field of SORTS; those without a value come last."""
    if sort == "age":
        return records
    with_value = [record for record in records if record[sort] is not None]
    return sorted(with_value, key=lambda record: record[sort], reverse=sort == LARGEST_FIRST) + [
        record for record in records if record[sort] is None]


def table(records):
    """Returns the records as a table for a terminal, with numbers aligned to the right."""
    rows = [[title for title, _, _ in COLUMNS]]
    rows += [[_cell(record, field, form) for _, field, form in COLUMNS] for record in records]
    widths = [max(map(len, column)) for column in zip(*rows)]
    right = [field in SORTS[3:] or field in ("seed", "epochs", "best") for _, field, _ in COLUMNS]
    return "\n".join("  ".join(cell.rjust(width) if number else cell.ljust(width)
                               for cell, width, number in zip(row, widths, right)).rstrip()
                     for row in rows)


def _cell(record, field, form):
    value = record[field]
    if field == "preset" and value == configs.DEFAULT:
        return OURS
    if field == "changed":
        differences = sorted((value or {}).items())
        return record["damage"] or " ".join(f"{name}={setting}" for name, setting in differences)
    return "-" if value is None else form.format(value)
