"""`./run bench training`: speed, memory, stages, validation and growth of training, on corpora of random text.

Both encoders train the same network on the same batches. Each measurement runs in a process of its own.
"""
import os
import tempfile

from benchmarks import flags, separate_process, shapes
from benchmarks.flags import say, verdict
from runtime import cli

PARTS = ("speed", "profile", "repeat", "growth", "law")
GROWTH = (1 / 8, 1 / 4, 1 / 2, 1)  # of the shape's reviews
LEAST_RATIO, MOST_MIB, MOST_VALIDATION_SECONDS = 40, 1536, 20  # targets, at the shape of Toys & Games
TIMES, MOST_TIME, MOST_MEMORY = 10, 10, 2  # so many times the rows: at most so many times time and memory


def parse_args(argv=None):
    parser = cli.Parser("./run bench training", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES))
    parser.add_argument("--factor", type=float, default=1., help="of the shape's reviews, users and items")
    parser.add_argument("--steps", type=int, default=60, help="of the fast encoder, in each measurement")
    parser.add_argument("--dense_steps", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=5, help="of the whole trainings that are compared")
    parser.add_argument("--threads", type=int, default=0, help="of speed and growth; 0: as many as cores")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a field of ModelConfig")
    parser.add_argument("--only", action="append", choices=PARTS, help="repeatable; default: all parts")
    parser.add_argument("--folder", help="keeps the corpora there, and uses those that stand there")
    parser.add_argument("--out", help="a JSON file for all figures")
    args = flags.parse(parser, argv, "factor", "steps", "dense_steps", "epochs")
    args.fields = parser.settings(args.set)
    if shapes.scaled(shapes.SHAPES[args.shape], args.factor).reviews < 500:
        parser.error(f"--factor {args.factor}: leaves fewer than 500 reviews; give more")
    return args


def measure(name, threads=0, **arguments):
    """What `measures.<name>` returns, from a process of its own."""
    environ = {"NUMBA_NUM_THREADS": str(threads)} if threads else {}
    if name != "build":
        arguments["threads"] = threads
    return separate_process.call("benchmarks.training.measurements", name, arguments, **environ)


