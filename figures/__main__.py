"""`./run figures`: draws architecture, pipeline and screenshots of the shop into figures/."""
import os

from models.run_folder import runs
from runtime import cli
from runtime.cli import UserError

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("architecture", "pipeline", "screenshots")


def parse_args(argv=None):
    parser = cli.Parser("./run figures", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--out", default=HERE, help="folder of the pictures")
    parser.add_argument("--only", choices=KINDS, help="one kind alone; the pipeline needs no run")
    return parser.parse_args(argv)


def draw(kind, args):
    """Draws one of KINDS; returns the paths of its pictures."""
    if kind == "pipeline":
        from figures import pipeline
        return pipeline.draw(args.out)
    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    if kind == "architecture":
        from figures import architecture
        return architecture.draw(folder, args.out)
    from figures import screenshots
    return screenshots.take(folder, args.out)


def main(argv=None):
    args = parse_args(argv)
    try:
        os.makedirs(args.out, exist_ok=True)
    except OSError as error:
        raise UserError(f"--out {args.out}: cannot be made ({error.strerror}); give another folder"
                        ) from error
    for kind in [args.only] if args.only else KINDS:
        with cli.stage(kind):
            cli.log.info("%s", ", ".join(draw(kind, args)))


if __name__ == "__main__":
    cli.run(main)
