"""A file or folder is written completely, or the older one stays and no draft is left."""
import os
import tempfile

import pytest

from runtime import files
from runtime.cli import UserError


def test_names_of_files_in_a_text_are_stored_in_every_locale(tmp_path):
    text = os.fsdecode(b"odd\xff") + "\u0444".encode().decode("ascii", "surrogateescape") + "\u0444"
    files.write_text(str(tmp_path / "a"), text)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "odd\ufffd\u0444\u0444"
    assert files.as_text(os.fsdecode(b"odd\xff")) == "odd\ufffd"


def test_json_that_cannot_be_written_leaves_the_older_file(tmp_path):
    path = tmp_path / "a.json"
    files.write_json(str(path), {"b": 1})
    with pytest.raises(TypeError):
        files.write_json(str(path), {"b": object()})
    assert path.read_text() == '{\n "b": 1\n}\n'


def test_a_file_that_cannot_be_renamed_leaves_no_draft(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(OSError):
        files.write_text(str(tmp_path / "a"), "text")
    assert os.listdir(str(tmp_path)) == ["a"] and os.listdir(str(tmp_path / "a")) == ["b"]


def test_the_content_is_on_disk_before_the_file_gets_its_name(tmp_path, monkeypatch):
    """fsync of the draft, rename, fsync of the folder, in this order."""
    calls, path = [], str(tmp_path / "a")
    rename, fsync = os.replace, os.fsync
    monkeypatch.setattr(os, "replace", lambda *names: calls.append("rename") or rename(*names))
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append(
        os.path.basename(os.readlink(f"/proc/self/fd/{handle}"))) or fsync(handle))
    files.write_text(path, "text")
    assert calls == ["a", "rename", tmp_path.name]


def test_a_file_gets_the_permissions_of_a_new_file_and_no_other_file_is_touched(tmp_path):
    (tmp_path / "a.new").write_text("of the user")
    mask = os.umask(0o027)
    try:
        files.write_text(str(tmp_path / "a"), "text")
        with pytest.raises(ValueError), files.written(str(tmp_path / "a")):
            raise ValueError
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(str(tmp_path))) == ["a", "a.new"] and (tmp_path / "a.new").read_text() == "of the user"


def test_two_writers_of_one_file_at_the_same_time_each_write_it_completely(tmp_path):
    path = str(tmp_path / "a")
    with files.written(path) as first:
        first.write(b"first")
        with files.written(path) as second:
            second.write(b"second")
        assert (tmp_path / "a").read_bytes() == b"second"
        first.write(b" again")
    assert (tmp_path / "a").read_bytes() == b"first again" and os.listdir(str(tmp_path)) == ["a"]


def test_a_file_in_a_missing_folder_is_an_error_and_the_folder_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.write_text(str(tmp_path / "missing" / "a"), "text")
    assert os.listdir(str(tmp_path)) == []


def test_the_draft_of_a_file_of_a_killed_process_is_deleted_by_the_next_one(tmp_path):
    killed(lambda: files.write_text(str(tmp_path / "a"), "text"), "replace", "before")
    assert len(os.listdir(str(tmp_path))) == 1
    files.write_text(str(tmp_path / "b"), "text")
    assert os.listdir(str(tmp_path)) == ["b"]


def killed(function, name, moment, call=1):
    """Calls a function in a child process that ends at once, as by SIGKILL, in a call of `os.<name>`.

    Args:
      moment: "before" or "after" the call.
      call: number of the call, from 1.
    """
    child = os.fork()
    if child == 0:
        original, calls = getattr(os, name), []

        def ends(*arguments):
            calls.append(arguments)
            if len(calls) == call and moment == "before":
                os._exit(9)
            original(*arguments)
            if len(calls) == call:
                os._exit(9)

        setattr(os, name, ends)
        try:
            function()
        finally:
            os._exit(0)
    assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 9


def write_folder(folder, content):
    with files.written_folder(str(folder)) as draft:
        with open(os.path.join(draft, content), "w") as out:
            out.write(content)


@pytest.fixture(params=["in one step", "in two steps"])
def steps(request, monkeypatch):
    """How a folder is replaced."""
    if request.param == "in two steps":
        monkeypatch.setattr(files, "_exchanged", lambda *_: False)
    return request.param


def test_a_folder_is_replaced_completely(tmp_path, steps):
    folder = tmp_path / "data"
    for content in ("first", "second"):
        write_folder(folder, content)
        assert os.listdir(str(folder)) == [content] and os.listdir(str(tmp_path)) == ["data"]
        assert os.stat(str(folder)).st_mode & 0o777 == 0o755


def test_a_link_to_a_folder_is_replaced_by_the_folder_and_no_link_remains(tmp_path):
    write_folder(tmp_path / "target", "first")
    (tmp_path / "data").symlink_to(tmp_path / "target")
    write_folder(tmp_path / "data", "second")
    assert sorted(os.listdir(str(tmp_path))) == ["data", "target"] and not (tmp_path / "data").is_symlink()
    assert os.listdir(str(tmp_path / "data")) == ["second"] and os.listdir(str(tmp_path / "target")) == ["first"]


