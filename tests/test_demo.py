"""The demo: names, flags, the order of its stages, and the message of a second demo at the same port."""
import os
import socket
import subprocess
import sys

import pytest

from commands import demo as command
from experiments import demo
from models.run_folder import layout
from preprocessing.reading.opening import ENDINGS
from runtime.processes import Failed
from runtime.project import ROOT
from runtime.stages import Made


@pytest.mark.parametrize("path, name", [
    ("/a/reviews_Musical_Instruments_5.json.gz", "reviews_Musical_Instruments_5"),
    ("x.y.json", "x_y"), ("a b.jsonl", "a_b"), ("plain", "plain"), (".gz", "reviews"),
    *((f"a_5{form}{packed}", "a_5") for form in demo.FORMATS for packed in ("", *ENDINGS)), ("A.CSV.GZ", "A"),
])
def test_data_and_run_are_named_after_the_file(path, name):
    assert demo.name_after(path) == name


@pytest.mark.parametrize("arguments", [
    ["--reviews", "/no/such/file"], ["--meta", __file__], ["--epochs", "0"], ["--epochs", "x"],
    ["--name", "../x"], ["--name", ""], ["--what"],
])
def test_a_wrong_flag_is_one_line_and_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as exit:
        command.parse_args(arguments)
    assert exit.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


class Titles:
    """A pipeline that builds nothing, and notes the stages it is given."""

    def __init__(self):
        self.built = []

    def build(self, stage, **inputs):
        self.built.append((stage.title, sorted(inputs)))
        return Made(stage.out, "digest")


def test_the_shop_waits_for_every_stage_but_the_evaluation_and_those_on_users():
    pipeline = Titles()
    run, model, follow = demo.build_all(pipeline, command.parse_args([]))
    assert (run.path, model.path) == ("runs/sample", "model_serve/sample")
    assert len(pipeline.built) == 5 and not any("evaluate" in title for title, _ in pipeline.built)
    follow()
    assert pipeline.built[5:] == [("group and compare the users", ["aspects", "data", "run"]),
                                  ("evaluate the run beside the baselines",
                                   ["aspects", "data", "meta", "reviews", "run"]),
                                  ("draw the map of users", ["aspects", "data", "run"])]


def test_a_command_that_fails_while_the_shop_is_open_leaves_it_open_and_the_next_ones_run(caplog):
    pipeline = Titles()
    _, _, follow = demo.build_all(pipeline, command.parse_args([]))
    build = pipeline.build

    def fail_at_the_map(stage, **inputs):
        build(stage, **inputs)
        if "evaluate" in stage.title:
            raise Failed(2)

    pipeline.build = fail_at_the_map
    with caplog.at_level("WARNING"):
        follow()
    assert len(pipeline.built) == 8 and "stays open" in caplog.text and "evaluate the run" in caplog.text


def test_the_maps_and_the_tables_of_users_have_one_folder_and_a_stamp_each():
    pipeline = Titles()
    pipeline.build = lambda stage, **inputs: pipeline.built.append(stage) or Made(stage.out, "digest")
    demo.build_all(pipeline, command.parse_args([])).follow()
    tables, _, maps = pipeline.built[-3:]
    assert maps.out == tables.out == "runs/sample/users" and maps.part != tables.part
    for path in ("tsne.tsv", "map.html", "users.csv", "users.json", "neighbours.parquet"):
        assert maps.owns(path) != tables.owns(path)


def test_the_last_line_names_the_pages_that_exist(tmp_path):
    built = demo.Built(Made(str(tmp_path), "x"), None, None)
    assert demo.made(built, "http://127.0.0.1:5000/") == (
        "The demo is complete. Shop: http://127.0.0.1:5000/. Ctrl-C ends the shop.")
    page = tmp_path / layout.MAP_PAGE
    page.parent.mkdir()
    page.write_text("")
    assert f"; map of users: {page}. " in demo.made(built, "http://127.0.0.1:5000/")


def test_with_build_only_no_server_is_started(monkeypatch):
    pipeline = Titles()
    monkeypatch.setattr(command, "Pipeline", lambda children, total: pipeline)
    monkeypatch.setattr(demo, "serve", lambda *arguments: pytest.fail("a server is started"))
    command.main(["--build_only", "--port", "0", "--rest_api_port", "0", "--grpc_port", "0"])
    assert len(pipeline.built) == 5


def test_a_port_in_use_is_reported_before_the_first_stage():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "commands.demo", "--port", str(port), "--name", "none"], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: ") and ended.stderr.count("\n") == 1
    assert f"--port {port}" in ended.stderr
    assert not os.path.exists(os.path.join(ROOT, "data", "raw", "none"))
