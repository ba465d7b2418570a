"""`./run bench WHAT`: runs one of the benchmarks."""
import sys

import command
from command import UserError

KNOWN = ("training", "load", "swap", "fuzz")


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] in (["-h"], ["--help"]):
        print(f"usage: ./run bench {'|'.join(KNOWN)} [flags]; each takes --help")
    elif not argv or argv[0] not in KNOWN:
        raise UserError(f"bench: name what to measure: {', '.join(KNOWN)}")
    elif argv[0] == "training":
        from benchmarks import training

        training.main(argv[1:])
    elif argv[0] == "fuzz":
        from benchmarks import serving_fuzz

        serving_fuzz.main(argv[1:])
    else:
        from benchmarks import serving_load

        serving_load.run(*argv[:1], argv[1:])


if __name__ == "__main__":
    command.run(main)
