"""Studies: many runs of one question, each made once, kept, and gone on with after a kill."""
import os
import zipfile
from typing import NamedTuple

import numpy as np

import command
from command import UserError
from models import config as configs
from models import progress, runs
from models.durable import read_json, write_json, write_text

ROOT = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join("figures", "results")
README = os.path.join(ROOT, "README.md")
FIRST_SEED = 2017


def parser_of(prog, doc, study, seeds, epochs):
    """The flags that studies share; `seeds` and `epochs` are defaults."""
    parser = command.Parser(prog, description=doc)
    parser.add_argument("--data_dir", default=runs.DATA, help="folder of all data")
    parser.add_argument("--seeds", type=int, default=seeds, help=f"runs of each, from seed {FIRST_SEED} on")
    parser.add_argument("--epochs", type=int, default=epochs, help="of each run, at most; None: the preset's")
    parser.add_argument("--runs", default=os.path.join(runs.RUNS, study), help="folder of the study's runs")
    parser.add_argument("--out", default=RESULTS, help="folder of the tables")
    return parser


def parse(parser, argv):
    """Parsed and checked flags of `parser_of`."""
    args = parser.parse_args(argv)
    if args.seeds < 1 or (args.epochs is not None and args.epochs < 1):
        parser.error("--seeds and --epochs must be 1 or more")
    parser.require_folder("--out", args.out)
    args.seeds = range(FIRST_SEED, FIRST_SEED + args.seeds)
    return args


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
            children.run(place, [os.path.join(ROOT, "train.py"), "--preset", trial.preset] + known + settings)
        elif state == "begun":
            children.run(place, [os.path.join(ROOT, "train.py"), "--resume"] + known[2:])
        if not os.path.exists(os.path.join(place, runs.REPORT)):
            children.run(place, [os.path.join(ROOT, "evaluate.py"), "--run", place])
    return [read_json(os.path.join(folder, trial.name, runs.REPORT)) for trial in trials]


def read_pairs(place):
    """(users [n], {method: {measure: [n]}}) of a run's test pairs; see evaluate.save."""
    found, path = {}, os.path.join(place, runs.PAIRS)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                method, slash, measure = name.partition("/")
                if slash:
                    found.setdefault(method, {})[measure] = arrays[name]
            return arrays["user"], found
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: cannot be read ({error}); ./run evaluate --run {place}") from error


def spread(values, digits=3):
    """'mean ± standard deviation' of values over seeds; the value alone where there is but one."""
    text = f"{np.mean(values):.{digits}f}"
    return text if len(set(values)) < 2 else f"{text} ± {np.std(values, ddof=1):.{digits}f}"


def write(out, name, lines, record):
    """Writes `<out>/<name>.md` and `.json`, each whole; a README that shows the table then shows the new one."""
    write_json(os.path.join(out, f"{name}.json"), record)
    path = os.path.join(out, f"{name}.md")
    write_text(path, "\n".join(lines) + "\n")
    command.log.info("%s", path)
    if os.path.abspath(out) == os.path.join(ROOT, RESULTS):
        with open(README, encoding="utf-8") as text:
            shown = text.read()
        renewed = with_table(shown, os.path.relpath(path, ROOT), lines)
        if renewed != shown:
            write_text(README, renewed)


def with_table(text, path, lines):
    """A text with the lines between `<!-- path -->` and `<!-- end -->`, if it has such a place."""
    start = f"<!-- {path} -->\n"
    before, found, rest = text.partition(start)
    return before + start + "\n".join(lines) + "\n" + rest[rest.index("<!-- end -->"):] if found else text


def _state(place, trial, data_folder):
    """'none', 'begun' or 'finished'."""
    if not os.path.exists(place):
        return "none"
    record, config, _ = runs.read(place)
    wanted = configs.override(configs.PRESETS[trial.preset], trial.settings)
    if config != wanted or record["artefact_sha256"] != runs.checksum(data_folder):
        raise UserError(f"{place}: another run than this study's; move it away, or give another --runs")
    return "finished" if progress.is_finished(place) else "begun"
