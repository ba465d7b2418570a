"""`./run bench slow`: it counts the answers of a shop, and needs one."""
import json
import threading

import pytest
import waitress.server

from benchmarks import slow_clients
from runtime.cli import UserError


def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def test_answers_are_counted(tmp_path, capsys):
    server = waitress.server.create_server(application, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    out = tmp_path / "figures.json"
    slow_clients.main(["--url", f"http://127.0.0.1:{server.effective_port}", "--connections", "3", "--seconds", "1",
                       "--out", str(out)])
    figures = json.loads(out.read_text())
    assert figures["answered"] == figures["probes"] >= 1 and "probes answered" in capsys.readouterr().out


def test_without_a_shop_it_is_one_line():
    with pytest.raises(UserError, match="--url"):
        slow_clients.main(["--url", "http://127.0.0.1:9", "--seconds", "1"])
