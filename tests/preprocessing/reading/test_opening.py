"""Compressed files and archives are read by their first bytes; a bomb meets a limit; lines have exact numbers."""
import bz2
import gzip
import io
import lzma
import os
import sys
import zipfile

import pytest

from preprocessing import readers
from preprocessing.reading import lines, opening, tally
from runtime.cli import UserError
from tests.preprocessing.reading.samples import COUNT, LAYOUTS, RECORDS, json_lines
from tests.preprocessing.test_readers import refused


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PACKED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zip": lambda raw: zipped({"a.json": raw})}


@pytest.mark.parametrize("layout", ["2014", "array", "csv"])
@pytest.mark.parametrize("name, kind", [(f"a.{kind}", kind) for kind in PACKED] + [("a.txt", kind) for kind in PACKED])
def test_compressed_files_are_read(tmp_path, layout, name, kind):
    (tmp_path / name).write_bytes(PACKED[kind](LAYOUTS[layout]))
    assert len(readers.read_reviews(str(tmp_path / name))[0]) == COUNT


@pytest.mark.parametrize("kind", sorted(PACKED))
@pytest.mark.parametrize("damage", [lambda raw: raw[:len(raw) // 2], lambda raw: raw[:8],
                                    lambda raw: raw[:40] + b"\xff" * 40 + raw[80:]])
def test_a_damaged_file_is_one_line(tmp_path, kind, damage):
    (tmp_path / "a").write_bytes(damage(PACKED[kind](LAYOUTS["2014"])))
    refused(readers.read_reviews, str(tmp_path / "a"))


@pytest.mark.parametrize("files, message", [
    ({"a": b"", "b": b""}, "archive of 2 files"), ({"[Content_Types].xml": b"", "x": b""}, "office program"),
    ({}, "archive of 0 files"), ({"__MACOSX/a": b"", "a": gzip.compress(b"x" * 99)}, "gzip file inside another")])
def test_an_archive_of_something_else_is_refused(tmp_path, files, message):
    (tmp_path / "a.zip").write_bytes(zipped(files))
    assert message in refused(readers.read_reviews, str(tmp_path / "a.zip"))


def test_zstd_is_read_or_the_package_is_named(tmp_path):
    path = tmp_path / "a.zst"
    try:
        import zstandard
    except ImportError:
        path.write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 9)
        assert "zstandard is not installed" in refused(readers.read_reviews, str(path))
    else:
        path.write_bytes(zstandard.ZstdCompressor().compress(LAYOUTS["2014"]))
        assert len(readers.read_reviews(str(path))[0]) == COUNT


@pytest.mark.parametrize("size", [40, 3 * 2 ** 20])
def test_zstd_of_several_frames_is_read_and_one_that_is_cut_short_is_one_line(tmp_path, size):
    pack = pytest.importorskip("zstandard").ZstdCompressor().compress
    text = json_lines([dict(RECORDS[0], reviewText=os.urandom(size).hex())])
    frames = pack(text) + pack(b"") + pack(LAYOUTS["2014"])
    (tmp_path / "a").write_bytes(frames)
    reviews = readers.read_reviews(str(tmp_path / "a"))[0]
    assert len(reviews) == COUNT
    for end in (len(frames) - 3, len(pack(text)) - 1, 9):
        (tmp_path / "a").write_bytes(frames[:end])
        assert "zstd file is cut short or damaged" in refused(readers.read_reviews, str(tmp_path / "a"))


def test_a_zstd_bomb_meets_the_limit(tmp_path, monkeypatch):
    zstandard = pytest.importorskip("zstandard")
    monkeypatch.setattr(opening, "FREE", 2 ** 20)
    (tmp_path / "a").write_bytes(zstandard.ZstdCompressor().compress(LAYOUTS["2014"] + b" " * 30 * 2 ** 20))
    assert "when decompressed" in refused(readers.read_reviews, str(tmp_path / "a"))


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zip"])
def test_a_decompression_bomb_meets_the_limit(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(opening, "FREE", 2 ** 20)
    (tmp_path / "a").write_bytes(PACKED[kind](LAYOUTS["2014"] + b" " * 30 * 2 ** 20))
    assert "when decompressed" in refused(readers.read_reviews, str(tmp_path / "a"))


def test_standard_input_and_pipes_are_read(tmp_path, monkeypatch):
    os.mkfifo(str(tmp_path / "pipe"))
    writer = os.open(str(tmp_path / "pipe"), os.O_RDWR)  # so that opening it to read does not wait
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(LAYOUTS["2014"]))))
    with opening.local(["-"]) as paths:
        assert len(readers.read_reviews(paths)[0]) == COUNT
        assert os.path.basename(paths[0]) == opening.STDIN
    os.close(writer)
    assert not os.path.exists(paths[0])
    with opening.local([str(tmp_path / "none"), str(tmp_path)]) as paths:
        assert paths == [str(tmp_path / "none"), str(tmp_path)]


def test_what_is_said_of_the_standard_input_names_no_temporary_file(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", 2000)
    content = LAYOUTS["2014"] + json_lines([dict(RECORDS[0], reviewText="x" * 5000)])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(content + b"{\n"))))
    counts = tally.Tally()
    with pytest.raises(UserError, match=f"^standard input:{COUNT + 2}: not JSON"), opening.local(["-"]) as paths:
        readers.read_reviews(paths, counts=counts)
    assert list(counts.layouts) == ["standard input"]
    assert counts.examples["line over 10 MB"] == f"standard input:{COUNT + 1}"


def test_a_line_over_the_limit_is_dropped_and_the_numbers_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", 400)
    content = json_lines([RECORDS[0], dict(RECORDS[1], reviewText="x" * 2000), RECORDS[2]])
    (tmp_path / "a").write_bytes(content + b"{\n")
    assert refused(readers.read_reviews, str(tmp_path / "a")).startswith(":4: not JSON")
    (tmp_path / "a").write_bytes(content)
    counts = tally.Tally()
    reviews, dropped = readers.read_reviews(str(tmp_path / "a"), counts=counts)
    assert len(reviews) == 2 and dropped["line over 10 MB"] == 1
    assert counts.examples["line over 10 MB"] == f"{tmp_path / 'a'}:2"


def test_a_file_without_permission_is_one_line(tmp_path, monkeypatch):
    def fails(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(opening, "compression", fails)
    with pytest.raises(UserError, match="cannot be read .Permission denied"):
        readers.read_reviews(str(tmp_path / "a"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_how_much_of_a_file_is_read_is_known(tmp_path, pack):
    (tmp_path / "a").write_bytes(pack(os.urandom(40).hex().encode() + b"\n" + b"a line\n" * 30000))
    counts, size = tally.Tally(), (tmp_path / "a").stat().st_size
    assert counts.position() == 0
    seen = [counts.position() for _ in lines.lines(str(tmp_path / "a"), counts)]
    assert seen == sorted(seen) and 0 < seen[0] and seen[-1] == size
    assert counts.position() == 0  # the file is closed
