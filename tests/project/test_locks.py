"""The environments: locks are complete and name exact versions; the conda file holds the lock of Python 3.6."""
import os
import platform
import re
import sys

import importlib_metadata
import pytest
from packaging.markers import Marker

from runtime.project import ROOT

PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+]+)( ; .+)?")
LOCKS = {"3.6": "py36", "3.7": "py37", "3.10": "py312", "3.11": "py312", "3.12": "py312", "3.13": "py312"}
PLATFORMS = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")]
TARGETS = [(version, *machine) for version in sorted(LOCKS)
           for machine in (PLATFORMS if LOCKS[version] == "py312" else PLATFORMS[:1])]
THIS = ("%d.%d" % sys.version_info[:2], sys.platform, platform.machine())


def lines(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return [line for line in file.read().splitlines() if line[0] != "#"]


def pins(text, target=THIS):
    """{normal name: version} of the lines `name==version` and `name==version ; marker` that hold for a target.

    A target is (version of Python, sys.platform, machine). Fails where a name occurs twice.
    """
    version, system, machine = target
    environment = {"python_version": version, "python_full_version": version + ".15", "sys_platform": system,
                   "platform_machine": machine, "platform_system": system.title(), "os_name": "posix", "extra": ""}
    table = {}
    for line in text:
        pin = PIN.fullmatch(line)
        assert pin, f"not name==version: {line!r}"
        name, number, marker = pin.groups()
        if marker is None or Marker(marker[3:]).evaluate(environment):
            assert normal(name) not in table, f"{name} is pinned twice"
            table[normal(name)] = number
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


@pytest.mark.parametrize("target", TARGETS, ids=" ".join)
def test_a_lock_holds_every_requirement_at_its_version(target):
    name = LOCKS[target[0]]
    wanted, locked = (pins(lines("requirements", f"{name}.{kind}"), target) for kind in ("in", "lock"))
    if name == "py312" and target[1:] == PLATFORMS[0]:
        wanted["tensorflow-cpu"] = wanted.pop("tensorflow")
    assert wanted.items() <= locked.items()
    assert len(locked) > 2 * len(wanted)  # the packages that those require are pinned, too


def test_the_lock_of_this_python_is_complete():
    """Every package that a locked package requires is in the lock."""
    locked = pins(lines("requirements", LOCKS[THIS[0]] + ".lock"))
    provided = set(locked)
    if "tensorflow-cpu" in locked:
        provided.add("tensorflow")  # tensorflow-serving-api requires it by this name
    for package in locked:
        for requirement in importlib_metadata.requires(package) or []:
            name, _, condition = requirement.partition(";")
            if not condition or Marker(condition).evaluate({"extra": ""}):
                assert normal(re.match(r"[\w.-]+", name).group()) in provided, (package, requirement)


@pytest.mark.parametrize("target", [target for target in TARGETS if target[0] != "3.6"], ids=" ".join)
def test_the_packages_of_spark_have_one_version_each(target):
    assert set(pins(lines("requirements", "spark.txt"), target)) == {"pyspark", "py4j"}


def test_the_conda_file_holds_the_lock_of_python_3_6():
    text = lines("tensorflow_p36.yml")
    assert "name: tensorflow_p36" in text
    assert "  - python=3.6" in text
    assert "  - pip=21.3.1" in text
    assert conda_pip_section(text) == lines("requirements", "py36.lock")


@pytest.mark.parametrize("line", ["numpy", "numpy>=1.18", "-e .", "x @ https://host/x.whl",
                                  "--index-url https://host", "numpy==1.18.5;python_version>'3'"])
def test_only_exact_pins_are_accepted(line):
    with pytest.raises(AssertionError, match="name==version"):
        pins([line])
