"""What benchmarks of serving share: a server in a process of its own, and versions that tell themselves apart."""
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from models.export import versions
from runtime import cli
from runtime.project import ROOT
from serving import signatures as wire
from serving.client import INVALID, ModelClient, ModelServerError

STEP = 1 / 64  # by which the float outputs of a version's variant exceed those of the one before
FACES = {wire.RATING, wire.ITEM_WEIGHTS, wire.ITEM_PERSONAL, wire.ITEM_USEFUL, wire.ITEM_VOTES,
         wire.USER_WEIGHTS}  # the float outputs of `explain`


class Server:
    """A running server process: `rest`, `grpc` are its addresses."""

    def __init__(self, process, rest, grpc):
        self.process, self.rest, self.grpc = process, rest, grpc

    def memory(self):
        """Resident MiB now."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def alive(self):
        return self.process.poll() is None


@contextmanager
def server(base_path, *flags):
    """Serves the versions below `base_path` on free ports; ends with the context. Gives a `Server`."""
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
        grpc_port, rest_port = (taken.getsockname()[1] for taken in (one, other))
    process = subprocess.Popen(
        [sys.executable, "-m", "serving.server", "--model_base_path", base_path, "--port", str(grpc_port),
         "--rest_api_port", str(rest_port), *flags], cwd=ROOT, env=dict(os.environ, PYTHONPATH=ROOT))
    try:
        running = Server(process, f"http://127.0.0.1:{rest_port}", f"grpc://127.0.0.1:{grpc_port}")
        client, end = ModelClient(running.rest), time.monotonic() + 60
        while not client.ready():
            if not running.alive() or time.monotonic() > end:
                raise cli.UserError(f"{base_path}: no server came up; its last lines stand above")
            time.sleep(.1)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def latest(base_path):
    """The folder of the largest version below a folder. Raises `UserError`."""
    numbers = versions.numbers(base_path) if os.path.isdir(base_path) else []
    if not numbers:
        raise cli.UserError(f"--model_base_path {base_path}: no version there; ./run export writes one")
    return os.path.join(base_path, str(numbers[-1]))


def sizes(client):
    """How many users and items the model knows: the least id that it refuses."""
    def known(**ids):
        try:
            client.predict(wire.EXPLAIN, {name: [value] for name, value in ids.items()})
            return True
        except ModelServerError as error:
            if error.reason != INVALID:
                raise
            return False

    def least_refused(name):
        low, high, other = 0, 1, {wire.USER: 0, wire.ITEM: 0}
        while known(**dict(other, **{name: high})):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if known(**dict(other, **{name: middle})) else (low, middle)
        return high

    return least_refused(wire.USER), least_refused(wire.ITEM)


def write_variant(source, base_path, version):
    """Writes version `version` below a folder, whole: `source` with all float outputs times 1 + STEP version."""
    from tensorflow.core.protobuf import saved_model_pb2

    draft = os.path.join(base_path, f".draft-{version}")
    shutil.copytree(source, draft)
    path = os.path.join(draft, "saved_model.pb")
    with open(path, "rb") as file:
        model = saved_model_pb2.SavedModel.FromString(file.read())
    for graph in model.meta_graphs:
        factor = graph.graph_def.node.add(name="variant/factor", op="Const")
        factor.attr["dtype"].type = factor.attr["value"].tensor.dtype = 1
        factor.attr["value"].tensor.float_val.append(1 + STEP * version)
        for signature in graph.signature_def.values():
            for output in signature.outputs.values():
                if output.dtype == 1:
                    product = graph.graph_def.node.add(name=f"variant/{len(graph.graph_def.node)}", op="Mul")
                    product.input.extend([output.name.replace(":0", ""), factor.name])
                    product.attr["T"].type = 1
                    output.name = product.name + ":0"
    with open(path, "wb") as file:
        file.write(model.SerializeToString())
    os.rename(draft, os.path.join(base_path, str(version)))
