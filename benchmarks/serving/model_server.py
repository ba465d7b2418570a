"""A model server in its own process, and versions of a model that can be told apart by their answers."""
import os
import shutil
import time
from contextlib import ExitStack, contextmanager

from benchmarks import process_memory
from models.export import versions
from runtime import cli, files, project, sockets
from runtime.processes import Children
from serving import signatures as wire
from serving.client import ModelClient
from serving.errors import INVALID, ModelServerError

START_SECONDS = 180
STEP = 1 / 64  # each variant multiplies the float outputs of the model by 1 + STEP * its version


class Server:
    """A running server process; `rest` and `grpc` are its URLs."""

    def __init__(self, process, rest, grpc):
        self.process, self.rest, self.grpc = process, rest, grpc

    def memory(self):
        """Returns the resident memory now, in MiB."""
        return process_memory.of(self.process.pid)

    def alive(self):
        """Whether the process runs."""
        return self.process.poll() is None


@contextmanager
def server(base_path, *flags):
    """Serves the versions below `base_path` on free ports until the context is left. Yields a `Server`.

    Raises:
      UserError: the server does not answer.
    """
    grpc_port, rest_port = free_ports(2)
    with Children() as children:
        process = children.start("the model server", project.module("serving.server") + [
            "--model_base_path", base_path, "--port", str(grpc_port), "--rest_api_port", str(rest_port),
            "--log_requests=false", *flags])  # lines of requests would fill the terminal
        running = Server(process, f"http://127.0.0.1:{rest_port}", f"grpc://127.0.0.1:{grpc_port}")
        client, end = ModelClient(running.rest), time.monotonic() + START_SECONDS
        while not client.ready():
            if not running.alive() or time.monotonic() > end:
                raise cli.UserError(f"{base_path}: the model server did not start; its last log lines are above")
            time.sleep(.1)
        yield running


def free_ports(count):
    """Returns port numbers of this machine that are free now."""
    address = sockets.addresses("127.0.0.1", 0)[0]
    with ExitStack() as held:
        return [held.enter_context(sockets.listen(address)).getsockname()[1] for _ in range(count)]


def latest(base_path):
    """Returns the folder of the largest version below a folder. Raises `UserError`."""
    numbers = versions.numbers(base_path) if os.path.isdir(base_path) else []
    if not numbers:
        raise cli.UserError(f"--model_base_path {base_path}: no version there; ./run export writes one")
    return os.path.join(base_path, str(numbers[-1]))


def sizes(client):
    """Returns the numbers of users and items of the model: the smallest ids that it refuses."""
    def accepts(**ids):
        try:
            client.predict(wire.EXPLAIN, {name: [value] for name, value in ids.items()})
            return True
        except ModelServerError as error:
            if error.reason != INVALID:
                raise
            return False

    def smallest_refused(name):
        low, high, valid = 0, 1, {wire.USER: 0, wire.ITEM: 0}
        while accepts(**dict(valid, **{name: high})):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if accepts(**dict(valid, **{name: middle})) else (low, middle)
        return high

    return smallest_refused(wire.USER), smallest_refused(wire.ITEM)


def write_variant(source, base_path, version):
    """Writes version `version` below a folder: `source` with all float outputs multiplied by 1 + STEP * version."""
    from tensorflow.core.protobuf import saved_model_pb2

    with files.written_folder(os.path.join(base_path, str(version))) as draft:
        os.rmdir(draft)  # copytree creates it
        shutil.copytree(source, draft)
        path = os.path.join(draft, "saved_model.pb")
        with open(path, "rb") as file:
            model = saved_model_pb2.SavedModel.FromString(file.read())
        for graph in model.meta_graphs:
            _multiply_outputs(graph, 1 + STEP * version)
        with open(path, "wb") as file:
            file.write(model.SerializeToString())


def _multiply_outputs(graph, value):
    """Multiplies every float output of a `MetaGraphDef` by a number."""
    factor = graph.graph_def.node.add(name="variant/factor", op="Const")
    factor.attr["dtype"].type = factor.attr["value"].tensor.dtype = 1
    factor.attr["value"].tensor.float_val.append(value)
    for signature in graph.signature_def.values():
        for output in signature.outputs.values():
            if output.dtype == 1:
                product = graph.graph_def.node.add(name=f"variant/{len(graph.graph_def.node)}", op="Mul")
                product.input.extend([output.name.replace(":0", ""), factor.name])
                product.attr["T"].type = 1
                output.name = product.name + ":0"
