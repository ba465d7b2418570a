"""The source files that a command uses, found by following its imports through the project.

Rules:
- Imports count wherever they stand in a file, at its top or inside a function; `a.b.c` also uses `a/__init__.py` and
  `a/b/__init__.py`. Modules that lie outside the project, below no folder of the current folder, do not count.
- Data files of a package count once one of its modules is used: every file that is no Python source, no notebook and
  not hidden, in the package's own folder and in those folders below it that hold no `__init__.py`. The root folder is
  no package, so that its files do not count.
"""
import ast
import os

NOT_DATA = (".py", ".pyc", ".ipynb")


def of_command(arguments, root="."):
    """Sorted paths below `root` of the files used by `python <arguments>`: `-m module ...` or `script.py ...`."""
    if arguments[0] == "-m":
        module = arguments[1]
        if os.path.isdir(os.path.join(root, *module.split("."))):
            module += ".__main__"
        return of_files(_files_of(module, root), root)
    return of_files([arguments[0]], root)


def of_files(paths, root="."):
    """Sorted paths below `root` of Python files, of all files that they import, and of the data beside them."""
    used, waiting = set(), list(paths)
    while waiting:
        path = waiting.pop()
        if path not in used:
            used.add(path)
            for name in _imported(os.path.join(root, path)):
                waiting += _files_of(name, root)
    packages = {os.path.dirname(path) for path in used} - {""}
    return sorted(used.union(*(_data(package, root) for package in packages)))


def _imported(path):
    """All dotted names that a file imports: `from a import b` counts as `a.b`."""
    with open(path, encoding="utf-8") as text:
        tree = ast.parse(text.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files_of(name, root):
    """Paths of the modules that importing `name` runs: those of its packages, and its own; others are left out.

    The last part of a name may be a function of a module: it has no file, and the module's own counts.
    """
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        for path in (os.path.join(*parts[:count], "__init__.py"), os.path.join(*parts[:count]) + ".py"):
            if os.path.isfile(os.path.join(root, path)):
                yield path


def _data(package, root):
    """Paths of the data files of a package."""
    for folder, folders, names in os.walk(os.path.join(root, package)):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"
                      and not os.path.isfile(os.path.join(folder, name, "__init__.py"))]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in names
                    if name[0] != "." and not name.endswith(NOT_DATA))
