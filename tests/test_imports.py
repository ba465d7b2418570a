"""The rooms: what each may import. Imports never point back along the way from reviews to shop."""
import ast
import importlib.util
import os
import sys
import sysconfig

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What a room may import besides the standard library, `command`, progress bars and itself. A room
# is a file or a folder; the longest path decides. A name stands for all below it.
ROOMS = {
    "command.py": [],
    "heap.py": [],
    "preprocessing/artefact.py": ["numpy"],
    "preprocessing/bag.py": ["numpy", "scipy", "preprocessing.artefact"],
    "preprocessing": ["numpy", "scipy", "pandas", "gensim", "sklearn"],
    "models": [
        "tensorflow", "numpy", "scipy", "numba", "preprocessing.artefact", "preprocessing.bag",
        "evaluation", "serving.signatures"],
    "evaluation": ["numpy", "scipy"],
    "train.py": ["models", "preprocessing.artefact"],
    "list_runs.py": ["evaluation.comparison", "models.config", "models.progress", "models.runs"],
    "assessment/peers.py": [
        "surprise", "pandas", "numpy", "evaluation.rating", "models.durable", "preprocessing.artefact"],
    "assessment": [
        "models", "evaluation", "preprocessing.artefact", "preprocessing.catalogue",
        "preprocessing.tokenise", "explain", "numpy", "matplotlib"],
    "evaluate.py": ["assessment", "models", "evaluation", "numpy"],
    "study.py": ["models", "numpy"],
    "ablation.py": [
        "assessment.tables", "models", "preprocessing.artefact", "evaluation", "processes", "study", "numpy"],
    "results.py": [
        "assessment",
        "models", "evaluation.comparison", "preprocessing.artefact", "processes", "study", "numpy"],
    "explain.py": ["models", "preprocessing.artefact", "preprocessing.catalogue", "numpy"],
    "tensorflow_serving.py": [
        "models", "preprocessing.artefact", "serving.signatures", "tensorflow", "numpy"],
    "serving/signatures.py": [],
    "serving/tensor_proto.py": ["numpy"],
    "serving": [
        "requests", "urllib3", "grpc", "numpy", "tensorflow_serving.apis", "google.protobuf"],
    "serving/server": [
        "listening", "serving.signatures", "serving.tensor_proto", "tensorflow", "numpy", "grpc", "waitress",
        "tensorflow_serving.apis", "tensorflow_serving.config", "google.protobuf"],
    "flask_app": [
        "flask", "werkzeug", "waitress", "markupsafe", "numpy", "listening", "processes", "serving.client",
        "serving.signatures", "preprocessing.catalogue", "preprocessing.artefact",
        "preprocessing.bag", "preprocessing.tokenise", "preprocessing.vocabulary",
        "preprocessing.word_tables"],
    "tSNE": [
        "numpy", "sklearn", "matplotlib", "models", "preprocessing.artefact",
        "preprocessing.catalogue"],
    "user_modeling": [
        "numpy", "sklearn", "models", "preprocessing.artefact", "preprocessing.catalogue"],
    "figures": ["numpy", "matplotlib", "PIL", "selenium", "tensorflow", "models", "preprocessing.catalogue",
                "tensorflow_serving", "serving.server", "serving.signatures", "flask_app", "waitress"],
    "benchmarks/shapes.py": ["numpy", "preprocessing.artefact", "preprocessing.bag"],
    "benchmarks/shop.py": ["numpy", "models", "preprocessing.artefact", "preprocessing.catalogue",
                           "serving.signatures", "tensorflow_serving", "benchmarks"],
    "benchmarks": [
        "numpy", "tensorflow", "models", "preprocessing.artefact", "serving.client", "serving.signatures",
        "tensorflow_serving", "requests", "hypothesis"],
    "trials.py": ["models", "numpy", "optuna"],
    "search.py": ["models", "trials"],
    "listening.py": [],
    "processes.py": ["listening"],
    "stages.py": [],
    "demo.py": ["models.progress", "processes", "stages", "serving.signatures"],
}
EVERYWHERE = ["command", "heap", "tqdm"]
MADE = {"data", "runs", "model_serve", "tests", "__pycache__"}  # no rooms


def room_of(path):
    """The room a file lies in, None if it lies in none."""
    rooms = [room for room in ROOMS if path == room or path.startswith(room + "/")]
    return max(rooms, key=len) if rooms else None


