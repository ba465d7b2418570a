"""A copy of the tiny chain that the tests of `evaluate` evaluate, and its report."""
import json
import shutil

from commands import aspects, evaluate


def made(chain, folder):
    """Copies the chain to `folder`, with tables of aspects of its run. Returns the folder."""
    shutil.copytree(chain.folder, str(folder))
    aspects.main(["--run", "tiny", "--runs", str(folder / "runs"), "--number", "6"])
    return folder


def report(folder, *arguments):
    """Evaluates the copy. Returns the record of report.json."""
    evaluate.main(["--run", "tiny", "--runs", str(folder / "runs")] + list(arguments))
    return json.loads((folder / "runs" / "tiny" / "evaluation" / "report.json").read_text())


def page(folder):
    """The text of report.html."""
    return (folder / "runs" / "tiny" / "evaluation" / "report.html").read_text()
