"""Stages are made once, decided by content, and leave alone what a user made."""
import os

import pytest

from runtime import processes, stages
from runtime.stages import Made, Pipeline, Stage

MAKER = """
import os, sys
source, out = sys.argv[1:3]
os.makedirs(out, exist_ok="--resume" in sys.argv)
if open(source).read() == "bad":
    sys.exit(7)
with open(os.path.join(out, "copy"), "w") as file:
    file.write(open(source).read())
"""


def write(path, text):
    with open(str(path), "w") as file:
        file.write(text)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder with a maker of outputs, and its input; `build()` builds and tells what was run."""
    monkeypatch.chdir(tmp_path)
    write("maker.py", MAKER)
    write("input", "one")

    class Shelf:
        stage = Stage("make it", ["maker.py", "{source.path}", "{out.path}"], out="made/it",
                      sources=["maker.py"], resume=["--resume"])

        def build(self, source="input", **changes):
            with processes.Children() as children:
                ran, run = [], children.run
                children.run = lambda title, command: (ran.append(command), run(title, command))
                made = Pipeline(children, 1).build(
                    self.stage._replace(**changes), source=Made(source, stages.sha256(source)))
            return made, ran

    return Shelf()


def content(made):
    with open(os.path.join(made.path, "copy")) as file:
        return file.read()


def test_a_stage_is_made_once(shelf):
    first, ran = shelf.build()
    assert first.path == "made/it" and content(first) == "one"
    assert ran == [["maker.py", "input", "made/it"]]
    assert shelf.build() == (first, [])


def test_neither_time_nor_path_of_an_input_matters(shelf):
    first, _ = shelf.build()
    os.utime("input", (1, 1))
    os.rename("input", "moved")
    assert shelf.build("moved") == (first, [])


@pytest.mark.parametrize("change", [
    lambda: write("input", "two"),
    lambda: write("maker.py", MAKER + "# another maker\n"),
])
def test_a_changed_input_or_source_is_made_beside_the_old(shelf, change):
    old, _ = shelf.build()
    change()
    new, ran = shelf.build()
    assert len(ran) == 1
    assert new.path.startswith("made/it-") and new.path != old.path
    assert content(old) == "one"
    assert shelf.build() == (new, [])


def test_other_arguments_are_another_output(shelf):
    old, _ = shelf.build()
    new, ran = shelf.build(arguments=shelf.stage.arguments + ["--more"])
    assert len(ran) == 1 and new.path != old.path


def test_what_a_user_made_is_left_alone(shelf):
    os.makedirs("made/it")
    write("made/it/mine", "mine")
    made, _ = shelf.build()
    assert made.path.startswith("made/it-")
    assert os.listdir("made/it") == ["mine"]


@pytest.mark.parametrize("harm", [
    lambda: write("made/it/copy", "spoilt"), lambda: os.remove("made/it/copy")])
def test_a_spoilt_output_does_not_count(shelf, harm):
    shelf.build()
    harm()
    made, ran = shelf.build()
    assert len(ran) == 1 and made.path != "made/it" and content(made) == "one"


def test_files_added_to_an_output_do_no_harm(shelf):
    first, _ = shelf.build()
    write("made/it/report", "added later")
    assert shelf.build() == (first, [])


def test_a_stage_in_place_is_remade_in_its_folder(shelf):
    shelf.build(in_place=True)
    write("input", "two")
    write("maker.py", MAKER.replace('"--resume" in sys.argv', "True"))
    made, ran = shelf.build(in_place=True)
    assert len(ran) == 1 and made.path == "made/it" and content(made) == "two"


def test_a_failing_stage_ends_the_demo_with_its_code_and_is_resumed(shelf):
    write("input", "bad")
    with pytest.raises(SystemExit) as exit:
        shelf.build()
    assert exit.value.code == 7
    with pytest.raises(SystemExit) as exit:
        shelf.build()
    assert exit.value.code == 7  # not resumed, it would have stumbled over its own folder: code 1
    assert os.listdir("made/it") == []
    write("input", "good")
    made, _ = shelf.build()
    assert made.path.startswith("made/it-") and content(made) == "good"


def test_a_stage_that_was_killed_before_its_stamp_is_not_run_again(shelf):
    """The demo ended between a training's last checkpoint and its stamp: there is nothing to resume."""
    first, _ = shelf.build()
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], files=None)
    assert shelf.build(ended=lambda out: os.path.exists(os.path.join(out, "copy"))) == (first, [])
    assert shelf.build() == (first, [])
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], files=None)
    assert len(shelf.build(ended=lambda out: False)[1]) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"key": 1}'])
def test_a_broken_stamp_counts_as_none(shelf, text):
    first, _ = shelf.build()
    write(stages.stamp_path(first.path), text)
    made, ran = shelf.build()
    assert len(ran) == 1 and made.path != first.path
