"""`./run figures`: draws the pictures of the documents: drawings, screenshots, maps of users, plots of the results."""
import glob
import os

from models.run_folder import layout
from runtime import cli
from runtime.cli import UserError
from runtime.project import ROOT

HERE, RESULTS = os.path.join(ROOT, "figures"), os.path.join(ROOT, "docs", "results")


def architecture(args):
    from figures import architecture as drawing  # TensorFlow: not for --help

    return drawing.draw(_run_folder(args), args.out)


def pipeline(args):
    from figures import pipeline as drawing

    return drawing.draw(args.out)


def screenshots(args):
    from figures import screenshots as pictures

    return pictures.take(_run_folder(args), args.out)


def users(args):
    from tSNE import results, user_maps

    made = user_maps.make(_run_folder(args), perplexity=30., count=None, seed=0)
    return results.write(args.out, results.pictures(made, kinds=("png",)))


def results(args):
    """Tables and plots of docs/results from the records there; into `--out` where it is given."""
    from experiments import records

    out = RESULTS if args.out == HERE else args.out
    return records.render(sorted(glob.glob(os.path.join(RESULTS, "*.json"))), out)


# {kind: function of the arguments that returns the paths of the pictures}, in the order of drawing
KINDS = {function.__name__: function for function in (architecture, pipeline, screenshots, users, results)}


def _run_folder(args):
    return layout.folder_of(args.run, args.runs)


def parse_args(argv=None):
    parser = cli.Parser("./run figures", description=__doc__)
    layout.add_flags(parser)
    parser.add_argument("--out", help="folder of the pictures; default: figures/, and docs/results/ for the results")
    parser.add_argument("--only", choices=sorted(KINDS), help="draws one kind alone; default: all. Pipeline and "
                        "results need no run; screenshots need Chromium with chromedriver")
    args = parser.parse_args(argv)
    args.out = args.out or HERE
    return args


def main(argv=None):
    args = parse_args(argv)
    try:
        os.makedirs(args.out, exist_ok=True)
    except OSError as error:
        raise UserError(f"--out {args.out}: the folder cannot be made ({error.strerror}); choose another one"
                        ) from error
    kinds, paths = [args.only] if args.only else list(KINDS), []
    for number, kind in enumerate(kinds, 1):
        cli.log.info("[%d/%d] draw %s", number, len(kinds), kind)
        with cli.stage(kind):
            paths += KINDS[kind](args)
    cli.log.info("Wrote %s. Look at them before you commit them.", ", ".join(paths))


if __name__ == "__main__":
    cli.run(main)
