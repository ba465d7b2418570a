"""The architecture as a test: imports point down only, none is cyclic, and TensorFlow has one door."""
import ast
import os

from runtime.project import ROOT

# From the top down. A file may import its own package and the levels below its own.
LEVELS = (("commands", "figures", "benchmarks"), ("experiments", "train", "tensorflow_serving"),
          ("evaluation", "tSNE"), ("user_modeling",), ("flask_app",), ("models",), ("preprocessing", "serving"),
          ("metrics", "runtime"))
INSIDE = {  # likewise within a package
    "models": (("training", "export"), ("inference",), ("ranking",), ("inputs", "graph"), ("deeprecsys", "run_folder"),
               ("network", "config", "config_json")),
    "flask_app": (("__main__", "application"), ("views",), ("recommending",), ("storage",), ("web",))}
SCRIPTS = ("train", "tensorflow_serving", "tSNE.tSNE_visualization")  # published names: nothing imports them
OF_MODELS = ("models.run_folder.", "models.config")  # all that the shop may take of `models`
WITHOUT_TENSORFLOW = ("flask_app", "preprocessing", "metrics", "commands", "train", "tensorflow_serving")
TRUTH, TRAINED = "truth.json", ("models", "train", "user_modeling")  # nothing that trains knows the planted truth
GRAMMAR = "preprocessing.sample"  # nor the grammar that writes the sample corpus
GENERATED = {"data", "runs", "model_serve", "tests"}  # folders of the root that hold no source


def sources():
    """{module name: syntax tree} of the project's files, tests left out."""
    trees = {}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and not (folder == ROOT and name in GENERATED)]
        for path in (os.path.join(folder, name) for name in names if name.endswith(".py")):
            with open(path, encoding="utf-8") as file:
                parts = os.path.relpath(path, ROOT)[:-len(".py")].split(os.sep)
                trees[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(file.read())
    return trees


def imports(tree, everywhere=True):
    """All dotted names that a file imports, at its top or anywhere: `from a import b` counts as `a.b`."""
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


TREES = sources()


def modules_of(names):
    """The modules of this project among imported names; a name of a module stands for the module."""
    modules = (next((module for module in (name, name.rpartition(".")[0]) if module in TREES), "") for name in names)
    return set(modules) - {""}


GRAPH = {module: modules_of(imports(tree)) for module, tree in TREES.items()}
EDGES = [(module, other) for module, others in sorted(GRAPH.items()) for other in sorted(others)]


def level(name, levels):
    return next((number for number, rooms in enumerate(levels) if name in rooms), None)


def points_down(module, other):
    (room, *rest), (other_room, *other_rest) = module.split("."), other.split(".")
    if room != other_room:
        return level(room, LEVELS) < level(other_room, LEVELS)
    if room not in INSIDE or not rest or not other_rest or rest[0] == other_rest[0]:
        return True
    return level(rest[0], INSIDE[room]) <= level(other_rest[0], INSIDE[room])


def test_imports_point_down_only():
    assert {"commands.demo", "models.deeprecsys", "runtime.cli", "train"} <= set(TREES)
    assert [edge for edge in EDGES if not points_down(*edge)] == []
    assert [edge for edge in EDGES if edge[1] in SCRIPTS and edge[0] != "tensorflow_serving"] == []
    assert [edge for edge in EDGES if edge[0].startswith("flask_app") and edge[1].startswith("models")
            and not edge[1].startswith(OF_MODELS)] == []


def test_no_import_is_cyclic():
    """Takes away modules that import nothing that is left: what cannot be taken away is part of a cycle."""
    left = dict(GRAPH)
    while True:
        free = [module for module, others in left.items() if not (others - {module}) & set(left)]
        if not free:
            break
        for module in free:
            del left[module]
    assert sorted(left) == []


def test_tensorflow_has_one_door_and_commands_open_it_late():
    """`runtime.tf1` alone imports TensorFlow. The shop never reaches it; `--help` of a command does not wait for it."""
    direct = [module for module, tree in TREES.items() if any(
        name.split(".")[:2] in (["tensorflow", "compat"], ["tensorflow"]) or "contrib" in name.split(".")
        for name in imports(tree))]
    assert direct == ["runtime.tf1"] or set(direct) == {"runtime.tf1", "benchmarks.serving.tf2_client"}
    top = {module: modules_of(imports(tree, everywhere=False)) for module, tree in TREES.items()}
    for module in [name for name in TREES if name.split(".")[0] in WITHOUT_TENSORFLOW]:
        graph, reached, waiting = GRAPH if module.startswith("flask_app") else top, set(), [module]
        while waiting:
            reached.add(waiting.pop())
            waiting = sorted(set().union(*(graph[name] for name in reached)) - reached)
        assert "runtime.tf1" not in reached, module


def test_what_trains_never_names_the_planted_truth():
    assert [module for module, tree in TREES.items() if module.split(".")[0] in TRAINED and any(
        TRUTH in str(value) for node in ast.walk(tree) for _, value in ast.iter_fields(node))] == []
    assert [edge for edge in EDGES if edge[0].split(".")[0] in TRAINED and edge[1].startswith(GRAMMAR)] == []


def test_folders_of_tests_are_packages():
    """So that tests/serving is `tests.serving`, never `serving`."""
    for folder, folders, names in os.walk(os.path.join(ROOT, "tests")):
        folders[:] = [name for name in folders if name[0] not in "._"]
        assert "__init__.py" in names or not any(name.endswith(".py") for name in names), folder
