"""The list of benchmarks, and flags that are wrong: both before any work is done."""
import pytest

from benchmarks import __main__ as benches
from benchmarks import shop, users
from benchmarks.corpora import preprocess
from benchmarks.serving import fuzz, items, load, rank
from benchmarks.training import speed
from runtime.cli import UserError


def test_help_lists_every_benchmark_with_what_it_measures_and_how_long_it_takes(capsys):
    benches.main(["--help"])
    text = capsys.readouterr().out
    for name, benchmark in benches.BENCHMARKS.items():
        assert f"\n{name} " in text and benchmark.measures in text and f"takes {benchmark.takes}" in text


@pytest.mark.parametrize("name", sorted(benches.BENCHMARKS))
def test_every_benchmark_has_its_own_help(name, capsys):
    with pytest.raises(SystemExit) as stop:
        benches.main([name, "--help"])
    assert stop.value.code == 0 and f"./run bench {name}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["shopping"], ["--steps", "3"]])
def test_an_unknown_benchmark_is_reported_with_the_known_names(arguments):
    with pytest.raises(UserError, match=", ".join(benches.BENCHMARKS)):
        benches.main(arguments)


@pytest.mark.parametrize("parse", [
    preprocess.parse_args, speed.parse_args, rank.parse_args, items.parse_args, shop.parse_args, users.parse_args,
    fuzz.parse_args, lambda argv: load.parse_args("load", argv)])
def test_an_out_file_that_cannot_be_written_is_refused(parse, tmp_path, capsys):
    (tmp_path / "file").write_text("here")
    for out, part in ((tmp_path / "file" / "x.json", "cannot be made"), (tmp_path, "is a folder")):
        with pytest.raises(SystemExit) as stop:
            parse(["--out", str(out)])
        assert stop.value.code == 2 and part in capsys.readouterr().err
