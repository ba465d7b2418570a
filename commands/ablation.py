"""`./run ablation`: measures each part of the network: parts added one after another, parts switched one at a time,
and the reviews themselves replaced. An ablation that was stopped continues."""
import os
import shlex

from experiments import ablation, flags, study
from models.run_folder import layout
from preprocessing import artefact as contract
from runtime import cli, processes


def parse_args(argv=None):
    parser = flags.parser_of("./run ablation", __doc__.replace("\n", " "), "ablation", seeds=1, epochs=10)
    parser.add_argument("--data", default="sample", help="name of the preprocessed data in --data_dir, or its folder")
    args = flags.parse(parser, argv)
    args.data = layout.data_folder(args.data, args.data_dir)
    contract.load_meta(args.data)
    return args


def main(argv=None):
    args = parse_args(argv)
    from experiments import plots, records  # matplotlib is slow to import: only once all arguments are checked

    name, controls = os.path.basename(os.path.normpath(args.data)), os.path.join(args.runs, "data")
    lines = ablation.lines(args.seeds, args.epochs, controls)
    with processes.Children() as children:
        ablation.make_controls(children, args.data, controls)
        reports = study.reports_of(children, [trial for line in lines for trial in line.trials], args.data, args.runs,
                                   args.workers)
    record = ablation.record(name, args.seeds, args.epochs, reports, ablation.gaps(lines, args.runs))
    written = records.write(args.out, record, plots.of_record(record))
    print("\n".join(written.lines), flush=True)
    cli.log.info("Wrote %s. Next: open the plots; ./run results --data %s compares deeprecsys with other models",
                 ", ".join(written.paths), shlex.quote(args.data))


if __name__ == "__main__":
    cli.run(main)
