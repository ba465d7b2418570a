"""The script `run`: the Python it uses, when it builds the environment, and what each command runs."""
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from runtime.project import ROOT
from tests.support import commands

TOOLS = ("bash cat cmp cp dirname flock grep ls rm tail tr").split()
COMMANDS = ("setup demo test sample preprocess train runs evaluate explain results ablation search export serve shop "
            "tsne figures notebook bench").split()
BENCHMARKS = "training rank tf2 load swap fuzz shop".split()
# An interpreter that tells its version, and for all else records its arguments and ends with exit code 9.
INTERPRETER = """#!/bin/bash
case "$*" in
    -V) echo "Python {version}.99" ;;
    *ensurepip*) echo {version} ;;
    *) printf '%s\\n' "${{@/#*runpy*/module}}" > "{record}"; exit 9 ;;
esac
"""


def write_script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


class Project:
    """A copy of `run` and the locks below a path with spaces, and a PATH that holds no Python."""

    def __init__(self, folder):
        self.root = folder / "my shop" / "main"
        self.root.mkdir(parents=True)
        shutil.copy(os.path.join(ROOT, "run"), str(self.root))
        shutil.copytree(os.path.join(ROOT, "requirements"), str(self.root / "requirements"))
        self.venv, self.record = folder / "an environment", folder / "record"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in filter(shutil.which, TOOLS):
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.environ = {"PATH": str(self.bin), "HOME": str(folder), "RECSYS_VENV": str(self.venv)}

    def run(self, *arguments, **kwargs):
        return subprocess.run(
            [str(self.root / "run")] + list(arguments), env=self.environ, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, **kwargs)

    def interpreter(self, path, version="3.7"):
        return write_script(path, INTERPRETER.format(version=version, record=self.record))

    def make_environment(self, python=None):
        """Makes a complete environment, of the Python of this test or of one that records."""
        if python is None:
            real = f'#!/bin/bash\nexec "{sys.executable}" "$@"\n'
            write_script(self.venv / "bin" / "python", real)
            version = "%d%d" % sys.version_info[:2]
        else:
            self.interpreter(self.venv / "bin" / "python", python)
            version = python.replace(".", "")
        (self.venv / "pyvenv.cfg").write_text("")
        shutil.copy(str(self.root / "requirements" / f"py{version}.lock"),
                    str(self.venv / "installed.lock"))

    def recorded(self):
        return self.record.read_text().splitlines()


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


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


@pytest.mark.parametrize("name", ["sampel", "s.mple", "setup ", "-x", "*", "sample  make"])
def test_an_unknown_command_is_an_error_of_one_line_with_exit_code_2(project, name):
    ended = project.run(name)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and name in ended.stderr


def target(recorded):
    """(kind, name) of what an interpreter was called with."""
    if recorded[:2] == ["-c", "module"]:
        return "module", recorded[3]
    return "script", recorded[0]


@pytest.mark.parametrize("name", COMMANDS[1:])
def test_each_command_runs_something_that_exists_and_passes_its_arguments_on(project, name):
    project.make_environment(python="3.7")
    assert project.run(name, "--flag", "a b", "").returncode == 9
    recorded = project.recorded()
    assert recorded[-3:] == ["--flag", "a b", ""]
    kind, path = target(recorded)
    if kind == "script":
        assert os.path.isfile(path.replace(str(project.root), ROOT)), path
    else:
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


def test_a_python_that_cannot_run_is_passed_over(project, tmp_path):
    write_script(project.bin / "python3.7", "#!/bin/bash\necho 'command not found' >&2\nexit 127\n")
    project.interpreter(tmp_path / ".pyenv" / "versions" / "3.7.16" / "bin" / "python")
    ended = project.run("setup")
    assert ended.returncode == 9
    assert project.recorded() == ["-m", "venv", "--clear", str(project.venv)]


@pytest.mark.parametrize("version, is_taken", [("3.7", True), ("3.6", False), ("3.8", False)])
def test_python37_on_the_path_must_be_python_3_7(project, version, is_taken):
    project.interpreter(project.bin / "python3.7", version)
    ended = project.run("setup")
    assert (ended.returncode == 9) == is_taken
    if not is_taken:
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1 and "install" in ended.stderr


def test_uv_provides_python_where_there_is_no_other(project, tmp_path):
    python = project.interpreter(tmp_path / "of uv" / "python")
    write_script(project.bin / "uv", f"""#!/bin/bash
case "$*" in
    "python find 3.7") [ -e "{tmp_path}/got" ] && echo "{python}" ;;
    "python install 3.7") echo "fetched"; echo > "{tmp_path}/got" ;;
    *) exit 1 ;;
esac
""")
    assert project.run("setup").returncode == 9
    assert project.recorded()[:2] == ["-m", "venv"]


@pytest.mark.parametrize("version, lock", [("3.7", "py37"), ("3.6", "py36")])
def test_PYTHON_chooses_interpreter_and_lock(project, tmp_path, version, lock):
    project.interpreter(project.bin / "python3.7")
    project.environ["PYTHON"] = str(project.interpreter(tmp_path / "my python", version))
    ended = project.run("setup")
    assert ended.returncode == 9
    assert f"Python {version}.99" in ended.stderr and f"requirements/{lock}.lock" in ended.stderr


@pytest.mark.parametrize("python", ["/bin/true", "/no/such/python"])
def test_PYTHON_that_does_not_run_is_an_error_of_one_line(project, python):
    project.interpreter(project.bin / "python3.7")
    project.environ["PYTHON"] = python
    ended = project.run("setup")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and python in ended.stderr


@pytest.mark.parametrize("state", ["missing", "interrupted", "of another lock"])
def test_a_command_first_builds_the_environment_where_it_is_not_complete(project, state):
    project.interpreter(project.bin / "python3.7")
    if state != "missing":
        project.make_environment(python="3.7")
        stamp = project.venv / "installed.lock"
        stamp.unlink() if state == "interrupted" else stamp.write_text("numpy==1.0\n")
    ended = project.run("sample")
    assert ended.returncode == 9
    assert ended.stderr.startswith("setup: ") and str(project.venv) in ended.stderr
    assert project.recorded() == ["-m", "venv", "--clear", str(project.venv)]
    assert not (project.venv / "installed.lock").exists()


def test_a_complete_environment_is_not_built_again(project):
    project.interpreter(project.bin / "python3.7")
    project.make_environment(python="3.7")
    ended = project.run("setup")
    assert ended.returncode == 0 and ended.stderr.count("\n") == 1 and "is complete" in ended.stderr
    assert not project.record.exists()


def test_a_folder_that_is_not_an_environment_is_never_emptied(project):
    project.interpreter(project.bin / "python3.7")
    project.venv.mkdir()
    (project.venv / "thesis.txt").write_text("mine")
    ended = project.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
    assert (project.venv / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("path", [
    "run", "commands/demo.py", ".ci/run", "train.py", "tensorflow_serving.py", "flask_app/run.sh",
    "tSNE/tSNE_visualization.py", "preprocessing/data.ipynb", "models/deeprecsys.py",
    "tensorflow_p36.yml", "Dockerfile"])
def test_a_published_name_exists(path):
    assert os.path.isfile(os.path.join(ROOT, path))
