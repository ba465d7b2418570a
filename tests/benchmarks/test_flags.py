"""Flags that cannot be meant end a benchmark before it has worked for anything."""
import pytest

from benchmarks import shop
from benchmarks.serving import fuzz, load, rank
from benchmarks.training import speed


@pytest.mark.parametrize("parse", [
    speed.parse_args, rank.parse_args, shop.parse_args, fuzz.parse_args,
    lambda argv: load.parse_args("load", argv)])
def test_an_out_that_cannot_be_written(parse, tmp_path, capsys):
    (tmp_path / "file").write_text("here")
    for out, told in ((tmp_path / "file" / "x.json", "cannot be made"), (tmp_path, "is a folder; give a file")):
        with pytest.raises(SystemExit) as stop:
            parse(["--out", str(out)])
        assert stop.value.code == 2 and told in capsys.readouterr().err
