"""Studies: many runs of one question, each made once, kept, and gone on with after a kill."""
import json
import os
from typing import NamedTuple

import numpy as np

import command
from command import UserError
from models import config as configs
from models import progress, runs
from models.durable import write_json, write_text


RESULTS, README = os.path.join("figures", "results"), "README.md"


class Trial(NamedTuple):
    """One run of a study."""
    name: str  # of the run
    preset: str
    settings: dict  # {field: value} beside the preset's


def measure(children, trials, data_folder, folder):
    """Trains and evaluates what is missing of the trials, one after another; returns their reports.

    Args:
      children: `processes.Children`, which runs the commands.
      trials: list of Trial.
      data_folder: the artefact's.
      folder: of the study's runs.

    Raises:
      UserError: a run of a trial's name stands there and is another one.
    """
    for number, trial in enumerate(trials, 1):
        place = os.path.join(folder, trial.name)
        known = ["--data", data_folder, "--runs", folder, "--name", trial.name]
        state = _state(place, trial, data_folder)
        command.log.info("[%d/%d] %s: %s", number, len(trials), place,
                         {"none": "train", "begun": "go on", "finished": "stands already"}[state])
        if state == "none":
            settings = [f"--set={field}={value}" for field, value in sorted(trial.settings.items())]
            children.run(place, ["train.py", "--preset", trial.preset] + known + settings)
        elif state == "begun":
            children.run(place, ["train.py", "--resume"] + known[2:])
        if not os.path.exists(_report(place)):
            children.run(place, ["evaluate.py", "--run", place])
    return [read_report(os.path.join(folder, trial.name)) for trial in trials]


def read_report(place):
    """The record of a run's report.json."""
    with open(_report(place), encoding="utf-8") as text:
        return json.load(text)


def read_pairs(place):
    """(users [n], {method: {measure: [n]}}) of a run's test pairs; see evaluate.save_pairs."""
    found = {}
    with np.load(os.path.join(place, "evaluation", "pairs.npz"), allow_pickle=False) as arrays:
        for path in arrays.files:
            method, slash, name = path.partition("/")
            if slash:
                found.setdefault(method, {})[name] = arrays[path]
        return arrays["user"], found


def spread(values, digits=3):
    """'mean ± standard deviation' of values over seeds; the value alone where there is but one."""
    text = f"{np.mean(values):.{digits}f}"
    return text if len(set(values)) < 2 else f"{text} ± {np.std(values, ddof=1):.{digits}f}"


def write(out, name, lines, record):
    """Writes `<out>/<name>.md` and `.json`, each whole; a README that shows the table then shows the new one."""
    os.makedirs(out, exist_ok=True)
    write_json(os.path.join(out, f"{name}.json"), record)
    path = os.path.join(out, f"{name}.md")
    write_text(path, "\n".join(lines) + "\n")
    command.log.info("%s", path)
    if os.path.normpath(out) == RESULTS:
        with open(README, encoding="utf-8") as text:
            shown = text.read()
        renewed = with_table(shown, path, lines)
        if renewed != shown:
            write_text(README, renewed)


def with_table(text, path, lines):
    """A text with the lines between `<!-- path -->` and `<!-- end -->`, if it has such a place."""
    start = f"<!-- {path} -->\n"
    before, found, rest = text.partition(start)
    return before + start + "\n".join(lines) + "\n" + rest[rest.index("<!-- end -->"):] if found else text


def _report(place):
    return os.path.join(place, runs.REPORT)


def _state(place, trial, data_folder):
    """'none', 'begun' or 'finished'."""
    if not os.path.exists(place):
        return "none"
    record, config, _ = runs.read(place)
    wanted = configs.override(configs.PRESETS[trial.preset], trial.settings)
    if config != wanted or record["artefact_sha256"] != runs.checksum(data_folder):
        raise UserError(f"{place}: another run than this study's; move it away, or give another --runs")
    return "finished" if progress.is_finished(place) else "begun"
