"""`./run bench WHAT`: runs one of the benchmarks."""
import sys

import command
from command import UserError

KNOWN = ("training", "shop")


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] in (["-h"], ["--help"]):
        print(f"usage: ./run bench {'|'.join(KNOWN)} [flags]; each takes --help")
    elif not argv or argv[0] not in KNOWN:
        raise UserError(f"bench: name what to measure: {', '.join(KNOWN)}")
    else:
        from benchmarks import shop, training

        return {"training": training, "shop": shop}[argv[0]].main(argv[1:])


if __name__ == "__main__":
    command.run(main)
