"""The client of the model server, and an embedded model server with TensorFlow Serving's interface.

    signatures.py       names, shapes and types of the SavedModel's signatures, inputs and outputs
    client.py           `ModelClient`: calls one model of one server, over REST or gRPC
    rest_transport.py   the client's REST requests
    grpc_transport.py   the client's gRPC calls
    retry.py            retries and circuit breaker of the client
    errors.py           `ModelServerError` and its reasons
    tensor_proto.py     numpy arrays <-> TensorProto messages, used by client and server
    protobuf_json.py    protobuf messages -> plain objects for JSON
    server/             the embedded model server (`./run serve`)
"""
