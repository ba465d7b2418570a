"""`./run bench training`: speed, memory, stages, validation and growth of training, on artificial corpora.

Both encoders train the same network on the same batches. Each measurement runs in its own process.
"""
import os
import tempfile

from benchmarks import flags, separate_process, shapes
from benchmarks.report import say, verdict, write
from benchmarks.training import workers
from runtime import cli

PARTS = ("speed", "profile", "repeat", "growth", "law", "disk", "workers")
GROWTH = (1 / 8, 1 / 4, 1 / 2, 1)  # fractions of the shape's reviews
REPEAT_THREADS = (1, 2)  # numbers of threads with which a training is repeated
MIN_RATIO, MAX_MIB, MAX_VALIDATION_SECONDS = 40, 1536, 20  # targets, at the shape of Toys & Games
DISK_TIMES, DISK_RATIO = (1, 8, 32), 1.1  # rows of the part disk, and its most CPU time beside arrays in memory
WORKERS, ON_PAPER = (1, 2), (2, 4, 8, 16, 32, 64)  # numbers of workers that are measured, and computed
TIMES, MAX_TIME_RATIO, MAX_MEMORY_RATIO = 10, 10, 2  # TIMES times the rows may cost so many times the time and memory


def parse_args(argv=None):
    parser = cli.Parser("./run bench training", description=__doc__)
    parser.add_argument("--shape", default="toys", choices=sorted(shapes.SHAPES), help="sizes of the corpus")
    parser.add_argument("--factor", type=float, default=1., help="multiplies reviews, users and items of the shape")
    parser.add_argument("--steps", type=int, default=60, help="steps of the fast encoder in each measurement")
    parser.add_argument("--dense_steps", type=int, default=2, help="steps of the dense encoder in each measurement")
    parser.add_argument("--epochs", type=int, default=5, help="epochs of the whole trainings (part law)")
    parser.add_argument("--threads", type=int, default=0, help="threads in speed and growth; 0: as many as cores")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "gpu"),
                        help="cpu: hide GPUs from TensorFlow; gpu: fail where there is none")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="set a field of ModelConfig; repeatable")
    parser.add_argument("--only", action="append", choices=PARTS, help="run this part; repeatable; default: all parts")
    parser.add_argument("--data", help="preprocessed data for the parts disk and workers, instead of artificial "
                                       "corpora; part disk then measures with all large arrays in files alone")
    parser.add_argument("--folder", help="keep the corpora in this folder, and reuse those in it")
    args = flags.parse(parser, argv, "factor", "steps", "dense_steps", "epochs")
    args.fields = parser.settings(args.set)
    if shapes.scaled(shapes.SHAPES[args.shape], args.factor).reviews < 500:
        parser.error(f"--factor {args.factor}: fewer than 500 reviews; give a larger factor")
    return args


def machine(device):
    """Returns versions and GPUs that the measurements use. Raises UserError where --device gpu finds no GPU."""
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # the measurements' processes inherit it
    used = separate_process.call("benchmarks.training.measurements", "machine", {})
    if device == "gpu" and not used["gpus"]:
        raise cli.UserError("--device gpu: TensorFlow sees no GPU; install tensorflow[and-cuda] in place of "
                            "tensorflow-cpu, and check the driver and CUDA_VISIBLE_DEVICES")
    return used


def measure(name, threads=0, **arguments):
    """Returns the result of `measurements.<name>`, run in its own process."""
    environ = {"NUMBA_NUM_THREADS": str(threads)} if threads else {}
    if name != "build":
        arguments["threads"] = threads
    return separate_process.call("benchmarks.training.measurements", name, arguments, **environ)


