"""One version of a model, loaded: a SavedModel in a graph and a session of its own.

Knows of no model but what the folder says. Imports TensorFlow.
"""
import logging

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2

from serving.server.status import StatusError, from_exception, invalid

RUN_SECONDS = 30  # the longest a request may run

_METHODS = {f"tensorflow/serving/{name}" for name in ("predict", "classify", "regress")}
_NAMES = {"float32": "float", "float64": "double", "float16": "half"}


class SavedModel:
    """A loaded SavedModel. Safe to use from several threads.

    Attributes:
      version: its number.
      signatures: name -> `SignatureDef`.
    """

    def __init__(self, path, version):
        """Loads the folder `path`, prepares every signature. Raises whatever TensorFlow does."""
        tf.get_logger().setLevel(logging.ERROR)
        self.version = version
        self._session = tf.compat.v1.Session(graph=tf.Graph())
        try:
            with self._session.graph.as_default():
                meta_graph = tf.compat.v1.saved_model.load(self._session, ["serve"], path)
            self.signatures = dict(meta_graph.signature_def)
            self._calls = {name: self._prepare(signature)
                           for name, signature in self.signatures.items()}
        except Exception:
            self._session.close()
            raise

    def _prepare(self, signature):
        """The function that runs a signature, or the `StatusError` that every call of it gets.

        A callable of the session, not `Session.run`: like the model server, it lets the graph judge
        the shapes (`run` would refuse what differs from the placeholder's), and it costs 21 us, not
        170. Made at loading, so that the first request is as fast as any.
        """
        options = config_pb2.CallableOptions(
            feed=[info.name for info in signature.inputs.values()],
            fetch=[info.name for info in signature.outputs.values()],
            run_options=config_pb2.RunOptions(timeout_in_ms=RUN_SECONDS * 1000))
        try:
            if signature.method_name not in _METHODS:
                raise StatusError("INTERNAL", "Expected prediction signature method_name to be one "
                                  f"of {{{', '.join(sorted(_METHODS))}}}. "
                                  f"Was: {signature.method_name}")
            return self._session._make_callable_from_options(options)
        except StatusError as error:
            return error
        except tf.errors.OpError as error:
            return from_exception(error)

    def input_types(self, name):
        """The inputs of a signature: alias -> `numpy.dtype`, object for strings."""
        return {alias: np.dtype(tf.as_dtype(info.dtype).as_numpy_dtype)
                for alias, info in self.signatures[name].inputs.items()}

    def predict(self, name, inputs, wanted=()):
        """Runs a signature.

        Args:
          name: of the signature; it must be there.
          inputs: alias -> array, of exactly the signature's inputs and types.
          wanted: aliases of the outputs to give; none means all.

        Returns:
          alias -> array.
        """
        signature, call = self.signatures[name], self._calls[name]
        self._check(signature, inputs)
        for alias in wanted:
            if alias not in signature.outputs:
                raise invalid(f"output tensor alias not found in signature: {alias} Outputs "
                              f"expected to be in the set {_set(signature.outputs)}.")
        if len(set(wanted)) < len(wanted):
            raise invalid("duplicate output tensor alias: "
                          f"{next(alias for alias in wanted if wanted.count(alias) > 1)}")
        if isinstance(call, StatusError):
            raise call
        try:
            results = call(*[inputs[alias] for alias in signature.inputs])
        except (tf.errors.OpError, ValueError, TypeError) as error:
            raise from_exception(error)
        outputs = dict(zip(signature.outputs, map(np.asarray, results)))
        return {alias: outputs[alias] for alias in wanted or outputs}

    def _check(self, signature, inputs):
        given, known = set(inputs), set(signature.inputs)
        if len(given) != len(known):
            raise invalid(f"input size does not match signature: {len(given)}!={len(known)} "
                          f"len({_set(given)}) != len({_set(known)}). Sent extra: "
                          f"{_set(given - known)}. Missing but required: {_set(known - given)}.")
        for alias in sorted(given - known):
            raise invalid(f"input tensor alias not found in signature: {alias}. Inputs expected "
                          f"to be in the set {_set(known)}.")
        by_tensor = sorted(signature.inputs.items(), key=lambda item: item[1].name)
        for number, (alias, info) in enumerate(by_tensor):
            wanted, got = tf.as_dtype(info.dtype), tf.as_dtype(inputs[alias].dtype)
            if wanted != got:
                raise invalid(f"Expects arg[{number}] to be {_NAMES.get(wanted.name, wanted.name)} "
                              f"but {_NAMES.get(got.name, got.name)} is provided")

    def close(self):
        """Frees the session. Nobody may be using it any more."""
        self._session.close()


def _set(names):
    return f"{{{','.join(sorted(names))}}}"
