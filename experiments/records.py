"""The files of a study's results: `<name>.json`, the record, and the tables and plots that are made from it."""
import os

from evaluation.report import charts
from experiments import ablation, plots, tables
from runtime import cli, files
from runtime.cli import UserError

OVERVIEW = "overview"  # prefix of the plots of several studies


def write(out, record, figures=()):
    """Writes a record, its tables and the given plots; returns the lines of the short table.

    Args:
      out: folder.
      record: of `comparison.Comparison.record` or of `ablation.record`.
      figures: {suffix: figure}.
    """
    is_ablation = "ablation" in record
    name = ablation.name_of(record) if is_ablation else record["data"]
    lines = ablation.table(record) if is_ablation else tables.short(record)
    for suffix, figure in dict(figures).items():
        _write_picture(os.path.join(out, f"{name}_{suffix}.png"), figure)
    if not is_ablation:
        _write_lines(os.path.join(out, f"{name}_full.md"), tables.full(record))
    files.write_json(os.path.join(out, f"{name}.json"), record)
    _write_lines(os.path.join(out, f"{name}.md"), lines)
    cli.log.info("Wrote %s", os.path.join(out, f"{name}.md"))
    return lines


def render(paths, out):
    """Makes the tables and plots of records anew, and the overview plots of all studies of several seeds.

    A study of one seed gets its tables alone. Plots that need arrays of the runs are left out.
    """
    records = [read(path) for path in paths]
    for record in records:
        write(out, record, plots.of_record(record) if "ablation" in record or len(record["seeds"]) > 1 else ())
    for name, figure in plots.overview(records).items():
        path = os.path.join(out, f"{OVERVIEW}_{name}.png")
        _write_picture(path, figure)
        cli.log.info("Wrote %s", path)


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
    files.write_text(path, "\n".join(lines) + "\n")


def _write_picture(path, figure):
    with files.written(path) as picture:
        picture.write(charts.png(figure))
