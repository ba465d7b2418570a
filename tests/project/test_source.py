"""What holds for every file of source, whoever wrote it."""
import os

from runtime.project import ROOT

WIDTH = 120  # characters of a line
APART = {".venv", ".venv36", ".git", "data", "runs", "model_serve"}  # below the root, not the project's source


def sources():
    for folder, folders, names in os.walk(ROOT):
        if folder == ROOT:
            folders[:] = [name for name in folders if name not in APART]
        yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))


def test_lines_are_of_one_width():
    wide, count = [], 0
    for path in sources():
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                count += 1
                if len(line.rstrip("\n")) > WIDTH:
                    wide.append(f"{os.path.relpath(path, ROOT)}:{number}")
    assert not wide and count > 10000
