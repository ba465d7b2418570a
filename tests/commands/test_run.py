"""The script `run`: its help, and what each command calls. `test_setup.py`: the environment that it builds first."""
import importlib.util
import os
import re
import shutil

import pytest

from runtime.project import ROOT
from tests.support import commands

COMMANDS = ("setup demo test sample preprocess train calibrate order aspects runs evaluate pairs explain results "
            "ablation search export serve shop tsne users figures notebook bench").split()
BENCHMARKS = ("training preprocess chain words texts rank items tf2 load swap fuzz limits slow kill shop users map"
              .split())


def listed(output):
    """{title of a group: its names} of the text of `./run help`."""
    groups = {}
    for line in output.splitlines()[1:]:
        if line and line[0] != " ":
            names = groups[line] = []
        elif line:
            names.append(line.split()[0])
            assert len(line.split()) > 3, "a name without an explanation"
    return groups


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"], ["-h"]])
def test_help_lists_all_commands_and_benchmarks_in_groups_without_any_python(project, arguments):
    ended = project.run(*arguments)
    assert ended.returncode == 0
    groups = listed(ended.stdout)
    benchmarks = groups.pop("Benchmarks: ./run bench NAME")
    assert sum(groups.values(), []) + ["bench"] == COMMANDS
    assert list(groups) == ["Start here", "Research", "Serve", "Analyse"]
    assert benchmarks == BENCHMARKS


def test_the_script_runs_what_its_help_lists():
    assert set(commands.targets()) == {*COMMANDS, "help"}
    assert set(BENCHMARKS) <= set(re.findall(r"\w+", commands.help_of("bench")))
    assert all("--help" in commands.help_of("bench", name) for name in BENCHMARKS)


@pytest.mark.parametrize("name", ["setup", "test", "notebook"])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_of_what_the_script_does_itself_is_one_line_and_nothing_is_built(project, name, flag):
    ended = project.run(name, flag)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"usage: ./run {name}") and ended.stdout.count("\n") == 1
    assert not project.venv.exists()


@pytest.mark.parametrize("name", ["sampel", "s.mple", "setup ", "-x", "*", "sample  make"])
def test_an_unknown_command_is_an_error_of_one_line_with_exit_code_2(project, name):
    ended = project.run(name)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and name in ended.stderr


def test_ctrl_c_while_a_command_imports_is_one_line(project):
    project.make_environment()
    (project.root / "train.py").write_text("raise KeyboardInterrupt")
    ended = project.run("train")
    assert (ended.returncode, ended.stderr) == (130, "stopped by Ctrl-C\n")


def target(recorded):
    """The module that an interpreter was called with."""
    assert recorded[:2] == ["-c", "module"]
    return recorded[3]


@pytest.mark.parametrize("name", COMMANDS[1:])
def test_each_command_runs_something_that_exists_and_passes_its_arguments_on(project, name):
    project.make_environment(python="3.7")
    assert project.run(name, "--flag", "a b", "").returncode == 9
    recorded = project.recorded()
    assert recorded[-3:] == ["--flag", "a b", ""]
    path = target(recorded)
    base = os.path.join(ROOT, *path.split("."))
    assert (os.path.isfile(f"{base}.py") or os.path.isfile(os.path.join(base, "__main__.py"))
            or importlib.util.find_spec(f"{path}.__main__")), path


@pytest.mark.parametrize("arguments, several", [
    ([], True), (["-x"], True), (["tests/models"], True),
    (["tests/commands/test_run.py"], False), (["tests/commands/test_run.py::x"], False)])
def test_tests_run_on_several_cores_unless_a_file_is_named(project, arguments, several):
    project.make_environment(python="3.7")
    project.run("test", *arguments)
    assert ("--numprocesses" in project.recorded()) == several


def test_modules_of_the_current_folder_are_not_imported(project, tmp_path):
    project.make_environment()
    (tmp_path / "pytest.py").write_text("raise SystemExit('the wrong one')\n")
    (project.root / "preprocessing").mkdir()
    (project.root / "preprocessing" / "sample.py").write_text(
        "import sys; print(__name__, sys.argv[1:], sys.path[0])\n")
    (tmp_path / "preprocessing").mkdir()
    (tmp_path / "preprocessing" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    ended = project.run("sample", "--out", "a b", cwd=str(tmp_path))
    assert ended.stdout == f"__main__ ['--out', 'a b'] {project.root}\n", ended.stderr
    assert project.run("test", "--version", cwd=str(tmp_path)).returncode == 0


@pytest.mark.parametrize("path", ["bin/link", "bin/link to link", "my shop/main/run", "my shop/main/../main/run"])
def test_the_script_finds_its_folder_through_links_and_with_any_cdpath(project, tmp_path, path):
    project.make_environment(python="3.7")
    (project.bin / "readlink").symlink_to(shutil.which("readlink"))
    (project.bin / "link").symlink_to(os.path.join("..", "my shop", "main", "run"))
    (project.bin / "link to link").symlink_to("link")
    for folder in ("my shop/main", "bin"):
        (tmp_path / "elsewhere" / folder).mkdir(parents=True)
    project.environ["CDPATH"] = str(tmp_path / "elsewhere")
    ended = project.run("shop", script=path, cwd=str(tmp_path))
    assert ended.returncode == 9, ended.stderr
    assert project.recorded()[2:4] == [str(project.root), "flask_app"]


@pytest.mark.parametrize("path", [
    "run", "commands/demo.py", ".ci/run", "train.py", "tensorflow_serving.py", "flask_app/run.sh",
    "tSNE/tSNE_visualization.py", "preprocessing/data.ipynb", "models/deeprecsys.py",
    "tensorflow_p36.yml", "Dockerfile"])
def test_a_published_name_exists(path):
    assert os.path.isfile(os.path.join(ROOT, path))
