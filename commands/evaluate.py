"""Evaluates a run on its test split: rating errors, rankings, explanations -> runs/<name>/evaluation/.

Writes `report.html`, a page to open in a browser, `report.json`, the same numbers, and `pairs.npz`, the measures of
each test pair. With --data and --scores it evaluates any other system by the same measures, from a file of its scores
of the pairs that `./run pairs` writes; see docs/benchmark.md.
"""
import os

from metrics.comparison import OURS
from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import cli, files
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run evaluate", description=__doc__)
    layout.add_flags(parser)
    parser.add_argument("--data", help="with --scores: name of preprocessed data in --data_dir, or its folder")
    parser.add_argument("--data_dir", default=contract.DATA, help="folder of all preprocessed data")
    parser.add_argument("--scores", metavar="FILE.tsv[.gz]", help="file of another system's scores, in place of a run")
    parser.add_argument("--name", help="with --scores: name of the system, and of the folder in --runs for its report")
    parser.add_argument("--truth", help="file of the planted truth of a sample corpus "
                        "(default: truth.json of the run's data, if there is one)")
    parser.add_argument("--seed", type=int, default=0, help="seed of controls, samples, intervals and examples")
    parser.add_argument("--users", type=int, metavar="N", help="measure the test pairs of N users alone, drawn with "
                        "--seed, for large data; rules that show reviews are tuned on the validation pairs of N "
                        "(default: all users)")
    args = parser.parse_args(argv)
    parser.require_seed(args.seed)
    if args.users is not None and args.users < 1:
        parser.error(f"--users {args.users}: give 1 or more")
    given = [flag for flag in ("data", "scores", "name") if getattr(args, flag)]
    if given and (len(given) < 3 or args.run):
        parser.error("--scores FILE needs --data DATA and --name NAME, and excludes --run")
    if args.scores and args.users:
        parser.error("--users is for a run; the pairs of --scores FILE are those of ./run pairs")
    parser.require_plain("--name", args.name)
    return args


def main(argv=None):
    args = parse_args(argv)
    if args.scores:
        _evaluate_scores(args)
    else:
        _evaluate_run(args)


def _evaluate_scores(args):
    """Evaluates the scores in a file."""
    data_folder, folder = layout.data_folder(args.data, args.data_dir), os.path.join(args.runs, args.name)
    contract.load_meta(data_folder)  # missing data are found before TensorFlow is imported
    if os.path.exists(os.path.join(folder, layout.CONFIG)):
        raise UserError(f"--name {args.name}: {folder} is a run; give another name")
    from evaluation import explained, progress, run_report
    from evaluation.report import terminal
    from evaluation.systems import pairs, submission, system

    steps = progress.Steps(run_report.STEPS)
    with cli.stage("evaluation"):
        with steps.step(f"Reading {args.scores} ..."):
            data = system.data_of(data_folder)
            truth = _truth(args, data_folder)
            asked = pairs.asked(data.artefact, data.corpus.served_slots.item, args.seed)
            given = submission.Submission(args.name, args.scores, data, explained.Names(data_folder), asked, args.seed)
        evaluation = run_report.evaluate(given, truth, args.seed, steps)
        page = run_report.save(folder, data.artefact.test, evaluation, [])
    print(terminal.table(evaluation.record), flush=True)
    cli.log.info("Wrote %s: open it in a browser. Beside it: report.json, pairs.npz.", page)


def _evaluate_run(args):
    """Evaluates a run."""
    folder = layout.folder_of(args.run, args.runs)
    files.require_writable(os.path.join(folder, layout.EVALUATION), "the evaluation is written there; make it writable")
    cli.log.info("Evaluating %s; about a minute for the sample corpus", folder)
    # Imported only now: TensorFlow takes seconds, and wrong arguments are reported at once.
    from evaluation import examples, progress, run_report
    from evaluation.report import terminal
    from evaluation.systems import sample
    from evaluation.systems.system import RunSystem
    from models.inference import trained
    from models.run_folder import aspect_tables

    name, steps = os.path.basename(os.path.normpath(folder)), progress.Steps(run_report.STEPS)
    with cli.stage("evaluation"):
        with steps.step(f"Loading run {name} and its data ..."):
            run = trained.load(folder)
            artefact = sample.of_users(run.artefact, args.users, args.seed)
            sampled = {} if artefact is run.artefact else {"sampled_users": args.users}
            run = run._replace(artefact=artefact)
            truth = _truth(args, run.data_folder)
        tables = aspect_tables.load_or_none(folder)
        system = RunSystem(run, name)
        system.about.update(sampled)
        evaluation = run_report.evaluate(system, truth, args.seed, steps, tables)
        chosen = examples.chosen(run, evaluation.measures.get(OURS, {}), args.seed)
        page = run_report.save(folder, run.artefact.test, evaluation, chosen)
    print(terminal.table(evaluation.record), flush=True)
    user = chosen[0]["user"] if chosen else "USER"
    cli.log.info("Wrote %s: open it in a browser. Beside it: report.json, pairs.npz.", page)
    cli.log.info("Next: ./run explain %s --user %s, or compare runs with ./run runs", layout.flags_of(folder), user)


def _truth(args, data_folder):
    """The record of the planted truth that --truth names, or that the data has; None. Raises UserError."""
    truth = planted_truth(args.truth, os.path.join(data_folder, contract.TRUTH))
    if args.truth and truth is None:
        raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
    return truth


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
