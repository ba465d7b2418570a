"""`./run bench WHAT`: runs one of the benchmarks."""
import sys

from runtime import cli
from runtime.cli import UserError

KNOWN = ("training", "rank", "tf2", "load", "swap", "fuzz", "shop")


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] in (["-h"], ["--help"]):
        print(f"usage: ./run bench {'|'.join(KNOWN)} [flags]; each takes --help")
    elif not argv or argv[0] not in KNOWN:
        raise UserError(f"bench: name what to measure: {', '.join(KNOWN)}")
    else:
        from benchmarks import shop
        from benchmarks.serving import fuzz, load, rank, tf2
        from benchmarks.training import speed

        return {"training": speed.main, "rank": rank.main, "tf2": tf2.main, "load": load.load,
                "swap": load.swap, "fuzz": fuzz.main, "shop": shop.main}[argv[0]](argv[1:])


if __name__ == "__main__":
    cli.run(main)
