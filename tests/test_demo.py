"""The demo's parts: names, ports, stages by content, and children that never outlive it."""
import os
import select
import signal
import socket
import subprocess
import sys

import pytest

import command
import demo
import processes
import stages
from stages import Made, Pipeline, Stage

ROOT = os.path.dirname(os.path.abspath(demo.__file__))
MAKER = """
import os, sys
source, out = sys.argv[1:3]
os.makedirs(out, exist_ok="--resume" in sys.argv)
if open(source).read() == "bad":
    sys.exit(7)
with open(os.path.join(out, "copy"), "w") as file:
    file.write(open(source).read())
"""


def write(path, text):
    with open(str(path), "w") as file:
        file.write(text)


@pytest.mark.parametrize("path, name", [
    ("/a/reviews_Musical_Instruments_5.json.gz", "reviews_Musical_Instruments_5"),
    ("x.y.json", "x_y"), ("a b.jsonl", "a_b"), ("plain", "plain"), (".gz", "reviews"),
])
def test_data_and_run_are_named_after_the_file(path, name):
    assert demo.name_after(path) == name


@pytest.mark.parametrize("arguments", [
    ["--reviews", "/no/such/file"], ["--meta", __file__], ["--epochs", "0"], ["--epochs", "x"],
    ["--name", "../x"], ["--name", ""], ["--what"],
])
def test_a_wrong_flag_is_one_line_and_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as exit:
        demo.parse_args(arguments)
    assert exit.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


# Ports.

def test_a_held_port_is_refused_to_others_and_free_afterwards():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    ports = {"--port": ("127.0.0.1", port)}
    with processes.hold_ports(ports):
        with pytest.raises(command.UserError, match=rf"--port {port} .* add --port \d+"):
            with processes.hold_ports(ports):
                pass
    with processes.hold_ports(ports):
        pass


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_told(port):
    with pytest.raises(command.UserError, match=f"--port {port} "):
        with processes.hold_ports({"--port": ("127.0.0.1", port)}):
            pass


def test_a_second_demo_is_told_before_its_first_stage():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, os.path.join(ROOT, "demo.py"), "--port", str(port), "--name", "none"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: ") and ended.stderr.count("\n") == 1
    assert f"--port {port}" in ended.stderr
    assert not os.path.exists(os.path.join(ROOT, "data", "raw", "none"))


# Stages.

@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder with a maker of outputs, and its input; `build()` builds and tells what was run."""
    monkeypatch.chdir(tmp_path)
    write("maker.py", MAKER)
    write("input", "one")

    class Shelf:
        stage = Stage("make it", ["maker.py", "{source.path}", "{out.path}"], out="made/it",
                      sources=["maker.py"], resume=["--resume"])

        def build(self, source="input", **changes):
            with processes.Children() as children:
                ran, run = [], children.run
                children.run = lambda title, command: (ran.append(command), run(title, command))
                made = Pipeline(children, 1).build(
                    self.stage._replace(**changes), source=Made(source, stages.sha256(source)))
            return made, ran

    return Shelf()


def content(made):
    with open(os.path.join(made.path, "copy")) as file:
        return file.read()


def test_a_stage_is_made_once(shelf):
    first, ran = shelf.build()
    assert first.path == "made/it" and content(first) == "one"
    assert ran == [["maker.py", "input", "made/it"]]
    assert shelf.build() == (first, [])


def test_neither_time_nor_path_of_an_input_matters(shelf):
    first, _ = shelf.build()
    os.utime("input", (1, 1))
    os.rename("input", "moved")
    assert shelf.build("moved") == (first, [])


@pytest.mark.parametrize("change", [
    lambda: write("input", "two"),
    lambda: write("maker.py", MAKER + "# another maker\n"),
])
def test_a_changed_input_or_source_is_made_beside_the_old(shelf, change):
    old, _ = shelf.build()
    change()
    new, ran = shelf.build()
    assert len(ran) == 1
    assert new.path.startswith("made/it-") and new.path != old.path
    assert content(old) == "one"
    assert shelf.build() == (new, [])


def test_other_arguments_are_another_output(shelf):
    old, _ = shelf.build()
    new, ran = shelf.build(arguments=shelf.stage.arguments + ["--more"])
    assert len(ran) == 1 and new.path != old.path


def test_what_a_user_made_is_left_alone(shelf):
    os.makedirs("made/it")
    write("made/it/mine", "mine")
    made, _ = shelf.build()
    assert made.path.startswith("made/it-")
    assert os.listdir("made/it") == ["mine"]


@pytest.mark.parametrize("harm", [
    lambda: write("made/it/copy", "spoilt"), lambda: os.remove("made/it/copy")])
def test_a_spoilt_output_does_not_count(shelf, harm):
    shelf.build()
    harm()
    made, ran = shelf.build()
    assert len(ran) == 1 and made.path != "made/it" and content(made) == "one"


def test_files_added_to_an_output_do_no_harm(shelf):
    first, _ = shelf.build()
    write("made/it/report", "added later")
    assert shelf.build() == (first, [])


def test_a_stage_in_place_is_remade_in_its_folder(shelf):
    shelf.build(in_place=True)
    write("input", "two")
    write("maker.py", MAKER.replace('"--resume" in sys.argv', "True"))
    made, ran = shelf.build(in_place=True)
    assert len(ran) == 1 and made.path == "made/it" and content(made) == "two"


def test_a_failing_stage_ends_the_demo_with_its_code_and_is_resumed(shelf):
    write("input", "bad")
    with pytest.raises(SystemExit) as exit:
        shelf.build()
    assert exit.value.code == 7
    with pytest.raises(SystemExit) as exit:
        shelf.build()
    assert exit.value.code == 7  # not resumed, it would have stumbled over its own folder: code 1
    assert os.listdir("made/it") == []
    write("input", "good")
    made, _ = shelf.build()
    assert made.path.startswith("made/it-") and content(made) == "good"


def test_a_stage_that_was_killed_before_its_stamp_is_not_run_again(shelf):
    """The demo ended between a training's last checkpoint and its stamp: there is nothing to resume."""
    first, _ = shelf.build()
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], files=None)
    assert shelf.build(ended=lambda out: os.path.exists(os.path.join(out, "copy"))) == (first, [])
    assert shelf.build() == (first, [])
    stages.write_stamp(first.path, stages.read_stamp(first.path)["key"], files=None)
    assert len(shelf.build(ended=lambda out: False)[1]) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"key": 1}'])
