"""A small shop made by the real commands: corpus, training, export, model server, process of the shop."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from typing import NamedTuple

from runtime.project import ROOT
from serving import signatures as wire
from serving.server import start as model_server


class Chain(NamedTuple):
    """A trained and exported run, and the port of its model server."""
    run_folder: str
    data_folder: str
    versions: str  # folder of the exported versions
    rest_port: int  # of the model server

    @property
    def server_url(self):
        return f"http://127.0.0.1:{self.rest_port}"

    def serve(self):
        """Starts the model server at the port."""
        return model_server.start(wire.MODEL_NAME, self.versions, rest_api_port=self.rest_port)


class Shop:
    """The shop's own process, as `./run shop` starts it."""

    def __init__(self, chain, *flags):
        self._log = tempfile.TemporaryFile()  # a pipe that is never read would soon be full
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask_app", "--run", chain.run_folder, "--port", "0",
             "--server", chain.server_url, *flags],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log)
        self.url = self.process.stdout.readline().decode().split()[-1]
        self.log = None

    def stop(self):
        """Ends the process by SIGTERM. Returns its log, which is also its attribute `log` from then on."""
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
