"""Progress of a long command: numbered log lines, and no bar in files."""
from evaluation import progress


def test_each_step_is_logged_with_its_number(caplog, capsys):
    steps = progress.Steps(2)
    with caplog.at_level("INFO", "recsys"):
        for title in ("first ...", "second ..."):
            with steps.step(title) as bar:
                bar.expect(3)
                bar.advance()
                bar.advance(2)
    assert [entry.getMessage() for entry in caplog.records] == ["[1/2] first ...", "[2/2] second ..."]
    assert "left" not in capsys.readouterr().err  # no terminal: no bar


def test_a_silent_bar_accepts_the_same_calls():
    progress.SILENT.expect(3)
    progress.SILENT.advance()
