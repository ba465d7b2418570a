"""The Python files of the project."""
import os

from runtime.project import ROOT

GENERATED = {"data", "runs", "model_serve"}  # folders of the root that hold no source


def folders():
    """Each folder of the project with its Python files: (path, [name])."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(name for name in inner if name[0] not in "._" and not (folder == ROOT and name in GENERATED))
        files = sorted(name for name in names if name.endswith(".py"))
        if files:
            yield folder, files


def files():
    """The path of each Python file of the project."""
    return [os.path.join(folder, name) for folder, names in folders() for name in names]


def packages():
    """{name: its folder} of each package, tests left out."""
    folder_of = {}
    for folder, names in folders():
        name = os.path.relpath(folder, ROOT).replace(os.sep, ".")
        if "__init__.py" in names and name.split(".")[0] != "tests":
            folder_of[name] = folder
    return folder_of