def test_a_broken_stamp_counts_as_none(shelf, text):
    first, _ = shelf.build()
    write(stages.stamp_path(first.path), text)
    made, ran = shelf.build()
    assert len(ran) == 1 and made.path != first.path


# Children.

FAMILY = """
import os, signal, subprocess, sys, time
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pipe = os.open(sys.argv[1], os.O_WRONLY)
os.write(pipe, b"x")
if len(sys.argv) == 3:
    subprocess.Popen([sys.executable] + sys.argv + ["grandchild"])
time.sleep(600)
"""
PARENT = """
import sys, command, processes
def main(argv):
    with processes.Children() as children:
        children.start("family", sys.argv[1:])
        children.watch()
command.run(main)
"""


class Pipe:
    """A named pipe: written by each living process, at its end when none is left."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        self.reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self):
        assert select.select([self.reader], [], [], 60)[0], "nobody wrote, nobody ended"
        return os.read(self.reader, 1)

    def wait_for_both(self):
        assert [self.read(), self.read()] == [b"x", b"x"]


@pytest.fixture
def pipe(tmp_path):
    pipe = Pipe(str(tmp_path / "pipe"))
    write(tmp_path / "family.py", FAMILY)
    yield pipe
    os.close(pipe.reader)


def family(pipe, manners):
    return [os.path.join(os.path.dirname(pipe.path), "family.py"), pipe.path, manners]


@pytest.mark.parametrize("manners", ["polite", "stubborn"])
def test_children_and_grandchildren_end_with_the_context(pipe, manners, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.3)
    with processes.Children() as children:
        children.start("family", family(pipe, manners))
        pipe.wait_for_both()
    assert pipe.read() == b""


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_family_even_in_the_background(pipe, number, code):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT] + family(pipe, "polite"), cwd=ROOT, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))  # as by `&`
    pipe.wait_for_both()
    parent.send_signal(number)
    assert parent.wait(timeout=60) == code
    assert pipe.read() == b""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="by a service of Linux")
def test_children_end_even_when_the_parent_is_killed(pipe):
    parent = subprocess.Popen([sys.executable, "-c", PARENT] + family(pipe, "polite") + ["alone"],
                              cwd=ROOT, stderr=subprocess.DEVNULL)
    assert pipe.read() == b"x"
    parent.kill()
    assert parent.wait(timeout=60) == -signal.SIGKILL
    assert pipe.read() == b""


def test_one_child_that_ends_ends_the_others(pipe):
    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            children.start("family", family(pipe, "polite"))
            pipe.wait_for_both()
            children.start("short", ["-c", "pass"])
            children.watch()
    assert exit.value.code == 1
    assert pipe.read() == b""


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    answers = [503, 503, 200]
    def do_GET(self):
        self.send_response(self.answers.pop(0))
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def test_ready_is_200_and_nothing_less():
    port = free_port()
    with processes.Children() as children:
        children.start("server", ["-c", SERVER, str(port)])
        children.wait_until_ready(f"http://127.0.0.1:{port}/", timeout=60)


def test_a_server_that_dies_before_it_is_ready_ends_the_wait():
    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            children.start("server", ["-c", "import sys; sys.exit(9)"])
            children.wait_until_ready(f"http://127.0.0.1:{free_port()}/", timeout=60)
    assert exit.value.code == 9


def test_a_server_that_never_is_ready_ends_the_wait():
    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            children.start("server", ["-c", "import time; time.sleep(600)"])
            children.wait_until_ready(f"http://127.0.0.1:{free_port()}/", timeout=0.3)
    assert exit.value.code == 1
