"""The files of a study's results: `<name>.json`, the record, and the tables and plots that are made from it."""
import os
from contextlib import contextmanager
from typing import NamedTuple

from runtime.report import charts
from experiments import ablation, plots, tables
from runtime import files
from runtime.cli import UserError

OVERVIEW = "overview"  # prefix of the plots of several studies


class Written(NamedTuple):
    """What was made from a record."""
    lines: list  # of the short table
    paths: list  # of all files: record, tables, plots


def write(out, record, figures=()):
    """Writes a record, its tables and the given plots. Returns the Written.

    Args:
      out: folder.
      record: of `comparison.Comparison.record` or of `ablation.record`.
      figures: {suffix: figure}.
    """
    is_ablation = "ablation" in record
    name = ablation.name_of(record) if is_ablation else record["data"]
    lines = ablation.table(record) if is_ablation else tables.short(record)
    pictures = [_write_picture(os.path.join(out, f"{name}_{suffix}.png"), figure)
                for suffix, figure in dict(figures).items()]
    texts = [_write_lines(os.path.join(out, f"{name}.md"), lines)]
    if not is_ablation:
        texts.append(_write_lines(os.path.join(out, f"{name}_full.md"), tables.full(record)))
    path = os.path.join(out, f"{name}.json")
    with _reported(path):
        files.write_json(path, record)
    return Written(lines, texts + [path] + pictures)


def render(paths, out):
    """Makes the tables and plots of records anew, and the overview plots of all studies of several seeds.

    A study of one seed gets its tables alone. Plots that need arrays of the runs are left out. Returns the paths of
    all files.
    """
    records, written = [read(path) for path in paths], []
    for record in records:
        figures = plots.of_record(record) if "ablation" in record or len(record["seeds"]) > 1 else ()
        written += write(out, record, figures).paths
    return written + [_write_picture(os.path.join(out, f"{OVERVIEW}_{name}.png"), figure)
                      for name, figure in plots.overview(records).items()]


def read(path):
    """The record of a JSON file. Raises UserError where there is none."""
    record = files.read_json(path)
    if record is None:
        raise UserError(f"{path}: no such file; give the .json file of a study")
    if not isinstance(record, dict) or not {"data", "ratings", "explanations"} <= set(record) and not {
            "ablation", "reports", "gaps"} <= set(record):
        raise UserError(f"{path}: not the record of ./run results or ./run ablation")
    return record


def _write_lines(path, lines):
    with _reported(path):
        files.write_text(path, "\n".join(lines) + "\n")
    return path


def _write_picture(path, figure):
    with _reported(path), files.written(path) as picture:
        picture.write(charts.png(figure))
    return path


@contextmanager
def _reported(path):
    """Raises UserError where a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({files.reason(error)}); free space on the disk, or give another "
                        "--out; the files before it are complete") from error
