"""A copy of the script `run` in a folder of its own, whose Pythons record what they are called with."""
import os
import shutil
import stat
import subprocess
import sys

from runtime.project import ROOT

TOOLS = ("bash cat cmp cp dirname flock grep ls mkdir rm sed sort tail tr uname").split()
LOCKS = {"3.6": "py36", "3.7": "py37", "3.10": "py312", "3.11": "py312", "3.12": "py312", "3.13": "py312"}
THIS_PYTHON = "%d.%d" % sys.version_info[:2]
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

    def run(self, *arguments, script=None, **kwargs):
        """Runs the script, by another path where `script` is one, to its end."""
        return subprocess.run(
            [str(script or self.root / "run")] + list(arguments), env=self.environ, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, **kwargs)

    def interpreter(self, path, version="3.7"):
        return write_script(path, INTERPRETER.format(version=version, record=self.record))

    def make_environment(self, python=None):
        """Makes a complete environment, of the Python of this test or of one that records."""
        if python is None:
            real = f'#!/bin/bash\nexec "{sys.executable}" "$@"\n'
            write_script(self.venv / "bin" / "python", real)
        else:
            self.interpreter(self.venv / "bin" / "python", python)
        (self.venv / "pyvenv.cfg").write_text("")
        lock = self.root / "requirements" / (LOCKS[python or THIS_PYTHON] + ".lock")
        shutil.copy(str(lock), str(self.venv / "installed.lock"))

    def recorded(self):
        return self.record.read_text().splitlines()
