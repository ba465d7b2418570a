"""`./run bench WHAT`: runs one of the benchmarks."""
import sys

import command
from command import UserError

KNOWN = ("training", "rank", "tf2", "load", "swap", "fuzz", "shop")


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] in (["-h"], ["--help"]):
        print(f"usage: ./run bench {'|'.join(KNOWN)} [flags]; each takes --help")
    elif not argv or argv[0] not in KNOWN:
        raise UserError(f"bench: name what to measure: {', '.join(KNOWN)}")
    else:
        from benchmarks import rank, serving_fuzz, serving_load, shop, tf2, training

        return {"training": training.main, "rank": rank.main, "tf2": tf2.main, "load": serving_load.load,
                "swap": serving_load.swap, "fuzz": serving_fuzz.main, "shop": shop.main}[argv[0]](argv[1:])


if __name__ == "__main__":
    command.run(main)
