"""`./run bench NAME`: runs one of the benchmarks."""
import importlib
import sys
from typing import NamedTuple

from runtime import cli


class Benchmark(NamedTuple):
    """One benchmark, as `./run bench --help` lists it."""
    module: str
    function: str
    measures: str
    takes: str  # with default flags on 2 cores


BENCHMARKS = {
    "training": Benchmark("training.speed", "main",
                          "speed, memory, stages and growth of training, and whether a seed repeats to the bit",
                          "half an hour; one part with --only: minutes"),
    "preprocess": Benchmark("corpora.preprocess", "main",
                            "time and memory of preprocessing for corpora of several sizes", "10 minutes, see --sizes"),
    "words": Benchmark("corpora.words", "main",
                       "word vectors by word2vec and from counts: time, and finding the own review",
                       "a minute for 10,000 reviews"),
    "texts": Benchmark("corpora.texts", "main", "which description of a review finds the own review of a user, and "
                       "whether by content", "some minutes for 10,000 reviews"),
    "chain": Benchmark("corpora.chain", "main", "time and memory of the whole chain, from a million raw reviews to the "
                       "pages of the shop", "an hour, see --reviews"),
    "rank": Benchmark("serving.rank", "main", "export, latency of each signature, start and memory of the server, "
                      "with and without the order of items", "10 minutes"),
    "items": Benchmark("serving.items", "main",
                       "rankings of ten thousand to a million items, exact and in two stages: time, memory, recall",
                       "an hour; one size with --items"),
    "tf2": Benchmark("serving.tf2", "main", "whether TensorFlow 2 gives the same answers from an exported model",
                     "less than a minute"),
    "load": Benchmark("serving.load", "load", "latency and requests per second of the model server with many clients",
                      "one minute, see --seconds"),
    "swap": Benchmark("serving.load", "swap", "the same while new versions of the model are loaded: no error allowed",
                      "one minute, see --seconds"),
    "fuzz": Benchmark("serving.fuzz", "main", "robustness of the model server: thousands of invalid requests",
                      "some minutes, see --bodies"),
    "limits": Benchmark("serving.limits", "main",
                        "latency of small requests beside expensive ones, memory after large bodies",
                        "less than a minute"),
    "slow": Benchmark("slow_clients", "main", "answers of a running shop beside connections that send byte by byte",
                      "less than a minute"),
    "kill": Benchmark("kill", "main", "what is left of commands and servers that are killed at random moments",
                      "half an hour, see --moments and --only"),
    "shop": Benchmark("shop", "main", "latency and size of the shop's pages with many shoppers, memory of both servers",
                      "6 minutes (--seconds for each kind), after some 10 minutes of preparation that --folder keeps"),
    "users": Benchmark("users", "main", "speed and memory of profiles, groups, helpful reviewers and neighbours",
                       "2 minutes, after some 5 minutes of preparation that --folder keeps"),
    "map": Benchmark("user_map", "main", "frames per second while the interactive map of users is zoomed, its size",
                     "less than a minute; needs Chromium with chromedriver"),
}


def usage():
    """Returns the text of `./run bench --help`."""
    lines = ["usage: ./run bench NAME [flags]; ./run bench NAME --help lists the flags", ""]
    for name, benchmark in BENCHMARKS.items():
        lines += [f"{name:11}{benchmark.measures}", f"{'':11}takes {benchmark.takes}"]
    return "\n".join(lines)


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] in (["-h"], ["--help"]):
        print(usage())
        return None
    if not argv or argv[0] not in BENCHMARKS:
        raise cli.UserError(f"bench: give the name of a benchmark ({', '.join(BENCHMARKS)}); see ./run bench --help")
    benchmark = BENCHMARKS[argv[0]]
    return getattr(importlib.import_module(f"benchmarks.{benchmark.module}"), benchmark.function)(argv[1:])


if __name__ == "__main__":
    cli.run(main)
