"""Checks that each package of py312.lock has a wheel for every Python and platform of the current leg.

    python requirements/check_wheels.py        (downloads metadata only; needs pip 23 or later, and packaging)

It asks pip to resolve the pins of each platform from any machine, and prints one line for each.
"""
import os
import subprocess
import sys
import tempfile

from packaging.requirements import Requirement

LOCK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "py312.lock")
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
PLATFORMS = {  # (sys.platform, machine) -> tags of wheels that run there
    ("linux", "x86_64"): [f"manylinux{tag}_x86_64" for tag in ("_2_28", "_2_27", "_2_17", "2014", "_2_5", "1", "2010")],
    ("linux", "aarch64"): [f"manylinux{tag}_aarch64" for tag in ("_2_28", "_2_27", "_2_17", "2014")],
    ("darwin", "arm64"): ["macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_11_0_universal2"]}


def pins(version, system, machine):
    """Returns the `name==version` of the lock whose markers hold for a Python on a platform."""
    environment = {"python_version": version, "python_full_version": version + ".15", "sys_platform": system,
                   "platform_machine": machine, "platform_system": system.title(), "os_name": "posix",
                   "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}
    with open(LOCK, encoding="utf-8") as lock:
        requirements = [Requirement(line) for line in lock.read().splitlines()]
    return [f"{each.name}{each.specifier}" for each in requirements
            if each.marker is None or each.marker.evaluate(environment)]


def resolve(wanted, version, tags):
    """Has pip find the wheels. Returns its exit code and the lines that say why it failed."""
    abis = ["cp" + version.replace(".", ""), "abi3", "none"]
    with tempfile.TemporaryDirectory() as target:
        ended = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--only-binary=:all:",
             "--target", target, "--python-version", version + ".15", "--implementation", "cp",
             *(f"--abi={abi}" for abi in abis), *(f"--platform={tag}" for tag in tags), *wanted],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True)
    lines = ended.stderr.strip().splitlines() or ["no output"]
    return ended.returncode, [line for line in lines if line.startswith("ERROR: No matching")] or lines[-1:]


def main():
    failed = 0
    for (system, machine), tags in PLATFORMS.items():
        for version in PYTHONS:
            wanted = pins(version, system, machine)
            code, errors = resolve(wanted, version, tags)
            failed += code != 0
            result = "; ".join(errors) if code else "a wheel each"
            print(f"Python {version}, {system} {machine}: {len(wanted)} packages, {result}", flush=True)
    return failed and 1


if __name__ == "__main__":
    sys.exit(main())
