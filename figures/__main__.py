"""`./run figures`: draws the architecture, the pipeline and screenshots of the shop into figures/."""
import os

import command
from models import runs

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("architecture", "pipeline", "screenshots")


def parse_args(argv=None):
    parser = command.Parser("./run figures", description=__doc__)
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--out", default=HERE, help="folder of the pictures")
    parser.add_argument("--only", choices=KINDS, help="draw one kind alone")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    os.makedirs(args.out, exist_ok=True)
    drawn = []
    if args.only in (None, "architecture"):
        from figures import architecture
        drawn += architecture.draw(folder, args.out)
    if args.only in (None, "pipeline"):
        from figures import pipeline
        drawn += pipeline.draw(args.out)
    if args.only in (None, "screenshots"):
        from figures import screenshots
        drawn += screenshots.take(folder, args.out)
    command.log.info("%s", ", ".join(drawn))


if __name__ == "__main__":
    command.run(main)
