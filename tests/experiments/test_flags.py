"""The flags that the commands of studies share."""
import os

from experiments import flags


def test_the_commands_start_where_the_system_does_not_say_which_processors_a_process_may_use(monkeypatch):
    """As on macOS, whose Python has no os.sched_getaffinity."""
    monkeypatch.delattr(os, "sched_getaffinity")
    parser = flags.parser_of("./run results", "", "results", seeds=1, epochs=None)
    assert parser.parse_args([]).workers == (os.cpu_count() or 1)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert flags.cores() == 1
