"""`./run ablation`: what each part of the network teaches: added one after another, switched alone, and what
the reviews themselves are worth."""
import os

from experiments import ablation, study
from models.run_folder import runs
from preprocessing import artefact as contract
from runtime import cli, processes


def parse_args(argv=None):
    parser = study.parser_of("./run ablation", __doc__.replace("\n", " "), "ablation", seeds=1, epochs=10)
    parser.add_argument("--data", default="sample", help="name of the data in --data_dir, or its folder")
    args = study.parse(parser, argv)
    args.data = runs.data_folder(args.data, args.data_dir)
    contract.load_meta(args.data)
    return args


def main(argv=None):
    args = parse_args(argv)
    name, controls = os.path.basename(os.path.normpath(args.data)), os.path.join(args.runs, "data")
    lines = ablation.trials(args.seeds, args.epochs, controls)
    with processes.Children() as children:
        ablation.make_controls(children, args.data, controls)
        reports = study.measure(children, [trial for _, _, group in lines for trial in group], args.data, args.runs,
                                args.workers)
    found = ablation.gaps(lines, args.runs)
    of_sample = name == "sample"
    rows = ablation.table(lines, reports, found, lessons=of_sample)
    study.write(args.out, "ablation" if of_sample else f"ablation_{name}", rows,
                {"seeds": list(args.seeds), "epochs": args.epochs, "reports": reports, "gaps": found})
    print("\n".join(rows))


if __name__ == "__main__":
    cli.run(main)
