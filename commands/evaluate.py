"""Evaluates a run on its test split: rating errors, rankings, explanations -> runs/<name>/evaluation/.

Writes `report.html`, a page to open in a browser, `report.json`, the same numbers, and `pairs.npz`, the measures of
each test pair. No other command reads the test split.
"""
import os

from metrics.comparison import OURS
from models.run_folder import layout
from runtime import cli, files
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run evaluate", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run (default: the latest run)")
    parser.add_argument("--runs", default=layout.RUNS, help="folder of all runs")
    parser.add_argument("--truth", help="file of the planted truth of a sample corpus "
                        "(default: truth.json of the run's data, if there is one)")
    parser.add_argument("--seed", type=int, default=0, help="seed of controls, samples, intervals and examples")
    args = parser.parse_args(argv)
    if not 0 <= args.seed < 2 ** 32:
        parser.error(f"--seed {args.seed}: give a number from 0 to 4294967295")
    return args


def main(argv=None):
    args = parse_args(argv)
    folder = layout.folder_of(args.run, args.runs)
    files.require_writable(os.path.join(folder, layout.EVALUATION), "the evaluation is written there; make it writable")
    cli.log.info("Evaluating %s; about a minute for the sample corpus", folder)
    # Imported only now: TensorFlow takes seconds, and wrong arguments are reported at once.
    from evaluation import examples, progress, run_report
    from evaluation.report import terminal
    from models.inference import trained

    name, steps = os.path.basename(os.path.normpath(folder)), progress.Steps(run_report.STEPS)
    with cli.stage("evaluation"):
        with steps.step(f"Loading run {name} and its data ..."):
            run = trained.load(folder)
            truth = planted_truth(args.truth, os.path.join(run.data_folder, run_report.TRUTH))
        if args.truth and truth is None:
            raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
        evaluation = run_report.evaluate(run, name, truth, args.seed, steps)
        chosen = examples.chosen(run, evaluation.measures.get(OURS, {}), args.seed)
        page = run_report.save(folder, run, evaluation, chosen)
    print(terminal.table(evaluation.record), flush=True)
    user = chosen[0]["user"] if chosen else "USER"
    cli.log.info("Wrote %s: open it in a browser. Beside it: report.json, pairs.npz.", page)
    cli.log.info("Next: ./run explain %s --user %s, or compare runs with ./run runs", layout.flags_of(folder), user)


def planted_truth(given, default):
    """The record of the file `given`, or of the file `default` if that is None; None where there is none of ours."""
    from evaluation import corpus

    if given:
        return files.read_json(given)
    try:
        return corpus.own_truth(files.read_json(default))
    except UserError as error:
        cli.log.warning("%s; it is ignored", error)
        return None


if __name__ == "__main__":
    cli.run(main)
