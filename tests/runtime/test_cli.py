"""The command line: the help of a parser names defaults that exist; output that cannot be written is one line."""
import os
import subprocess
import sys

import pytest

from runtime import cli
from runtime.project import ROOT


def test_help_names_a_default_only_if_there_is_one(capsys):
    parser = cli.Parser("./run x")
    parser.add_argument("--count", type=int, default=0, help="number")
    parser.add_argument("--out", required=True, help="folder")
    parser.add_argument("--meta", help="file")
    parser.add_argument("--set", action="append", default=[], help="field")
    parser.add_argument("--data", nargs="+", default=["one", "two"], help="names")
    parser.add_argument("--quick", action="store_true", help="fast")
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    text = capsys.readouterr().out
    assert "number (default: 0)" in text and "names (default: one two)" in text and text.count("(default:") == 2


@pytest.mark.parametrize("seed, most, refused", [
    (0, {}, False), (2 ** 32 - 1, {}, False), (-1, {}, True), (2 ** 32, {}, True), (7, {"most": 7}, False),
    (8, {"most": 7}, True)])
def test_a_seed_out_of_range_is_refused_with_the_range(seed, most, refused, capsys):
    parser = cli.Parser("./run x")
    if not refused:
        return parser.require_seed(seed, **most)
    with pytest.raises(SystemExit) as ended:
        parser.require_seed(seed, **most)
    assert ended.value.code == 2
    assert f"--seed {seed}: give a number from 0 to {most.get('most', 4294967295)}" in capsys.readouterr().err


@pytest.mark.parametrize("lines", [1, 100000])
def test_output_that_cannot_be_written_is_one_line(lines):
    """Few lines are written when the command ends, many while it prints."""
    code = f"from runtime import cli; cli.run(lambda argv: print('a line\\n' * {lines}))"
    with open("/dev/full", "w") as full:
        ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1 and b"the output cannot be written (No space left on device)" in ended.stderr


def test_a_character_that_the_terminal_does_not_have_is_a_question_mark():
    code = "from runtime import cli; cli.run(lambda argv: print('don\\u2019t caf\\u00e9'))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=60, env=dict(os.environ, PYTHONIOENCODING="latin-1"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"don?t caf\xe9\n", b"")


def test_another_error_of_the_system_keeps_its_traceback(tmp_path):
    with pytest.raises(FileNotFoundError):
        cli.run(lambda argv: open(str(tmp_path / "none")))


def test_sigterm_ends_any_command_with_one_line():
    code = ("import time; from runtime import cli\n"
            "cli.run(lambda argv: (print('ready', flush=True), time.sleep(600)))")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.terminate()
    assert process.communicate(timeout=60)[1] == b"stopped by SIGTERM\n" and process.returncode == 143


@pytest.mark.parametrize("kind, code, line", [
    ("KeyboardInterrupt", 130, b"stopped by Ctrl-C\n"), ("cli.Terminated", 143, b"stopped by SIGTERM\n")])
def test_a_signal_that_arrives_in_c_code_ends_a_command_with_one_line(kind, code, line):
    """The error is the one that Python raises where a wrapper in C returns a result although an error is set."""
    source = ("from runtime import cli\n"
              "def main(argv):\n"
              f"    raise SystemError('<built-in function f> returned a result with an error set') from {kind}()\n"
              "cli.run(main)")
    ended = subprocess.run([sys.executable, "-c", source], cwd=ROOT, stderr=subprocess.PIPE, timeout=60)
    assert (ended.returncode, ended.stderr) == (code, line)


def test_another_error_in_c_code_keeps_its_traceback():
    with pytest.raises(SystemError), cli.plain_interrupts():
        raise SystemError("broken") from ValueError()
