"""The environments: locks are complete and name exact versions; the conda file holds the lock of Python 3.6."""
import os
import re
import sys

import importlib_metadata
import pytest
from packaging.markers import Marker

from runtime.project import ROOT

PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+]+")


def lines(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read().splitlines()


def pins(text):
    """{normal name: version} of lines `name==version`; fails where a name occurs twice."""
    table = {}
    for line in text:
        assert PIN.fullmatch(line), f"not name==version: {line!r}"
        name, version = line.split("==")
        assert normal(name) not in table, f"{name} is pinned twice"
        table[normal(name)] = version
    return table


def normal(name):
    """The name of a package in its normal form, equal for all spellings."""
    return re.sub("[-_.]+", "-", name).lower()


def conda_pip_section(text):
    """The entries below `- pip:` of a conda file."""
    start = text.index("  - pip:") + 1
    section = [line for line in text[start:] if line.strip()]
    assert all(line.startswith("      - ") for line in section), "the pip section comes last"
    return [line[len("      - "):] for line in section]


@pytest.mark.parametrize("name", ["py36", "py37"])
def test_a_lock_holds_every_requirement_at_its_version(name):
    wanted = pins(line for line in lines("requirements", f"{name}.in") if line[0] != "#")
    locked = pins(lines("requirements", f"{name}.lock"))
    assert wanted.items() <= locked.items()
    assert len(locked) > 2 * len(wanted)  # the packages that those require are pinned, too


def test_the_lock_of_this_python_is_complete():
    """Every package that a locked package requires is in the lock."""
    locked = pins(lines("requirements", "py%d%d.lock" % sys.version_info[:2]))
    for package in locked:
        for requirement in importlib_metadata.requires(package) or []:
            name, _, condition = requirement.partition(";")
            if not condition or Marker(condition).evaluate({"extra": ""}):
                assert normal(re.match(r"[\w.-]+", name).group()) in locked, (package, requirement)


def test_the_conda_file_holds_the_lock_of_python_3_6():
    text = lines("tensorflow_p36.yml")
    assert "name: tensorflow_p36" in text
    assert "  - python=3.6" in text
    assert "  - pip=21.3.1" in text
    assert conda_pip_section(text) == lines("requirements", "py36.lock")


@pytest.mark.parametrize("line", ["numpy", "numpy>=1.18", "-e .", "x @ https://host/x.whl",
                                  "--index-url https://host", "numpy==1.18.5 ; python_version>'3'"])
def test_only_exact_pins_are_accepted(line):
    with pytest.raises(AssertionError, match="name==version"):
        pins([line])
