"""The console command `recsys`: `./run`, with the interpreter it is installed in."""
import os
import subprocess
import sys

from runtime.project import ROOT

CALL = "import sys; from commands.recsys import main; sys.argv[0] = 'recsys'; main()"


def recsys(*arguments, **environ):
    return subprocess.run([sys.executable, "-c", CALL, *arguments], cwd="/", timeout=120,
                          env=dict(os.environ, PYTHONPATH=ROOT, **environ),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)


def test_it_has_the_commands_of_run():
    ended = recsys("help")
    assert ended.returncode == 0 and "  preprocess  " in ended.stdout


def test_it_runs_a_command_with_its_own_interpreter_and_no_environment(tmp_path):
    ended = recsys("sample", "--out", str(tmp_path / "s"), "--users", "40", "--items", "15", "--reviews", "300",
                   RECSYS_VENV=str(tmp_path / "none"))
    assert ended.returncode == 0, ended.stderr
    assert sorted(os.listdir(str(tmp_path))) == ["s"]


def test_errors_and_exit_codes_are_passed_on():
    ended = recsys("sample", "--no_such_flag")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
