"""The script `run`: which Python it takes, when it builds an environment, where commands lead."""
import importlib.util
import os
import shutil
import stat
import subprocess
import sys

import pytest

from runtime.project import ROOT

TOOLS = ("bash cat cmp cp dirname flock grep ls rm tail tr").split()
COMMANDS = ("setup demo test sample preprocess train runs evaluate explain ablation results export "
            "serve shop tsne figures search bench notebook").split()
# An interpreter that knows its version, writes down what else it is asked for, and fails at it.
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


class House:
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

    def stand(self, python=None):
        """Puts up a whole environment, around the Python of this test or a recording one."""
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
def house(tmp_path):
    return House(tmp_path)


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"], ["-h"]])
def test_help_lists_all_commands_without_any_python(house, arguments):
    ended = house.run(*arguments)
    assert ended.returncode == 0
    assert [line.split()[0] for line in ended.stdout.splitlines()[1:]] == COMMANDS
    assert all(len(line.split()) > 2 for line in ended.stdout.splitlines()[1:])


@pytest.mark.parametrize("name", ["sampel", "s.mple", "setup ", "-x", "*", "sample  make"])
def test_an_unknown_command_is_one_line_and_exit_2(house, name):
    ended = house.run(name)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and name in ended.stderr


def target(recorded):
    """(kind, name) of what an interpreter was asked to run."""
    if recorded[:2] == ["-c", "module"]:
        return "module", recorded[3]
    return "script", recorded[0]


@pytest.mark.parametrize("name", COMMANDS[1:])
def test_each_command_leads_to_something_that_exists_and_passes_its_flags_on(house, name):
    house.stand(python="3.7")
    assert house.run(name, "--flag", "a b", "").returncode == 9
    recorded = house.recorded()
    assert recorded[-3:] == ["--flag", "a b", ""]
    kind, path = target(recorded)
    if kind == "script":
        assert os.path.isfile(path.replace(str(house.root), ROOT)), path
    else:
        place = os.path.join(ROOT, *path.split("."))
        assert (os.path.isfile(f"{place}.py") or os.path.isfile(os.path.join(place, "__main__.py"))
                or importlib.util.find_spec(f"{path}.__main__")), path


@pytest.mark.parametrize("arguments, several", [
    ([], True), (["-x"], True), (["tests/models"], True),
    (["tests/commands/test_run.py"], False), (["tests/commands/test_run.py::x"], False)])
def test_tests_run_on_several_cores_unless_a_file_is_named(house, arguments, several):
    house.stand(python="3.7")
    house.run("test", *arguments)
    assert ("--numprocesses" in house.recorded()) == several


def test_the_modules_of_the_folder_one_stands_in_do_not_matter(house, tmp_path):
    house.stand()
    (tmp_path / "pytest.py").write_text("raise SystemExit('the wrong one')\n")
    (house.root / "preprocessing").mkdir()
    (house.root / "preprocessing" / "sample.py").write_text(
        "import sys; print(__name__, sys.argv[1:], sys.path[0])\n")
    (tmp_path / "preprocessing").mkdir()
    (tmp_path / "preprocessing" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    ended = house.run("sample", "--out", "a b", cwd=str(tmp_path))
    assert ended.stdout == f"__main__ ['--out', 'a b'] {house.root}\n", ended.stderr
    assert house.run("test", "--version", cwd=str(tmp_path)).returncode == 0


def test_a_shim_that_cannot_run_is_passed_over(house, tmp_path):
    write_script(house.bin / "python3.7", "#!/bin/bash\necho 'command not found' >&2\nexit 127\n")
    house.interpreter(tmp_path / ".pyenv" / "versions" / "3.7.16" / "bin" / "python")
    ended = house.run("setup")
    assert ended.returncode == 9
    assert house.recorded() == ["-m", "venv", "--clear", str(house.venv)]


@pytest.mark.parametrize("version, found", [("3.7", True), ("3.6", False), ("3.8", False)])
def test_python37_on_the_path_must_be_one(house, version, found):
    house.interpreter(house.bin / "python3.7", version)
    ended = house.run("setup")
    assert (ended.returncode == 9) == found
    if not found:
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1 and "install" in ended.stderr


def test_uv_is_asked_when_there_is_no_other(house, tmp_path):
    python = house.interpreter(tmp_path / "of uv" / "python")
    write_script(house.bin / "uv", f"""#!/bin/bash
case "$*" in
    "python find 3.7") [ -e "{tmp_path}/got" ] && echo "{python}" ;;
    "python install 3.7") echo "fetched"; echo > "{tmp_path}/got" ;;
    *) exit 1 ;;
esac
""")
    assert house.run("setup").returncode == 9
    assert house.recorded()[:2] == ["-m", "venv"]


@pytest.mark.parametrize("version, lock", [("3.7", "py37"), ("3.6", "py36")])
def test_PYTHON_chooses_interpreter_and_lock(house, tmp_path, version, lock):
    house.interpreter(house.bin / "python3.7")
    house.environ["PYTHON"] = str(house.interpreter(tmp_path / "my python", version))
    ended = house.run("setup")
    assert ended.returncode == 9
    assert f"Python {version}.99" in ended.stderr and f"requirements/{lock}.lock" in ended.stderr


@pytest.mark.parametrize("python", ["/bin/true", "/no/such/python"])
def test_a_PYTHON_that_is_none_is_told(house, python):
    house.interpreter(house.bin / "python3.7")
    house.environ["PYTHON"] = python
    ended = house.run("setup")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and python in ended.stderr


@pytest.mark.parametrize("harm", ["none at all", "interrupted", "of another lock"])
def test_a_command_first_builds_the_environment_if_it_is_not_whole(house, harm):
    house.interpreter(house.bin / "python3.7")
    if harm != "none at all":
        house.stand(python="3.7")
        stamp = house.venv / "installed.lock"
        stamp.unlink() if harm == "interrupted" else stamp.write_text("numpy==1.0\n")
    ended = house.run("sample")
    assert ended.returncode == 9
    assert ended.stderr.startswith("setup: an environment in ")
    assert house.recorded() == ["-m", "venv", "--clear", str(house.venv)]
    assert not (house.venv / "installed.lock").exists()


def test_a_whole_environment_stays(house):
    house.interpreter(house.bin / "python3.7")
    house.stand(python="3.7")
    ended = house.run("setup")
    assert ended.returncode == 0 and ended.stderr == f"setup: {house.venv} is whole\n"
    assert not house.record.exists()


def test_a_folder_that_is_no_environment_is_never_emptied(house):
    house.interpreter(house.bin / "python3.7")
    house.venv.mkdir()
    (house.venv / "thesis.txt").write_text("mine")
    ended = house.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
    assert (house.venv / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("path", [
    "run", "commands/demo.py", ".ci/run", "train.py", "tensorflow_serving.py", "flask_app/run.sh",
    "tSNE/tSNE_visualization.py", "preprocessing/data.ipynb", "models/deeprecsys.py",
    "tensorflow_p36.yml"])
def test_what_the_README_names_exists(path):
    assert os.path.isfile(os.path.join(ROOT, path))
