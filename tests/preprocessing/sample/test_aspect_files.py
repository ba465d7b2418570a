"""The text files of the aspects: what is read, and that each mistake is one line with file and line number."""
import pytest

from preprocessing.sample import aspect_files
from runtime.cli import UserError

TEXT = """name: noise
topic: sound
words: loud
  quiet

# praise
It is [very|rather]
  quiet.

# complaint
It is loud.
# very bad
Too loud for {child}.
# bad
Loud.
# mixed
Loud or quiet.
# good
Quiet.
# very good
A quiet {toy}.
So quiet.
"""


def read(tmp_path, text):
    path = tmp_path / "noise.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return aspect_files.read(str(path))


def test_a_file_is_read(tmp_path):
    aspect = read(tmp_path, TEXT)
    assert (aspect.name, aspect.topic, aspect.words) == ("noise", "sound", {"loud", "quiet"})
    assert aspect.praise == ("It is [very|rather] quiet.",) and aspect.complaint == ("It is loud.",)
    assert [len(level) for level in aspect.sentences] == [1, 1, 1, 1, 2]


def test_the_files_are_in_the_order_of_their_numbers():
    names = [aspect.name for aspect in aspect_files.aspects()]
    assert names[:3] + names[-1:] == ["durability", "battery life", "ease of assembly", "cleaning"]
    assert len(names) == len(set(names)) == 12


@pytest.mark.parametrize("old, new, message", [
    ("# bad", "# worse", ":14: unknown section 'worse'; use one of praise, complaint, very bad"),
    ("# bad", "# very bad", ":14: section 'very bad' is given twice"),
    ("topic:", "title:", ":2: unknown field 'title'; use one of name, topic, words"),
    ("topic: sound", "", ": 'topic' is missing or empty; add it"),
    ("# mixed\nLoud or quiet.\n", "", ": 'mixed' is missing or empty; add it"),
    ("{toy}", "{tow}", r":21: unknown slot \{tow\}; use one of toy"),
    ("[very|rather]", "[very|rather", ":7: a choice .* bracket"),
    ("[very|rather]", "[very|[rather|quite]]", ":7: a choice .* nested"),
    ("{toy}", "{toy", ":21: a slot .* brace"),
])
def test_a_mistake_is_one_line_with_its_line_number(tmp_path, old, new, message):
    with pytest.raises(UserError, match="noise.txt" + message) as error:
        read(tmp_path, TEXT.replace(old, new, 1))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name, content", [("none.txt", None), ("binary.txt", b"\xff\xfe")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content):
    if content:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name}: cannot be read"):
        aspect_files.read(str(tmp_path / name))
