"""A small shop on the real chain: corpus, training, export, model server, the shop's process."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from typing import NamedTuple

from runtime.project import ROOT
from serving import server as model_server
from serving import signatures as wire


class Chain(NamedTuple):
    run_folder: str
    data_folder: str
    versions: str  # the model's
    rest_port: int  # of the model server

    @property
    def server_url(self):
        return f"http://127.0.0.1:{self.rest_port}"

    def serve(self):
        """A model server at the port."""
        return model_server.start(wire.MODEL_NAME, self.versions, rest_api_port=self.rest_port)


class Shop:
    """The shop's own process, as `./run shop` starts it."""

    def __init__(self, chain, *flags):
        self._log = tempfile.TemporaryFile()  # a pipe that nobody reads would be full soon
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask_app", "--run", chain.run_folder, "--port", "0",
             "--server", chain.server_url, *flags],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log)
        self.url = self.process.stdout.readline().decode().split()[-1]
        self.log = None

    def stop(self):
        """Ends it as `kill` does; returns what it logged, which is its `log` from then on."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        self._log.seek(0)
        self.log = self._log.read().decode()
        self._log.close()
        return self.log


def make(tiny_export, folder):
    """The Chain of a copy of the tiny run and its export."""
    for part in ("data", "runs", "serve"):
        shutil.copytree(os.path.join(tiny_export, part), os.path.join(folder, part))
    run, versions = os.path.join(folder, "runs", "tiny"), os.path.join(folder, "serve")
    return Chain(run, os.path.join(folder, "data", "tiny"), versions, free_port())


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
