"""The client of a model server, TensorFlow Serving's or the embedded one, over REST or gRPC.

    client = ModelClient("http://127.0.0.1:8501")
    answer = client.predict(signatures.RANK, {"uid": [7], "k": 10})   # name -> numpy array

`http://` needs the standard library and numpy only. `grpc://` needs the messages of tensorflow-serving-api, which
import TensorFlow; they are imported when a gRPC client is created. The shop uses REST.
"""
import numpy as np

from serving import signatures
from serving.errors import BAD_ANSWER, INVALID, ModelServerError
from serving.retry import FAILURES, RetryPolicy

_DTYPES = {"DT_FLOAT": "float32", "DT_DOUBLE": "float64", "DT_HALF": "float16",
           "DT_INT8": "int8", "DT_INT16": "int16", "DT_INT32": "int32", "DT_INT64": "int64",
           "DT_UINT8": "uint8", "DT_UINT16": "uint16", "DT_UINT32": "uint32",
           "DT_UINT64": "uint64", "DT_BOOL": "bool", "DT_STRING": "object"}
_DTYPES = {name: np.dtype(dtype) for name, dtype in _DTYPES.items()}


class ModelClient:
    """Calls one model of one server. Safe to use from several threads; connections are reused."""

    def __init__(self, url, model_name=signatures.MODEL_NAME, timeout=5.0, retries=2,
                 failures=FAILURES):
        """
        Args:
          url: `http://host:port` or `grpc://host:port`.
          model_name: the name of the model at the server.
          timeout: time limit of one exchange with the server, from connecting to the last byte, in seconds. A call
            is one exchange, or several: the first call also requests the signatures, and failed ones are repeated.
          retries: how often a call is repeated, within `timeout`, when the server is unreachable or unavailable.
          failures: after so many failed calls in a row, calls fail at once for a while; see `serving.retry`.

        Raises:
          ValueError: the URL has another form.
        """
        scheme, _, address = url.rstrip("/").partition("://")
        if scheme == "grpc" and address:
            from serving.grpc_transport import GrpcTransport
            self._transport = GrpcTransport(address, model_name, timeout)
        elif scheme == "http" and address:
            from serving.rest_transport import RestTransport
            self._transport = RestTransport(url.rstrip("/"), model_name, timeout)
        else:
            raise ValueError(f"{url!r}: give http://host:port or grpc://host:port")
        self._retry = RetryPolicy(retries, timeout, failures)
        self._signatures = {}  # signature -> (inputs, outputs), each name -> dtype (None: not supported)

    def predict(self, signature, inputs):
        """Runs a signature of the model's latest version.

        Args:
          signature: its name.
          inputs: name -> array, or a value that `numpy.asarray` accepts; exactly the inputs of the signature. Values
            are cast to the signature's dtypes where that keeps the value (int64 to int32, int to float).

        Returns:
          name -> array, with the signature's dtypes (strings: dtype object, elements bytes).

        Raises:
          ModelServerError
        """
        types = self._signatures.get(signature)
        if types:
            try:
                return self._run(signature, inputs, types)
            except ModelServerError as error:
                if error.reason not in (INVALID, BAD_ANSWER):
                    raise
                self._read_signatures()  # a new version may have other inputs or outputs
                if self._signatures.get(signature) == types:
                    raise
        else:
            self._read_signatures()
        return self._run(signature, inputs, self._signatures.get(signature))

    def _run(self, signature, inputs, types):
        """`predict` with the (inputs, outputs) of a signature. With None the server reports what is wrong."""
        types, outputs = types or ({name: None for name in inputs}, {})
        if set(types) != set(inputs):
            raise ModelServerError(INVALID, f"{signature} takes {', '.join(sorted(types))}; "
                                            f"given {', '.join(sorted(inputs)) or 'nothing'}")
        arrays = {name: _cast(INVALID, name, value, types[name]) for name, value in inputs.items()}
        given = self._retry.call(self._transport.predict, signature, arrays)
        answer = self._transport.decode(given, outputs)
        return {name: _cast(BAD_ANSWER, name, array, outputs[name])
                for name, array in answer.items()}

    def _read_signatures(self):
        """Requests the signatures of the latest version from the server."""
        try:
            answer = self.metadata()["metadata"]["signature_def"]["signature_def"]
            self._signatures = {name: tuple({alias: _DTYPES.get(tensor["dtype"])
                                             for alias, tensor in signature.get(side, {}).items()}
                                            for side in ("inputs", "outputs"))
                                for name, signature in answer.items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise ModelServerError(BAD_ANSWER, f"metadata without signatures: {error!r}")

    def status(self):
        """Returns the states of the model's versions, as the REST API returns them. Raises ModelServerError."""
        return self._retry.call(self._transport.status)

    def metadata(self):
        """Returns the signatures of the latest version, as the REST API returns them. Raises ModelServerError."""
        return self._retry.call(self._transport.metadata)

    def states(self):
        """Returns [(version, state)] of the model's versions; None where the server does not tell. Never raises."""
        return _states(self.status)

    def ready(self):
        """Whether the server answers without a retry and has loaded a version. Never raises."""
        return any(state == "AVAILABLE" for _, state in _states(self._transport.status) or ())


def _states(status):
    """[(version, state)] of the answer of a function; None where it fails, or answers something else."""
    try:
        return [(version["version"], version["state"]) for version in status()["model_version_status"]]
    except (ModelServerError, KeyError, TypeError):
        return None


def _cast(reason, name, value, dtype):
    """Returns a value as an array of a dtype (None: numpy's choice). Raises a `ModelServerError` with `reason`."""
    try:
        array = np.asarray(value, object if dtype == object else None)
        if dtype == object or dtype is None and array.dtype.kind in "OSU":
            return _bytes(array)
        if dtype is None or array.dtype == dtype:
            return array
        whole = array.dtype.kind in "iu" and dtype.kind in "iuf"
        cast = array.astype(dtype, casting="unsafe" if whole or not array.size else "same_kind")
        if whole and not np.array_equal(cast, array):
            raise ValueError(f"a number does not fit {dtype}")
        return cast
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelServerError(reason, f"{name}: {error}")


def _bytes(array):
    flat = [text.encode() if isinstance(text, str) else bytes(text) for text in array.ravel()]
    result = np.empty(array.shape, object)
    result.ravel()[:] = flat
    return result
