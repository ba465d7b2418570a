"""What the command lines of all benchmarks share: flags that can be meant, and how figures are told."""
import json
import os


def parse(parser, argv, *above_zero):
    """Parsed flags: those of these names are above 0, and the folders of --folder and --out can be written to."""
    args = parser.parse_args(argv)
    for name in above_zero:
        if not getattr(args, name) > 0:
            parser.error(f"--{name} {getattr(args, name)}: give a number above 0")
    for flag, folder in (("--folder", getattr(args, "folder", None)), ("--out", os.path.dirname(args.out or ""))):
        parser.require_folder(flag, folder)
    if args.out and os.path.isdir(args.out):
        parser.error(f"--out {args.out}: is a folder; give a file")
    return args


def say(line):
    print(line, flush=True)


def verdict(holds):
    return "met" if holds else "MISSED"


def write(args, found):
    """Writes all figures where --out says, if it does."""
    if args.out:
        with open(args.out, "w", encoding="utf-8") as out:
            json.dump(found, out, indent=1)
            out.write("\n")
