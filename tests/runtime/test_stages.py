"""Stages are made once, are decided by content, and never overwrite what a user made."""
import os

import pytest

from runtime import files, processes, stages
from runtime.stages import Made, Pipeline, Stage

MAKER = """
import os, sys
from tools import near
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
def workshop(tmp_path, monkeypatch):
    """A folder with a script that makes an output of an input; `build()` returns (Made, commands that were run)."""
    monkeypatch.chdir(tmp_path)
    write("maker.py", MAKER)
    write("input", "one")
    os.makedirs("tools/words")
    for path, text in (("tools/__init__.py", ""), ("tools/near.py", "def size():\n    from tools.deep import SIZE\n"),
                       ("tools/deep.py", "SIZE = 1\n"), ("tools/words/list.txt", "one"), ("unused.py", "")):
        write(path, text)

    class Workshop:
        stage = Stage("make it", ["maker.py", "{source.path}", "{out.path}"], out="made/it",
                      resume=["--resume"])

        def build(self, source="input", **changes):
            with processes.Children() as children:
                ran, run = [], children.run
                children.run = lambda title, command: (ran.append(command), run(title, command))
                made = Pipeline(children, 1).build(
                    self.stage._replace(**changes), source=Made(source, files.sha256(source)))
            return made, ran

    return Workshop()


def content(made):
    with open(os.path.join(made.path, "copy")) as file:
        return file.read()


def test_a_stage_is_made_once(workshop):
    first, ran = workshop.build()
    assert first.path == "made/it" and content(first) == "one"
    assert ran == [["maker.py", "input", "made/it"]]
    assert workshop.build() == (first, [])


def test_time_and_path_of_an_input_do_not_matter(workshop):
    first, _ = workshop.build()
    os.utime("input", (1, 1))
    os.rename("input", "moved")
    assert workshop.build("moved") == (first, [])


@pytest.mark.parametrize("change", [
    lambda: write("input", "two"),
    lambda: write("maker.py", MAKER + "# another script\n"),
    lambda: write("tools/deep.py", "SIZE = 2\n"),
    lambda: write("tools/words/list.txt", "two"),
])
def test_after_a_change_of_input_or_source_a_new_output_is_made_beside_the_old_one(workshop, change):
    old, _ = workshop.build()
    change()
    new, ran = workshop.build()
    assert len(ran) == 1
    assert new.path.startswith("made/it-") and new.path != old.path
    assert content(old) == "one"
    assert workshop.build() == (new, [])


@pytest.mark.parametrize("path", ["unused.py", "tools/notes.ipynb", "README.md"])
def test_a_file_that_the_command_does_not_use_changes_nothing(workshop, path):
    first, _ = workshop.build()
    write(path, "changed")
    assert workshop.build() == (first, [])


def test_other_arguments_make_another_output(workshop):
    old, _ = workshop.build()
    new, ran = workshop.build(arguments=workshop.stage.arguments + ["--more"])
    assert len(ran) == 1 and new.path != old.path


def test_what_a_user_made_is_not_overwritten(workshop):
    os.makedirs("made/it")
    write("made/it/mine", "mine")
    made, _ = workshop.build()
    assert made.path.startswith("made/it-")
    assert os.listdir("made/it") == ["mine"]


@pytest.mark.parametrize("harm", [
    lambda: write("made/it/copy", "damaged"), lambda: os.remove("made/it/copy")])
def test_a_damaged_output_is_not_used(workshop, harm):
    workshop.build()
    harm()
    made, ran = workshop.build()
    assert len(ran) == 1 and made.path != "made/it" and content(made) == "one"


def test_an_output_with_added_files_is_still_used(workshop):
    first, _ = workshop.build()
    write("made/it/report", "added later")
    assert workshop.build() == (first, [])


def test_a_stage_in_place_is_made_anew_in_its_folder(workshop):
    workshop.build(in_place=True)
    write("input", "two")
    write("maker.py", MAKER.replace('"--resume" in sys.argv', "True"))
    made, ran = workshop.build(in_place=True)
    assert len(ran) == 1 and made.path == "made/it" and content(made) == "two"


@pytest.mark.parametrize("first, second", ["ab", "ba"])
def test_two_stages_that_share_a_folder_keep_the_files_of_each_other(workshop, first, second):
    write("part.py", "import os, sys\nos.makedirs('made/shared', exist_ok=True)\n"
                     "with open('made/shared/' + sys.argv[1], 'w') as out:\n    out.write(sys.argv[2])\n")

    def build(name, text="text"):
        return workshop.build(arguments=["part.py", name, text], out="made/shared", in_place=True, resume=[], part=name,
                              owns=lambda path: path == name)

    (one, ran), (two, also) = build(first), build(second)
    assert ran and also and one.digest != two.digest
    assert build(first) == (one, []) and build(second) == (two, [])
    assert build(first, "new")[1] and build(second) == (two, [])
    os.remove(f"made/shared/{second}")
    assert build(first, "new")[1] == [] and build(second)[1]


def test_a_failing_stage_ends_the_demo_with_its_code_and_is_resumed(workshop):
    write("input", "bad")
    with pytest.raises(SystemExit) as exit:
        workshop.build()
    assert exit.value.code == 7
    with pytest.raises(SystemExit) as exit:
        workshop.build()
    assert exit.value.code == 7  # without --resume it would fail at its own folder, with code 1
    assert os.listdir("made/it") == []
    write("input", "good")
    made, _ = workshop.build()
    assert made.path.startswith("made/it-") and content(made) == "good"


def test_a_stage_that_was_killed_between_its_end_and_its_stamp_is_not_run_again(workshop):
    """A training whose last checkpoint is written has nothing to resume."""
    first, _ = workshop.build()
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], None)
    assert workshop.build(is_finished=lambda out: os.path.exists(os.path.join(out, "copy"))) == (first, [])
    assert workshop.build() == (first, [])
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], None)
    assert len(workshop.build(is_finished=lambda out: False)[1]) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"key": 1}'])
def test_a_damaged_stamp_counts_as_none(workshop, text):
    first, _ = workshop.build()
    write(stages.stamp_path(first.path), text)
    made, ran = workshop.build()
    assert len(ran) == 1 and made.path != first.path