def imports(source, path):
    """All dotted names a file imports, anywhere in it: `from a import b` counts as `a.b`."""
    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            yield from (".".join(base + [alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and (
                called(node) in ("import_module", "__import__", "run_module")):
            yield text_of(node.args[0]) or "a name that is computed"


def called(call):
    """The last part of a called name."""
    return getattr(call.func, "attr", getattr(call.func, "id", None))


def text_of(node):
    """The value of a string literal, else None. (Its node is `Str` before Python 3.8.)"""
    value = node.s if type(node).__name__ == "Str" else getattr(node, "value", None)
    return value if isinstance(value, str) else None


def is_standard(name):
    """Whether a module is of the standard library."""
    name = name.split(".")[0]
    if name in sys.builtin_module_names:
        return True
    spec = importlib.util.find_spec(name)
    origin = os.path.realpath(spec.origin) if spec and spec.origin else ""
    library = os.path.realpath(sysconfig.get_paths()["stdlib"])
    return origin.startswith(library + os.sep) and "site-packages" not in origin


def below(name, names):
    return any(name == other or name.startswith(other + ".") for other in names)


def forbidden(source, path):
    """The imports a file at `path` (relative to the root) may not have."""
    room = room_of(path)
    own = room[:-3] if room.endswith(".py") else room.replace("/", ".")
    sub_rooms = [other.replace("/", ".") for other in ROOMS
                 if other.startswith(room + "/") and not other.endswith(".py")]
    return sorted(name for name in set(imports(source, path))
                  if not (below(name, EVERYWHERE + ROOMS[room]) or is_standard(name)
                          or below(name, [own]) and not below(name, sub_rooms)))


def python_files():
    """Paths of all Python files of the rooms and the root, relative to the root."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name not in MADE]
        for name in names:
            if name.endswith(".py"):
                yield os.path.relpath(os.path.join(folder, name), ROOT).replace(os.sep, "/")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


FILES = sorted(python_files())


def test_every_file_lies_in_a_room():
    assert [path for path in FILES if room_of(path) is None] == []
    assert {"command.py", "preprocessing/artefact.py", "serving/signatures.py"} <= set(FILES)


@pytest.mark.parametrize("path", FILES)
def test_a_file_imports_what_its_room_may(path):
    assert forbidden(read(path), path) == []


def test_the_table_has_no_way_back():
    """Whoever may be imported may not import back, over however many rooms."""
    def rooms_of(name):  # the room that holds the module or package
        path = name.replace(".", "/")
        return {room for room in (room_of(path), room_of(path + ".py")) if room}

    reached = {room: set().union(*map(rooms_of, names)) for room, names in ROOMS.items()}
    for _ in ROOMS:
        for room in reached:
            reached[room] |= set().union(*(reached[other] for other in reached[room]))
    assert "preprocessing/artefact.py" in reached["evaluate.py"]
    assert [room for room in ROOMS if room in reached[room]] == []


@pytest.mark.parametrize("path, source, found", [
    ("flask_app/pages.py", "import tensorflow as tf", ["tensorflow"]),
    ("flask_app/pages.py", "def f():\n    from tensorflow import compat", ["tensorflow.compat"]),
    ("flask_app/pages.py", "importlib.import_module('tensorflow')", ["tensorflow"]),
    ("flask_app/pages.py", "__import__('tens' + 'orflow')", ["a name that is computed"]),
    ("flask_app/pages.py", "from serving import server", ["serving.server"]),
    ("flask_app/pages.py", "from preprocessing import catalogue, split", ["preprocessing.split"]),
    ("flask_app/pages.py", "import flask, os.path, command, sqlite3, sys\nfrom . import store", []),
    ("models/layers.py", "from preprocessing import artefact, split", ["preprocessing.split"]),
    ("models/layers.py", "from train import main", ["train.main"]),
    ("models/layers.py", "import tensorflow.compat.v1 as tf\nfrom models.config import x", []),
    ("preprocessing/artefact.py", "import pandas\nimport numpy", ["pandas"]),
    ("preprocessing/artefact.py", "from preprocessing import readers", ["preprocessing.readers"]),
    ("preprocessing/readers.py", "import tensorflow", ["tensorflow"]),
    ("preprocessing/readers.py", "from models import config", ["models.config"]),
    ("evaluation/rating.py", "import models", ["models"]),
    ("serving/client.py", "import tensorflow", ["tensorflow"]),
    ("serving/client.py", "from serving import signatures, server", ["serving.server"]),
    ("serving/server/rest.py", "import tensorflow\nfrom serving import signatures", []),
    ("serving/server/rest.py", "import models.layers", ["models.layers"]),
    ("serving/server/rest.py", "from serving import client", ["serving.client"]),
    ("serving/server/rest.py", "from .. import client", ["serving.client"]),
    ("tensorflow_serving.py", "from serving import signatures, client", ["serving.client"]),
    ("train.py", "import flask", ["flask"]),
    ("command.py", "import numpy", ["numpy"]),
])
def test_the_check_finds_what_is_forbidden(path, source, found):
    assert forbidden(source, path) == found


def uses_contrib(source, path):
    """Whether a file reaches into tf.contrib, which TensorFlow 2 has no more."""
    return any("contrib" in name.split(".") for name in imports(source, path)) or any(
        getattr(node, "attr", None) == "contrib" for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_of_contrib(path):
    assert not uses_contrib(read(path), path)


@pytest.mark.parametrize("source", ["import tensorflow.contrib", "from tensorflow import contrib",
                                    "tf.contrib.opt.LazyAdamOptimizer()"])
def test_contrib_is_found(source):
    assert uses_contrib(source, "models/x.py")


def names_the_truth(source):
    return any("truth.json" in (text_of(node) or "") for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) in ("models", "train.py")])
def test_what_trains_never_knows_the_planted_truth(path):
    assert not names_the_truth(read(path))


def test_the_planted_truth_is_found():
    assert names_the_truth("open(folder + '/truth.json')")
    assert names_the_truth("f'{folder}/truth.json'")


def test_folders_of_tests_are_packages():
    """So that tests/serving is `tests.serving`, never `serving`."""
    for folder, folders, names in os.walk(os.path.join(ROOT, "tests")):
        folders[:] = [name for name in folders if name[0] not in "._"]
        assert "__init__.py" in names or not any(name.endswith(".py") for name in names), folder
