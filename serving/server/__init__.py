"""An embedded model server with the REST and gRPC interface of TensorFlow Serving 1.15.

    __main__.py         `./run serve`
    flags.py            the command line, with the flags of tensorflow_model_server
    config.py           settings, and TensorFlow Serving's configuration files
    start.py            starts a server in threads of this process, for tests and figures
    stopping.py         Ctrl-C and SIGTERM of the command
    open_files.py       the limit of the number of open files and connections of the process
    model_server.py     the running server: models, REST and gRPC together
    rest/               REST: paths, JSON bodies, HTTP
    grpc_server.py      gRPC: PredictionService and ModelService
    unix_socket.py      the path of gRPC's Unix socket
    examples.py         classify, regress and multi-inference, for REST and gRPC
    messages.py         status and metadata of a model, as protobuf messages and as JSON
    servables/          models, their versions, loading, batching
    access_log.py       one log line for each request
    metrics.py          counters and durations in Prometheus' text format
    status.py           status codes and `StatusError`

Importing this package is cheap: TensorFlow is imported when a server starts.
"""
