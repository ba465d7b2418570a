"""What holds for every Python file of the project."""
import os
import re

from runtime.project import ROOT
from tests.support import sources

WIDTH = 120  # characters of a line


def test_no_line_is_too_long():
    long, count = [], 0
    for path in sources.files():
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                count += 1
                if len(line.rstrip("\n")) > WIDTH:
                    long.append(f"{os.path.relpath(path, ROOT)}:{number}")
    assert not long and count > 10000


def test_every_file_compiles_on_this_python():
    """Raises SyntaxError where a file uses what this version of Python does not have."""
    paths = sources.files()
    for path in paths:
        with open(path, "rb") as source:
            compile(source.read(), path, "exec")
    assert len(paths) > 300


def test_durations_and_time_limits_use_the_monotonic_clock():
    """`time.time` follows the clock of the machine, which may be set while a server runs. Events of TensorBoard name
    the time of day."""
    users = [os.path.relpath(path, ROOT) for path in sources.files() if re.search(r"\btime\.time\(", text_of(path))]
    product = [path for path in users if path.split(os.sep)[0] not in ("tests", "benchmarks")]
    assert product == [os.path.join("models", "training", "summaries.py")]


def test_no_python_runs_between_fork_and_exec():
    """There, a lock that another thread held at the fork is never released. `runtime/parent_death.py` says how else."""
    argument = "preexec_fn" + "="
    assert [os.path.relpath(path, ROOT) for path in sources.files() if argument in text_of(path)] == []


def text_of(path):
    with open(path, encoding="utf-8") as text:
        return text.read()
