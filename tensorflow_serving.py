"""`./run export`: exports a run as a SavedModel for TensorFlow Serving, `model_serve/<version>/`.

This script has the name of an installed package, the `tensorflow_serving` of tensorflow-serving-api. Where the root of
the repository is first on `sys.path`, the script would hide the package. Therefore its `__path__` names the folder of
the package, and `tensorflow_serving.apis` can still be imported.
"""
import os
import shlex
import sys


def _installed_package():
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.path.join(entry or os.getcwd(), "tensorflow_serving") for entry in sys.path]
    return [folder for folder in folders
            if os.path.isdir(os.path.join(folder, "apis")) and os.path.dirname(folder) != here]


__path__ = _installed_package()

from runtime import cli, files  # noqa: E402
from runtime.cli import UserError  # noqa: E402


def parse_args(argv=None):
    from models.run_folder import layout  # not above: `serving` imports this module only for its `__path__`

    parser = cli.Parser("./run export", description=__doc__.splitlines()[0])
    layout.add_flags(parser)
    parser.add_argument("--out", default=layout.MODELS, help="folder of all versions")
    parser.add_argument("--keep", type=int, help="delete all but the newest KEEP versions afterwards")
    parser.add_argument("--rankings", type=int, default=0,
                        help="compute the first RANKINGS items of every known user at export, not at each request; the "
                        "results are the same")
    parser.add_argument("--order", choices=("chosen", "stars"), default="chosen",
                        help="order of the items: chosen on validation data by ./run train, or by predicted stars, as "
                        "published")
    parser.add_argument("--exact_up_to", type=int, metavar="ITEMS",
                        help="rank a catalogue of more items in two stages: candidates by an index, which is part of "
                        "the model, then their exact order; default: every catalogue is ranked exactly")
    args = parser.parse_args(argv)
    if args.exact_up_to is not None and args.exact_up_to < 0:
        parser.error(f"--exact_up_to {args.exact_up_to}: give 0 or more")
    if args.rankings < 0:
        parser.error(f"--rankings {args.rankings}: give 0 or more")
    if args.keep is not None and args.keep < 1:
        parser.error(f"--keep {args.keep}: give 1 or more")
    return args


def main(argv=None):
    args = parse_args(argv)
    from models.export import publish, versions, word_scores  # slow to import, so only after the arguments are checked
    from models.run_folder import layout

    run_folder = layout.folder_of(args.run, args.runs)
    files.require_writable(args.out, "give another --out")
    versions.require_same_run(args.out, run_folder)
    files.require_writable(run_folder, "the export writes tables of words for the shop there; make it writable")
    with cli.stage("export"):
        folder = publish.export(run_folder, args.out, args.rankings, args.order == "stars", args.exact_up_to)
        cli.log.info("Computing what each word adds to a score; the shop highlights words by it.")
        word_scores.write(run_folder)
    cli.log.info("Wrote %s (%.1f MiB), the export of %s.", folder, publish.size_of(folder) / 2 ** 20, run_folder)
    if args.keep:
        try:
            versions.prune(args.out, args.keep)
        except OSError as error:
            raise UserError(f"--keep {args.keep}: older versions below {args.out} cannot be deleted "
                            f"({error.strerror}); the new version is complete; delete them by hand") from error
    cli.log.info("Next: ./run serve --model_base_path %s; ./run shop %s", shlex.quote(args.out),
                 layout.flags_of(run_folder))


if __name__ == "__main__":
    cli.run(main)
