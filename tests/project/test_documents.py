"""The documents are true: every link leads somewhere, and every command and file that they show exists."""
import glob
import importlib.util
import os
import re

import pytest

from runtime.project import ROOT
from tests.support import commands, documents, sources

DOCUMENTS = documents.all_of(ROOT)
HISTORY = "CHANGELOG.md"  # names files that were moved or deleted
FOLDERS = {name for name in os.listdir(ROOT)
           if name[0] not in "._" and name not in sources.GENERATED and os.path.isdir(os.path.join(ROOT, name))}
SCRIPTS = {"train.py": "train", "tensorflow_serving.py": "export", "tSNE/tSNE_visualization.py": "tsne"}


def unknown(document):
    """Commands that `run` does not have, and flags that a command does not take."""
    wrong = []
    for command in document.commands:
        if command.name.isupper():  # stands for any command
            continue
        if command.name not in commands.targets():
            wrong.append(f"./run {command.name}")
        else:
            wrong += [f"./run {command.name} {flag}" for flag in command.flags
                      if not commands.takes(command.name, flag, command.arguments)]
    for script in document.scripts:
        if not os.path.isfile(os.path.join(ROOT, script.name)):
            wrong.append(script.name)
        elif script.name in SCRIPTS:
            wrong += [f"{script.name} {flag}" for flag in script.flags
                      if not commands.takes(SCRIPTS[script.name], flag)]
    return wrong + [f"python -m {name}" for name in document.modules if not is_module(name)]


def is_module(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def missing_tests(document):
    """Paths below tests/ that do not exist, and names after `::` that the file does not hold."""
    missing = []
    for path in document.tests:
        file, _, name = path.partition("::")
        if re.search("[A-Z]{2}", file):  # tests/NAME stands for any
            continue
        if not glob.glob(os.path.join(ROOT, file)):
            missing.append(path)
        elif name:
            with open(os.path.join(ROOT, file), encoding="utf-8") as source:
                if name not in source.read():
                    missing.append(path)
    return missing


def missing_paths(document):
    """Paths of the repository in code that do not exist; a command may name folders that it makes."""
    return [path for path in document.paths(FOLDERS) if not glob.glob(os.path.join(ROOT, path))]


def offenders(check):
    wrong_in = {os.path.relpath(document.path, ROOT): check(document) for document in DOCUMENTS}
    return {path: wrong for path, wrong in wrong_in.items() if wrong}


def test_every_relative_link_leads_to_a_file_and_a_heading():
    assert offenders(documents.broken_links) == {}
    assert sum(len(document.links) for document in DOCUMENTS) > 5


def test_every_command_that_a_document_shows_exists_and_takes_its_flags():
    assert offenders(unknown) == {}
    assert sum(len(document.commands) for document in DOCUMENTS) > 20


def test_every_test_that_a_document_names_exists():
    assert offenders(missing_tests) == {}


def test_every_path_that_a_document_shows_in_code_exists():
    missing = offenders(missing_paths)
    missing.pop(HISTORY, None)
    assert missing == {}
    assert sum(len(document.paths(FOLDERS)) for document in DOCUMENTS) > 100


@pytest.fixture
def page(tmp_path):
    """Writes a document into a small project; returns it, read."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "model.md").write_text("# The *network*, drawn\n\n## Terms\n\n## Terms\n")

    def write(text):
        (tmp_path / "README.md").write_text(text)
        return documents.read(str(tmp_path / "README.md"))
    return write


@pytest.mark.parametrize("link, is_broken", [
    ("[m](docs/model.md)", False), ("[m](docs/)", False), ("[m](https://host/none.md)", False),
    ("[m](docs/model.md#the-network-drawn)", False), ("[m](docs/model.md#terms-1)", False),
    ("[m](#here)", False), ("[![a picture](docs/model.md)](docs/none.md)", True), ("`[m](none.md)`", False),
    ("```\n[m](none.md)\n```", False), ("[m](docs/none.md)", True), ("[m](docs/model.md#none)", True),
    ("[m](docs/model.md#terms-2)", True), ("[m](#none)", True),
    ("[m][1]\n\n[1]: docs/none.md", True), ("[![a picture](none.png)](docs/model.md)", True),
    ('<img src="none.png" width="80">', True)])
def test_a_broken_link_is_found(page, link, is_broken):
    assert bool(documents.broken_links(page(f"# Here\n\n{link}\n"))) == is_broken


@pytest.mark.parametrize("text, expected", [
    ("Type `./run train --data sample -e 3`.", []), ("Type `./run\ntrain`.", []), ("`./run COMMAND --help`", []),
    ("    ./run train --data x  # --none\n", []), ("```\n./run train \\\n  --none 3\n```\n", ["./run train --none"]),
    ("Type `./run trian`.", ["./run trian"]), ("\n\n    ./run train --dta x | less -R\n", ["./run train --dta"]),
    ("`./run bench training --steps 3`", []), ("`./run bench training --stps 3`", ["./run bench --stps"]),
    ("`python train.py -e 3`", []), ("`python train.py -q 3`", ["train.py -q"]), ("`python trian.py`", ["trian.py"]),
    ("`bash flask_app/run.sh`", []), ("`bash flask_app/go.sh`", ["flask_app/go.sh"]),
    ("`python -m preprocessing.sample`", []), ("`python -m preprocessing.none`", ["python -m preprocessing.none"])])
def test_an_unknown_command_or_flag_is_found(page, text, expected):
    assert unknown(page(f"# Here\n\n{text}\n")) == expected


@pytest.mark.parametrize("text, expected", [
    ("tests/models, `tests/project/test_documents.py`", []), ("tests/*/test_none.py", ["tests/*/test_none.py"]),
    ("`tests/NAME/test_x.py`", []),
    ("tests/conftest.py::tiny_run, tests/conftest.py::none", ["tests/conftest.py::none"])])
def test_a_missing_test_is_found(page, text, expected):
    assert missing_tests(page(text)) == expected


@pytest.mark.parametrize("text, expected", [
    ("`models/config.py`, `models/export/`, `docs/results/*.md`", []), ("models/none.py in a sentence", []),
    ("`models/none.py`", ["models/none.py"]), ("`model/config.py`", ["model/config.py"]),
    ("`models/exports/`", ["models/exports/"]), ("`docs/none*.md`", ["docs/none*.md"]), ("`models/NAME.py`", []),
    ("`data/sample/`, `runs/NAME/words/`, `model_serve/1/`, `arrays/user_reviews.npy`", []),
    ("\n\n    python train/none.py\n", ["train/none.py"]), ("`http://host/models/none`, `/api/models/none`", [])])
def test_a_missing_path_is_found(page, text, expected):
    assert missing_paths(page(f"# Here\n\n{text}\n")) == expected
