"""The command of the shop: errors in one line, serving, stopping."""
import errno
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from flask_app import __main__ as shop
from flask_app.application import create_app
from runtime import cli
from runtime.project import ROOT

NO_SERVER = "http://127.0.0.1:9"  # no model server listens here


def flags(folders, *more):
    """Command-line flags that name the folders, and more."""
    return ["--runs", str(folders / "runs"), "--data", str(folders / "data"), *more]


@pytest.mark.parametrize("spoil, arguments, says", [
    (None, ["--run", "nothing"], "not a run"),
    ("remove runs", [], "no run in"),
    ("{broken", ["--run", "late"], "config.json"),
    ('{"data": 7}', ["--run", "late"], "not a name"),
    ('{"data": "toys", "data_folder": 7}', ["--run", "late"], "not a name"),
    ("[]", ["--run", "late"], "config.json"),
    ('{"data": "others"}', ["--run", "late"], "no catalogue"),
    ("spoil catalogue", ["--run", "late"], "not a catalogue"),
    (None, ["--run", "late", "--server", "not an address"], "--server"),
    (None, ["--run", "late", "--server", "grpc://127.0.0.1:8500"], "--server"),
    (None, ["--run", "late", "--host", "no.such.host.invalid"], "give --host an address of this machine"),
    (None, ["--run", "late", "--host", "192.0.2.1"], "give --host an address of this machine"),
])
def test_mistakes_are_one_line(folders, spoil, arguments, says):
    config = folders / "runs" / "late" / "config.json"
    if spoil == "remove runs":
        (folders / "runs").rename(folders / "gone")
    elif spoil == "spoil catalogue":
        (folders / "data" / "toys" / "catalogue.sqlite").write_bytes(b"no database" * 99)
    elif spoil:
        config.write_text(spoil)
    with pytest.raises(cli.UserError) as error:
        shop.main(flags(folders, *arguments))
    assert says in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("number", ["0", "-3", "x"])
def test_an_invalid_number_of_rankings_is_refused(number, capsys):
    with pytest.raises(SystemExit) as ended:
        shop.parse_args(["--rankings_a_minute", number])
    assert ended.value.code == 2 and "--rankings_a_minute" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["proxy", "127.0.0.1:80", "*", ""])
def test_a_proxy_has_an_ip_address(address, capsys):
    with pytest.raises(SystemExit) as ended:
        shop.parse_args(["--trusted_proxy", address])
    assert ended.value.code == 2 and "--trusted_proxy" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["65536", "-1", "x"])
def test_an_invalid_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as ended:
        shop.main(["--port", port])
    assert ended.value.code == 2 and "--port" in capsys.readouterr().err


def test_an_app_needs_a_run_or_a_catalogue():
    with pytest.raises(cli.UserError):
        create_app()


def test_a_port_in_use_is_one_line(folders):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        with pytest.raises(cli.UserError) as error:
            shop.main(flags(folders, "--port", port))
    assert port in str(error.value) and "--port" in str(error.value)


def test_the_process_answers_logs_and_stops_at_sigterm(folders):
    command = [sys.executable, "-m", "flask_app", "--port", "0", "--server", NO_SERVER]
    process = subprocess.Popen(command + flags(folders), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        line = process.stdout.readline().decode()
        assert "run late" in line and " http://127.0.0.1:" in line
        with urllib.request.urlopen(line.split()[-1] + "healthz", timeout=60) as answer:
            assert answer.status == 200 and "Content-Security-Policy" in answer.headers
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.search(r"^\d{4}-\d\d-\d\d \S+ INFO GET /healthz 200 \d+ ms [0-9a-f]{16}$", log.decode(), re.MULTILINE)
    assert re.search(r"WARNING Model server http://\S+: does not answer.*\./run serve", log.decode())
    assert b"Traceback" not in log and log.endswith(b"\nstopped by SIGTERM\n")


def test_a_process_that_cannot_be_started_is_one_line(folders, monkeypatch):
    def fails():
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fails)
    with pytest.raises(cli.UserError, match="--processes: .* temporarily unavailable.*; give fewer"):
        shop.main(flags(folders, "--port", "0", "--processes", "2"))


@pytest.mark.parametrize("count", ["0", "-1", "65", "x"])
def test_an_invalid_number_of_processes_is_refused(count, capsys):
    with pytest.raises(SystemExit) as ended:
        shop.parse_args(["--processes", count])
    assert ended.value.code == 2 and "--processes" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["{root}/flask_app/run.sh", "link", "main/flask_app/run.sh"])
def test_run_sh_works_from_any_folder_through_links_and_with_any_cdpath(folders, path):
    (folders / "link").symlink_to(os.path.join(ROOT, "flask_app", "run.sh"))
    (folders / "main").symlink_to(ROOT)
    (folders / "elsewhere" / "main" / "flask_app").mkdir(parents=True)
    command_line = ["bash", path.format(root=ROOT), "--run", "nothing"]
    ended = subprocess.run(command_line + flags(folders), cwd=str(folders), stderr=subprocess.PIPE, timeout=60,
                           env=dict(os.environ, CDPATH=str(folders / "elsewhere")))
    assert ended.returncode == 2
    assert ended.stderr.decode().startswith("error: --run nothing")
    assert ended.stderr.count(b"\n") == 1


def test_importing_the_shop_changes_no_environment_variable():
    code = """
import os
before = dict(os.environ)
import flask_app.__main__
assert dict(os.environ) == before
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120).returncode == 0


def test_no_page_imports_tensorflow(server, catalogue_path):
    code = """
import sys
from flask_app.application import create_app
app = create_app(server_url=sys.argv[1], catalogue_path=sys.argv[2], timeout=60)
for page in ("/", "/?q=noisy", "/shoppers/ann", "/items/drum", "/readyz"):
    assert app.test_client().get(page).status_code == 200, page
print([name for name in sys.modules if name.split(".")[0].startswith("tensorflow")])
"""
    ended = subprocess.run([sys.executable, "-c", code, server.rest_url, catalogue_path], cwd=ROOT,
                           stdout=subprocess.PIPE, timeout=120)
    assert ended.returncode == 0 and ended.stdout.split() == [b"[]"]
