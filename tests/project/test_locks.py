"""The environments: complete locks of exact versions, and a conda file that is the 3.6 lock."""
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
    """{normal name: version} of lines `name==version`; a name may stand once only."""
    table = {}
    for line in text:
        assert PIN.fullmatch(line), f"not name==version: {line!r}"
        name, version = line.split("==")
        assert normal(name) not in table, f"{name} is pinned twice"
        table[normal(name)] = version
    return table


def normal(name):
    """A package's name as all spellings of it agree."""
    return re.sub("[-_.]+", "-", name).lower()


def conda_pip_section(text):
    """The entries below `- pip:` of a conda file."""
    start = text.index("  - pip:") + 1
    section = [line for line in text[start:] if line.strip()]
    assert all(line.startswith("      - ") for line in section), "the pip section is the last"
    return [line[len("      - "):] for line in section]


@pytest.mark.parametrize("name", ["py36", "py37"])
def test_a_lock_holds_every_requirement_at_its_version(name):
    wanted = pins(line for line in lines("requirements", f"{name}.in") if line[0] != "#")
    locked = pins(lines("requirements", f"{name}.lock"))
    assert wanted.items() <= locked.items()
    assert len(locked) > 2 * len(wanted)  # what those need in turn is pinned too


def test_the_lock_of_this_python_is_complete():
    """Whatever a locked package needs, by its own word, stands in the lock too."""
    locked = pins(lines("requirements", "py%d%d.lock" % sys.version_info[:2]))
    for package in locked:
        for need in importlib_metadata.requires(package) or []:
            name, _, condition = need.partition(";")
            if not condition or Marker(condition).evaluate({"extra": ""}):
                assert normal(re.match(r"[\w.-]+", name).group()) in locked, (package, need)


def test_the_conda_file_is_the_36_lock():
    text = lines("tensorflow_p36.yml")
    assert "name: tensorflow_p36" in text
    assert "  - python=3.6" in text
    assert "  - pip=21.3.1" in text
    assert conda_pip_section(text) == lines("requirements", "py36.lock")


@pytest.mark.parametrize("line", ["numpy", "numpy>=1.18", "-e .", "x @ https://host/x.whl",
                                  "--index-url https://host", "numpy==1.18.5 ; python_version>'3'"])
def test_only_exact_pins_are_taken(line):
    with pytest.raises(AssertionError, match="name==version"):
        pins([line])
