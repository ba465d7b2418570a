"""The servers' part of `./run bench kill`: each is killed at random moments, while starting or at work.

The model server and the shop are started again at the same ports, a process of the shop by the shop itself. Then the
page of a shopper must be the same as before. While something is away, the shop may answer with status 503 or not at
all, but never with another page.
"""
import http.client
import os
import signal
import time

from benchmarks.serving import model_server
from runtime import project
from runtime.cli import UserError
from runtime.processes import Children

READY_SECONDS = 300
LONGEST = 3  # seconds from the moment that all is ready to a kill; a kill may also come while it starts


class Servers:
    """A model server and a shop on fixed ports, as children of this process."""

    def __init__(self, children, folder):
        self._children, self._folder = children, folder
        self.ports = dict(zip(("grpc", "rest", "shop"), model_server.free_ports(3)))
        self.processes, self.wrong = {}, 0

    def start(self, name):
        """Starts the server `name` ("model_server" or "shop") at its ports."""
        arguments = {
            "model_server": ["--model_base_path", os.path.join(self._folder, "models"), "--port",
                             str(self.ports["grpc"]), "--rest_api_port", str(self.ports["rest"]),
                             "--grpc_socket_path", os.path.join(self._folder, "grpc.sock"), "--log_requests=false"],
            "shop": ["--run", os.path.join(self._folder, "runs", "r"), "--server",
                     f"http://127.0.0.1:{self.ports['rest']}", "--port", str(self.ports["shop"]), "--processes", "2"]}
        module = {"model_server": "serving.server", "shop": "flask_app"}[name]
        with open(os.path.join(self._folder, f"{name}.log"), "ab") as log:
            self.processes[name] = self._children.start(
                name, project.module(module) + arguments[name], stdout=log, stderr=log)

    def page(self):
        """Returns (status, body) of a shopper's page; (None, "") where nobody answers. Without the footer, which tells
        whether the model server answered just now."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["shop"], timeout=30)
        try:
            connection.request("GET", "/shoppers/" + self.shopper())
            answer = connection.getresponse()
            return answer.status, answer.read().decode().split("<footer")[0]
        except (OSError, http.client.HTTPException):
            return None, ""
        finally:
            connection.close()

    def shopper(self):
        """Returns the id of the first user of the corpus."""
        from preprocessing import catalogue

        connection = catalogue.of(os.path.join(self._folder, "data", "d"))
        try:
            return catalogue.user_ids(connection)[0]
        finally:
            connection.close()

    def await_page(self, expected=None):
        """Waits for a page of status 200, counts other answers than 503 and `expected`, and returns the page.

        Raises UserError where there is none in time, or a server has ended by itself.
        """
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            status, body = self.page()
            self.wrong += status not in (None, 200, 503) or status == 200 and expected not in (None, body)
            if status == 200:
                return body
            time.sleep(.1)
        with open(os.path.join(self._folder, "shop.log"), encoding="utf-8", errors="replace") as log:
            last = (log.read().strip().splitlines() or ["no log"])[-1]
        raise UserError(f"bench kill: no page within {READY_SECONDS} s (status {status}): {last}")


def _killed(folder, moments, random, kill):
    """Calls `kill(servers, seconds)` again and again; the page must come back each time. Returns the figures."""
    with Children() as children:
        servers = Servers(children, folder)
        servers.start("model_server")
        servers.start("shop")
        page = servers.await_page()
        for _ in range(moments):
            kill(servers, random.uniform(0, LONGEST))
            servers.await_page(page)
        return {"killed": moments, "lost": servers.wrong, "whole_at_the_end": servers.page() == (200, page),
                "drafts": []}


def kill_server(name, folder, moments, random):
    """Kills "model_server" or "shop" at work, and once more while it starts again."""
    def kill(servers, seconds):
        for _ in range(2):
            time.sleep(seconds)
            servers.processes[name].kill()
            servers.processes[name].wait()
            servers.start(name)

    return _killed(folder, moments, random, kill)


def kill_shop_process(folder, moments, random):
    """Kills one of the processes that make pages; the shop starts it again."""
    def kill(servers, seconds):
        time.sleep(seconds)
        watching = servers.processes["shop"].pid
        with open(f"/proc/{watching}/task/{watching}/children", encoding="ascii") as children:
            os.kill(int(random.choice(children.read().split())), signal.SIGKILL)

    return _killed(folder, moments, random, kill)
