"""What is written is written whole, or the older stays and nothing else does."""
import os

import pytest

from models import durable


def test_json_is_written_whole(tmp_path):
    path = tmp_path / "a.json"
    durable.write_json(str(path), {"b": 1})
    with pytest.raises(TypeError):
        durable.write_json(str(path), {"b": object()})
    assert path.read_text() == '{\n "b": 1\n}\n'


def test_what_cannot_be_renamed_leaves_no_draft(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(OSError):
        durable.write_text(str(tmp_path / "a"), "text")
    assert os.listdir(str(tmp_path)) == ["a"] and os.listdir(str(tmp_path / "a")) == ["b"]


def test_all_is_on_disk_before_a_name_stands_for_it(tmp_path, monkeypatch):
    """fsync of the draft, rename, fsync of the folder: in this order."""
    calls, path = [], str(tmp_path / "a")
    rename, fsync = os.replace, os.fsync
    monkeypatch.setattr(os, "replace", lambda *names: calls.append("rename") or rename(*names))
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append(
        os.path.basename(os.readlink(f"/proc/self/fd/{handle}"))) or fsync(handle))
    durable.write_text(path, "text")
    assert calls == ["a.new", "rename", tmp_path.name]


@pytest.mark.parametrize("error, said",
                         [(OSError(28, "No space left on device"), "No space left on device"),
                          (ValueError("one\ntwo"), "one"), (ValueError(), "ValueError"),
                          (ValueError("a" * 99 + "b" * 99), "a" * 80 + " ... " + "b" * 80)])
def test_an_error_in_one_short_line(error, said):
    assert durable.reason(error) == said
