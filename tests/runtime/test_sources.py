"""The source files that a command uses: its imports are followed, and the data files of the packages count."""
import os

import pytest

from runtime import sources
from runtime.project import ROOT

FILES = {
    "script.py": "import os\nimport shop.pages\n",
    "shop/__init__.py": "", "shop/__main__.py": "from shop import pages\n", "shop/layout.html": "",
    "shop/pages.py": "def page():\n    from store.tables import read\n    return read\n",
    "shop/templates/page.html": "", "shop/.hidden": "", "shop/notes.ipynb": "",
    "store/__init__.py": "from store import columns\n", "store/columns.py": "", "store/tables.py": "",
    "store/other.py": "",
    "store/deeper/__init__.py": "", "store/deeper/data.txt": "",
    "unused/__init__.py": "", "README.md": "",
}
USED_BY_PAGES = {"shop/__init__.py", "shop/layout.html", "shop/pages.py", "shop/templates/page.html",
                 "store/__init__.py", "store/columns.py", "store/tables.py"}


@pytest.fixture
def project(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return str(tmp_path)


@pytest.mark.parametrize("arguments, entry", [
    (["script.py", "--flag"], "script.py"), (["-m", "shop"], "shop/__main__.py"),
    (["-m", "shop.pages"], "shop/pages.py")])
def test_imports_are_followed_also_inside_functions(project, arguments, entry):
    assert set(sources.of_command(arguments, project)) == USED_BY_PAGES | {entry}


@pytest.mark.parametrize("arguments, used, unused", [
    (["-m", "preprocessing"], ["preprocessing/bag.py", "runtime/cli.py"],
     ["models/config.py", "preprocessing/derive.py"]),
    (["train.py"], ["preprocessing/bag.py", "metrics/rating.py", "models/network/max_pool.py", "runtime/tf1.py"],
     ["commands/demo.py", "evaluation/run_report.py", "flask_app/application.py"]),
    (["-m", "commands.evaluate"], ["evaluation/report/page.py", "metrics/significance.py", "models/deeprecsys.py"],
     ["serving/server/__main__.py", "train.py"]),
    (["-m", "flask_app"], ["flask_app/templates/base.html", "flask_app/static/shop.css"], ["train.py"])])
def test_what_the_commands_of_this_project_use(arguments, used, unused):
    paths = sources.of_command(arguments, ROOT)
    assert set(used) <= set(paths) and not set(unused) & set(paths)
    assert all(os.path.isfile(os.path.join(ROOT, path)) for path in paths)
