"""An embedded model server that keeps TensorFlow Serving's contract, REST and gRPC.

    rest.py, rpc.py       the two halves: addresses, methods, status codes
    json_request.py, json_tensor.py, json_response.py, tensors.py, messages.py
                          what travels: JSON and protobuf <-> arrays
    versions.py           the folder of a model: which version is loaded, in what state
    saved_model.py        one loaded version
    model_server.py       all of it together
    status.py             codes and errors

Importing the package is cheap; TensorFlow is imported when a server starts.
"""
DEFAULT_HOST = "127.0.0.1"


def start(model_name, base_path, host=DEFAULT_HOST, port=0, rest_api_port=0, poll_seconds=1):
    """Starts a server in threads of this process, and waits until a first load was tried.

    Args:
      model_name: the name that requests ask for.
      base_path: the folder of its version folders; the largest number that loads is served.
      host: the address to listen on.
      port, rest_api_port: of gRPC and REST; 0 takes a free one.
      poll_seconds: between two looks at the folder; 0 looks once.

    Returns:
      A `model_server.ModelServer`, with `rest_url`, `grpc_address` and `stop()`.

    Raises:
      command.UserError: no such folder, or a port that cannot be had.
    """
    from serving.server.model_server import ModelServer

    return ModelServer(model_name, base_path, host, port, rest_api_port, poll_seconds)