class Bench:
    """One run of the benchmark: its corpora, and the figures measured so far."""

    def __init__(self, args, folder):
        self.args, self.folder, self.figures = args, folder, {}

    def corpus(self, shape, factor, same_words=False):
        """Returns the folder of the corpus of a shape times a factor; builds it if needed."""
        folder = os.path.join(self.folder, f"{shape}-{factor:g}{'-same-words' * same_words}")
        if not os.path.isdir(folder):
            cli.log.info("building the corpus %s", os.path.basename(folder))
            measure("build", folder=folder, shape=shape, factor=factor, same_words=same_words)
        return folder

    def train(self, factor, shape=None, steps=None, **arguments):
        """Returns the figures of `measurements.train` on the corpus of a shape times a factor."""
        folder, fields = self.corpus(shape or self.args.shape, factor), dict(self.args.fields, **arguments)
        cli.log.info("training %d steps on %s", steps or self.args.steps, os.path.basename(folder))
        return measure("train", self.args.threads, folder=folder, steps=steps or self.args.steps, **fields)

    def speed(self):
        """Both encoders on the whole shape: samples per second, memory, time of an epoch and of a validation."""
        fast = self.figures["fast"] = self.train(self.args.factor)
        say(f"fast encoder: {fast['samples_per_second']:.1f} samples/s over {fast['steps']} steps; an epoch takes "
            f"{fast['epoch_seconds']:.0f} s (extrapolated)")
        say(f"fast encoder: peak resident memory {fast['peak_memory_mib']:.0f} MiB, of training alone "
            f"{fast['training_peak_mib']:.0f} MiB; target at most {MAX_MIB}: "
            f"{verdict(fast['peak_memory_mib'] <= MAX_MIB)}")
        say(f"fast encoder: validation of {fast['validation_pairs']} pairs {fast['validation_seconds']:.1f} s, with "
            f"the encoding of all reviews; target at most {MAX_VALIDATION_SECONDS}: "
            f"{verdict(fast['validation_seconds'] <= MAX_VALIDATION_SECONDS)}")
        self._compare("dense", "each distinct review once", plain=False)
        ratio = self._compare("plain", "one review for each slot, as in the formulas", plain=True)
        say(f"target: fast at least {MIN_RATIO} times as fast as the plain formulation: {verdict(ratio >= MIN_RATIO)}")

    def _compare(self, name, how, plain):
        """Measures the dense encoder. Returns how many times as fast the fast encoder is."""
        dense = self.figures[name] = self.train(self.args.factor, steps=self.args.dense_steps, encoder="dense",
                                                validate=False, plain=plain)
        ratio = self.figures[f"fast_times_{name}"] = (
            self.figures["fast"]["samples_per_second"] / dense["samples_per_second"])
        say(f"dense encoder, {how}: {dense['samples_per_second']:.2f} samples/s over {dense['steps']} steps, "
            f"peak memory {dense['peak_memory_mib']:.0f} MiB; fast / dense: {ratio:.1f}")
        return ratio

    def profile(self):
        """The time of each stage of a step."""
        folder = self.corpus(self.args.shape, self.args.factor)
        cli.log.info("profiling the stages of a step")
        stages = self.figures["stages_ms"] = measure("profile", 1, folder=folder, steps=min(10, self.args.steps),
                                                     **self.args.fields)
        say("milliseconds per step on one thread (batches are prepared while the other stages run):")
        for stage, milliseconds in stages.items():
            say(f"  {stage:24}{milliseconds:8.1f}")

    def repeat(self):
        """Whether two short trainings with the same seed end with the same bits."""
        folder = self.corpus(self.args.shape, self.args.factor)
        for threads in REPEAT_THREADS:
            cli.log.info("training twice with the same seed on %d thread(s)", threads)
            first, second = (measure("fingerprint", threads, folder=folder, steps=5, **self.args.fields)
                             for _ in range(2))
            same = self.figures[f"bit_identical_{threads}_threads"] = first == second
            say(f"two trainings with one seed, {threads} thread{'s' * (threads > 1)}: "
                f"{'bit-identical' if same else 'NOT bit-identical'}")

    def growth(self):
        """How the cost grows with the number of reviews, with the vocabulary that so many reviews have."""
        self.figures["growth"] = self._table(
            [(self.args.shape, factor * self.args.factor) for factor in GROWTH]
            + [("instruments", self.args.factor * times) for times in (1, TIMES)])

    def law(self):
        """Whole trainings on TIMES times the rows of Musical Instruments, with the same vocabulary."""
        folders = [self.corpus("instruments", self.args.factor * times, same_words=True) for times in (1, TIMES)]
        trainings = self.figures["law"] = []
        for folder in folders:
            cli.log.info("training %d epochs on %s", self.args.epochs, os.path.basename(folder))
            trainings.append(measure("whole_training", self.args.threads, epochs=self.args.epochs, folder=folder,
                                     **self.args.fields))
        small, large = trainings
        time, memory = (large[key] / small[key] for key in ("seconds", "peak_memory_mib"))
        say(f"{TIMES} times the rows, {self.args.epochs} epochs: {large['seconds']:.0f} s instead of "
            f"{small['seconds']:.0f}, {time:.1f} times; target at most {MAX_TIME_RATIO}: "
            f"{verdict(time <= MAX_TIME_RATIO)}; {large['peak_memory_mib']:.0f} MiB instead of "
            f"{small['peak_memory_mib']:.0f}, {memory:.2f} times; target below {MAX_MEMORY_RATIO}: "
            f"{verdict(memory < MAX_MEMORY_RATIO)}")

    def disk(self):
        """CPU time and memory of steps and a validation with all large arrays in memory, and with all of them in files.

        CPU time depends less on other work of the machine than samples per second, which are in the figures, too.
        """
        if self.args.data:
            self._steps_from_disk(self.args.data)
            return
        say("  reviews   CPU ms a sample: in memory   in files   ratio   MiB of the process: in memory   in files")
        rows = self.figures["disk"] = []
        for times in DISK_TIMES:
            folder = self.corpus("instruments", self.args.factor * times, same_words=True)
            cli.log.info("training %d steps on %s, twice", self.args.steps, os.path.basename(folder))
            memory, files = (measure("from_disk", self.args.threads, folder=folder, steps=self.args.steps,
                                     in_memory=limit, **self.args.fields) for limit in (2 ** 62, 0))
            rows.append({"memory": memory, "files": files})
            ratio = files["cpu_ms_per_sample"] / memory["cpu_ms_per_sample"]
            say(f"  {memory['sizes']['N']:7}{memory['cpu_ms_per_sample']:29.2f}{files['cpu_ms_per_sample']:11.2f}"
                f"{ratio:8.2f}{memory['own_mib']:32.0f}{files['own_mib']:11.0f}")
            say(f"  target of the ratio at most {DISK_RATIO}: {verdict(ratio <= DISK_RATIO)}")

    def _steps_from_disk(self, folder):
        """CPU time and memory of steps and a validation on given data, with all large arrays in files."""
        cli.log.info("training %d steps on %s", self.args.steps, folder)
        found = self.figures["disk"] = measure("from_disk", self.args.threads, folder=folder, steps=self.args.steps,
                                               in_memory=0, **self.args.fields)
        say(f"{found['sizes']['N']} reviews in files: {found['cpu_ms_per_sample']:.2f} CPU ms a sample, "
            f"{found['own_mib']:.0f} MiB of the process without pages of files, of which id vectors and their moments "
            f"are {found['id_mib']:.0f} MiB; a validation of {found['validation_pairs']} pairs takes "
            f"{found['validation_cpu_seconds']:.0f} CPU s")

    def workers(self):
        """An epoch by one process and by two; what more workers send, on paper."""
        folder = self.args.data or self.corpus("instruments", self.args.factor)
        say("  workers  engine     CPU s an epoch, of each worker     wall s   KiB that each sends in a step")
        rows = self.figures["workers"] = []
        for count, engine in [(count, engine) for engine in workers.engines() for count in WORKERS
                              if count > 1 or engine == "sockets"]:
            cli.log.info("training %d steps by %d worker(s), engine %s", self.args.steps, count, engine)
            parts = workers.measure(folder, self.args.steps, count, engine, self.args.fields)
            epochs = parts[0]["epoch_pairs"] / parts[0]["pairs"]  # an epoch has so many times the pairs
            used = [part["cpu_seconds"] * epochs for part in parts]
            sent = [part["sent_bytes_per_step"] for part in parts if "sent_bytes_per_step" in part]
            rows.append({"workers": count, "engine": engine, "cpu_seconds": used, "sent_bytes_per_step": sent,
                         "seconds": parts[0]["seconds"] * epochs})
            each = " + ".join(f"{seconds:.1f}" for seconds in used)
            said = ", ".join(f"{number / 1024:.0f}" for number in sent) or "not counted"
            say(f"  {count:7}  {engine:9}{each:>29}{rows[-1]['seconds']:15.1f}   {said}")
        say("  on paper: workers   KiB that each sends in a step: summed   joined")
        volumes = self.figures["volume"] = separate_process.call(workers.MODULE, "volume", dict(
            folder=folder, workers=ON_PAPER, steps=min(10, self.args.steps), **self.args.fields))
        for count, parts in volumes.items():
            say(f"  {count:>17}{parts['summed'] / 1024:47.0f}{parts['joined'] / 1024:9.0f}")

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
    parts = [part for part in PARTS if part in (args.only or PARTS)]
    used = machine(args.device)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        bench = Bench(args, args.folder or scratch)
        for number, part in enumerate(parts, 1):
            cli.log.info("part %d of %d: %s", number, len(parts), part)
            getattr(bench, part)()
    write(args, dict(bench.figures, shape=args.shape, factor=args.factor, cores=os.cpu_count(), **used))


if __name__ == "__main__":
    cli.run(main)
