"""The flags that the benchmarks share, and their checks."""
import os


def parse(parser, argv, *positive):
    """Parses flags, with --out, and checks them before any work is done.

    Args:
      parser: a `cli.Parser`, to which --out is added. The folders of --out and of --folder, where there is such a flag,
        are created.
      argv: the arguments; None: those of the process.
      positive: names of the flags whose values must be above 0.

    Returns:
      The parsed flags. Exits with code 2 and one line if they are wrong.
    """
    parser.add_argument("--out", help="write all figures to this JSON file")
    args = parser.parse_args(argv)
    for name in positive:
        if not getattr(args, name) > 0:
            parser.error(f"--{name} {getattr(args, name)}: give a number above 0")
    for flag, folder in (("--folder", getattr(args, "folder", None)), ("--out", os.path.dirname(args.out or ""))):
        parser.require_folder(flag, folder)
    if args.out and os.path.isdir(args.out):
        parser.error(f"--out {args.out}: this is a folder; give the path of a file")
    return args
