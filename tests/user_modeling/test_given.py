"""Files of aspects are read, or refused in one line."""
import json

import pytest

from runtime.cli import UserError
from user_modeling import given


def write(folder, content):
    path = folder / "aspects"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return str(path)


@pytest.mark.parametrize("content", [
    '{"Battery life": ["battery", "charge"], "\u566a\u97f3": "\u5927\u58f0"}',
    '\ufeff[{"name": "Battery life", "words": ["battery", "charge"]}, '
    '{"name": "\u566a\u97f3", "words": "\u5927\u58f0"}]',
    "Battery life\tbattery charge\n\n\u566a\u97f3\t\u5927\u58f0\r\n"])
def test_three_forms_are_the_same(tmp_path, content):
    assert given.read(write(tmp_path, content)) == [
        given.Given("Battery life", ("battery", "charge")), given.Given("\u566a\u97f3", ("\u5927\u58f0",))]


@pytest.mark.parametrize("content, cause", [
    ("", "no aspect"), ("{}", "no aspect"), ("[]", "no aspect"), ("a b c", ":1: no tab"), ("a\t", "no list of words"),
    ("{", "not JSON"), ('{"a": 3}', "no list of words"), ('{"a": []}', "no list"), ('{"a": [1]}', "no list"),
    ("[3]", "name and words"), ('[{"name": "a"}]', "name and words"), ('{"": ["a"]}', "name of aspect 1"),
    ('{"a\\nb": ["a"]}', "name of aspect 1"), ("x" * 81 + "\ta", "name of aspect 1"),
    (b"\xff\xfe\x00", "cannot be read"),
    ("[" * 100000, "not JSON"), ('{"A": ["x"], "a": ["y"]}', "two aspects"),
    (json.dumps({str(one): ["a"] for one in range(10000)}), "10000 aspects"),
    (json.dumps({"a": ["b"] * 1001}), "1001 words")])
def test_other_files_are_refused_in_one_line(tmp_path, content, cause):
    path = write(tmp_path, content)
    with pytest.raises(UserError) as error:
        given.read(path)
    assert cause in str(error.value) and "\n" not in str(error.value) and path in str(error.value)


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path):
    for path in (write(tmp_path, b" " * ((4 << 20) + 1)), str(tmp_path / "none"), str(tmp_path)):
        with pytest.raises(UserError):
            given.read(path)
