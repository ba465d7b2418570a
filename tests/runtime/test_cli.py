"""The command line: the help of a parser names defaults that exist."""
import pytest

from runtime import cli


def test_help_names_a_default_only_if_there_is_one(capsys):
    parser = cli.Parser("./run x")
    parser.add_argument("--count", type=int, default=0, help="number")
    parser.add_argument("--out", required=True, help="folder")
    parser.add_argument("--meta", help="file")
    parser.add_argument("--set", action="append", default=[], help="field")
    parser.add_argument("--data", nargs="+", default=["one", "two"], help="names")
    parser.add_argument("--quick", action="store_true", help="fast")
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    text = capsys.readouterr().out
    assert "number (default: 0)" in text and "names (default: one two)" in text and text.count("(default:") == 2