class Bench:
    """One run of the benchmark: its corpora, and what was found so far."""

    def __init__(self, args, folder):
        self.args, self.folder, self.found = args, folder, {}

    def corpus(self, shape, factor, same_words=False):
        """Folder of the corpus of a shape times a factor."""
        folder = os.path.join(self.folder, f"{shape}-{factor:g}{'-same-words' * same_words}")
        measure("build", folder=folder, shape=shape, factor=factor, same_words=same_words)
        return folder

    def train(self, factor, shape=None, steps=None, **arguments):
        fields = dict(self.args.fields, **arguments)
        return measure("train", self.args.threads, folder=self.corpus(shape or self.args.shape, factor),
                       steps=steps or self.args.steps, **fields)

    def speed(self):
        """Both encoders on the whole shape: samples per second, memory, time of an epoch and a validation."""
        fast = self.found["fast"] = self.train(self.args.factor)
        say(f"fast: {fast['samples_per_second']:.1f} samples/s over {fast['steps']} steps; an epoch takes "
            f"{fast['epoch_seconds']:.0f} s (extrapolated from them)")
        say(f"fast: peak resident memory {fast['peak_memory_mib']:.0f} MiB, of training alone "
            f"{fast['training_peak_mib']:.0f}; target at most {MOST_MIB}: "
            f"{verdict(fast['peak_memory_mib'] <= MOST_MIB)}")
        say(f"fast: validation of {fast['validation_pairs']} pairs {fast['validation_seconds']:.1f} s, of which "
            f"reading all reviews {fast['validation_read_seconds']:.1f}; target at most {MOST_VALIDATION_SECONDS}: "
            f"{verdict(fast['validation_seconds'] <= MOST_VALIDATION_SECONDS)}")
        self._compare("dense", "over distinct reviews", plain=False)
        ratio = self._compare("plain", "as the formulas say, a review for each slot", plain=True)
        say(f"target: fast at least {LEAST_RATIO} times the plain formulation: {verdict(ratio >= LEAST_RATIO)}")

    def _compare(self, name, how, plain):
        """The dense encoder beside the fast one; returns how many times as fast the fast one is."""
        found = self.found[name] = self.train(self.args.factor, steps=self.args.dense_steps, encoder="dense",
                                              validate=False, plain=plain)
        ratio = self.found[f"fast_times_{name}"] = (
            self.found["fast"]["samples_per_second"] / found["samples_per_second"])
        say(f"dense, {how}: {found['samples_per_second']:.2f} samples/s over {found['steps']} steps, peak memory "
            f"{found['peak_memory_mib']:.0f} MiB; fast / dense: {ratio:.1f}")
        return ratio

    def profile(self):
        """Where the time of a step goes."""
        stages = self.found["stages_ms"] = measure(
            "profile", 1, folder=self.corpus(self.args.shape, self.args.factor), steps=min(10, self.args.steps),
            **self.args.fields)
        say("stage, ms a step on one thread (batches are prepared beside the rest):")
        for stage, milliseconds in stages.items():
            say(f"  {stage:24}{milliseconds:8.1f}")

    def repeat(self):
        """Whether two short trainings of one seed end with the same bits."""
        folder = self.corpus(self.args.shape, self.args.factor)
        for threads in (1, 2):
            one, other = (measure("fingerprint", threads, folder=folder, steps=5, **self.args.fields)
                          for _ in range(2))
            self.found[f"bit_identical_{threads}_threads"] = one == other
            say(f"two trainings of one seed, {threads} thread{'s' * (threads > 1)}: "
                f"{'bit-identical' if one == other else 'NOT bit-identical'}")

    def growth(self):
        """How cost grows with the reviews, and the words that so many more reviews hold."""
        self.found["growth"] = self._table(
            [(self.args.shape, factor * self.args.factor) for factor in GROWTH]
            + [("instruments", self.args.factor * times) for times in (1, TIMES)])

    def law(self):
        """Whole trainings on ten times the rows of Musical Instruments, of the same words."""
        folders = [self.corpus("instruments", self.args.factor * times, same_words=True) for times in (1, TIMES)]
        one, ten = self.found["law"] = [
            measure("whole", self.args.threads, epochs=self.args.epochs, folder=folder, **self.args.fields)
            for folder in folders]
        time, memory = (ten[key] / one[key] for key in ("seconds", "peak_memory_mib"))
        say(f"{TIMES} times the rows: {ten['seconds']:.0f} s for {one['seconds']:.0f} of {self.args.epochs} epochs, "
            f"{time:.1f} times, target at most {MOST_TIME}: {verdict(time <= MOST_TIME)}; "
            f"{ten['peak_memory_mib']:.0f} MiB for {one['peak_memory_mib']:.0f}, {memory:.2f} times, target below "
            f"{MOST_MEMORY}: {verdict(memory < MOST_MEMORY)}")

    def _table(self, sizes):
        say("  shape         reviews     words   samples/s   epoch s   validation s   peak MiB")
        rows = []
        for shape, factor in sizes:
            row = self.train(factor, shape)
            rows.append(dict(row, shape=shape, factor=factor))
            say(f"  {shape:12}{row['sizes']['N']:9}{row['sizes']['V']:10}{row['samples_per_second']:12.1f}"
                f"{row['epoch_seconds']:10.1f}{row['validation_seconds']:15.1f}{row['peak_memory_mib']:11.0f}")
        return rows


def main(argv=None):
    args = parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        bench = Bench(args, args.folder or scratch)
        for part in PARTS:
            if part in (args.only or PARTS):
                getattr(bench, part)()
    flags.write(args, dict(bench.found, shape=args.shape, factor=args.factor, cores=os.cpu_count()))


if __name__ == "__main__":
    cli.run(main)
