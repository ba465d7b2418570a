"""`./run evaluate`: a run's test ratings, rankings and explanations -> runs/<name>/evaluation/.

`report.json`, a page `report.html` that needs nothing beside it, and `pairs.npz`, pair by pair. The only
command that reads the test split.
"""
import os

from models.run_folder import runs
from runtime import cli, files
from runtime.cli import UserError


def parse_args(argv=None):
    parser = cli.Parser("./run evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--truth", help="planted truth of the sample corpus; by default what came "
                        "with the data")
    parser.add_argument("--seed", type=int, default=0, help="of the controls, samples and examples")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    from evaluation import examples, run_report  # TensorFlow only once all arguments are known to be right
    from evaluation.report import page
    from models.inference import trained

    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(folder)
    truth = files.read_json(args.truth or os.path.join(run.data_folder, run_report.TRUTH))
    if args.truth and truth is None:
        raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
    with cli.stage("evaluation"):
        record, found, predicted, shown = run_report.report(run, truth, args.seed)
        record["run"] = os.path.basename(os.path.normpath(folder))
        chosen = examples.chosen(run, found.get(run_report.NETWORK, {}), args.seed)
        html = page.of(record, found, predicted, run.artefact.test.rating, chosen)
    run_report.save(folder, record, run_report.arrays_of(run.artefact.test, found, predicted, shown), html)
    print(run_report.table(record))


if __name__ == "__main__":
    cli.run(main)
