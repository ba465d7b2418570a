"""The layout: few files at the root, no crowded folder, and packages that say what each of their files is for."""
import ast
import json
import os
import re
import subprocess
import sys

from runtime.project import ROOT
from tests.support import sources

MOST_AT_ROOT, MOST_IN_A_FOLDER = 3, 16
PACKAGES = sources.packages()
LOOSE_TESTS = {"__init__.py", "conftest.py", "test_demo.py", "test_end_to_end.py", "test_legs.py"}
# Imports each package by itself, and reports those that change the environment or import TensorFlow.
IMPORT_EACH = """
import importlib, json, os, sys
changed = []
for name in json.loads(sys.argv[1]):
    before = dict(os.environ)
    importlib.import_module(name)
    if dict(os.environ) != before or "tensorflow" in sys.modules:
        changed.append(name)
print(json.dumps(changed))
"""


def test_the_root_holds_few_python_files():
    assert len([name for name in os.listdir(ROOT) if name.endswith(".py")]) <= MOST_AT_ROOT


def test_no_folder_is_crowded():
    assert {os.path.relpath(folder, ROOT): len(names) for folder, names in sources.folders()
            if len(names) > MOST_IN_A_FOLDER and os.path.relpath(folder, ROOT).split(os.sep)[0] != "tests"} == {}


def test_nothing_lies_loose_among_the_tests():
    assert {name for name in os.listdir(os.path.join(ROOT, "tests")) if name.endswith(".py")} == LOOSE_TESTS


def unnamed(package):
    """The files and packages of a package that its docstring does not name."""
    folder = PACKAGES[package]
    with open(os.path.join(folder, "__init__.py"), encoding="utf-8") as source:
        text = ast.get_docstring(ast.parse(source.read())) or ""
    modules = {name[:-len(".py")] for name in os.listdir(folder) if name.endswith(".py")} - {"__init__", "__main__"}
    modules |= {name.rpartition(".")[2] for name in PACKAGES if name.rpartition(".")[0] == package}
    return sorted(name for name in modules if not re.search(rf"\b{name}\b", text))


def test_every_package_opens_with_a_map_of_its_files():
    assert {package: unnamed(package) for package in PACKAGES if unnamed(package)} == {}


def test_the_import_of_a_package_has_no_side_effects():
    output = subprocess.run([sys.executable, "-c", IMPORT_EACH, json.dumps(sorted(PACKAGES))], cwd=ROOT,
                            check=True, stdout=subprocess.PIPE).stdout
    assert json.loads(output.decode()) == []