def test_a_folder_that_is_replaced_in_one_step_is_never_absent(tmp_path):
    """The older content has the draft's name then, and is deleted as any draft, also after a kill."""
    for name in ("data", "draft"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    if not files._exchanged(str(tmp_path / "draft"), str(tmp_path / "data")):
        pytest.skip("this system cannot exchange two folders")
    assert os.listdir(str(tmp_path / "data")) == ["draft"] and os.listdir(str(tmp_path / "draft")) == ["data"]


@pytest.mark.parametrize("call, moment, whole", [(1, "before", "older"), (1, "after", None), (2, "after", "newer")])
def test_a_kill_while_a_folder_is_replaced_in_two_steps_loses_nothing(tmp_path, monkeypatch, call, moment, whole):
    monkeypatch.setattr(files, "_exchanged", lambda *_: False)
    folder = tmp_path / "data"
    write_folder(folder, "older")
    killed(lambda: write_folder(folder, "newer"), "rename", moment, call)
    assert folder.exists() == (whole is not None)
    write_folder(tmp_path / "other", "content")  # of another folder: what was moved away stays there
    with pytest.raises(ValueError), files.written_folder(str(folder)):
        raise ValueError  # the next writer has brought it back, though it fails itself
    assert os.listdir(str(folder)) == [whole or "older"]
    write_folder(folder, "newest")
    assert sorted(os.listdir(str(tmp_path))) == ["data", "other"] and os.listdir(str(folder)) == ["newest"]


@pytest.mark.parametrize("fails", ["while it is written", "when it is renamed"])
def test_a_folder_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch, fails):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "older").write_text("kept")
    rename = os.rename

    def renamed(source, target):
        if fails == "when it is renamed" and os.path.basename(source).startswith(files.DRAFT):
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(files, "_exchanged", lambda *_: False)
    with pytest.raises(OSError):
        with files.written_folder(str(tmp_path / "data")):
            if fails == "while it is written":
                raise OSError(5, "Input/output error")
    assert os.listdir(str(tmp_path)) == ["data"] and os.listdir(str(tmp_path / "data")) == ["older"]


def test_the_draft_of_a_killed_process_is_deleted_by_the_next_one(tmp_path):
    (tmp_path / ".draft-data-killed").mkdir()
    (tmp_path / ".draft-other-killed").mkdir()
    with files.written_folder(str(tmp_path / "data")) as draft:
        with files.written_folder(str(tmp_path / "data")) as second:  # a living process's draft is kept
            assert os.path.isdir(draft) and draft != second
    assert sorted(os.listdir(str(tmp_path))) == [".draft-other-killed", "data"]


def test_checksums_of_files_and_values(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256(str(tmp_path / "a")) == (  # FIPS 180-4, appendix B.1 of its first edition
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert files.sha256_of({"a": 1, "b": [2]}) == files.sha256_of({"b": [2], "a": 1}) != files.sha256_of({"a": 1})


@pytest.mark.parametrize("error, line",
                         [(OSError(28, "No space left on device"), "No space left on device"),
                          (ValueError("one\ntwo"), "one"), (ValueError(), "ValueError"),
                          (ValueError("Graph execution error:\n\nDetected at node 'a' defined at:\n  File x\n"
                                      "Node: 'a'\nx; File too large\n\t [[{{node a}}]]"), "x; File too large"),
                          (ValueError("Graph execution error:\n\nx; File too large"), "x; File too large"),
                          (ValueError("a" * 99 + "b" * 99), "a" * 80 + " ... " + "b" * 80)])
def test_the_reason_of_an_error_is_one_short_line(error, line):
    assert files.reason(error) == line


def test_a_draft_that_is_deleted_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    """Another process may delete abandoned drafts just when a draft exists and is not locked yet."""
    made, mkdtemp = [], tempfile.mkdtemp

    def made_and_deleted_once(**arguments):
        made.append(mkdtemp(**arguments))
        if len(made) == 1:
            os.rmdir(made[0])
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", made_and_deleted_once)
    with files.draft_folder(str(tmp_path)) as draft:
        assert len(made) == 2 and draft == made[1] and os.path.isdir(draft)
    assert os.listdir(str(tmp_path)) == []


def test_a_folder_in_which_nothing_can_be_written_is_an_error_before_the_work(tmp_path):
    (tmp_path / "file").write_text("kept")
    for folder in (tmp_path, tmp_path / "new" / "newer"):
        files.require_writable(str(folder), "give another folder")
    with pytest.raises(UserError, match="file/new: cannot be written .Not a directory.; give another folder"):
        files.require_writable(str(tmp_path / "file" / "new"), "give another folder")
    assert os.listdir(str(tmp_path)) == ["file"]
