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
    assert calls == ["a.new", "rename", tmp_path.name]


def test_a_folder_is_replaced_completely(tmp_path):
    folder = tmp_path / "data"
    for content in ("first", "second"):
        with files.written_folder(str(folder)) as draft:
            with open(os.path.join(draft, content), "w") as out:
                out.write(content)
        assert os.listdir(str(folder)) == [content] and os.listdir(str(tmp_path)) == ["data"]
        assert os.stat(str(folder)).st_mode & 0o777 == 0o755


@pytest.mark.parametrize("fails", ["while it is written", "when it is renamed"])
def test_a_folder_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch, fails):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "older").write_text("kept")
    rename = os.rename

    def renamed(source, target):
        if fails == "when it is renamed" and target == str(tmp_path / "data") and os.path.basename(source) != "older":
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", renamed)
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
