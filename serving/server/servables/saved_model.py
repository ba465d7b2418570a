"""One version of a model, loaded: a SavedModel in a graph and a session of its own.

Knows of no model but what the folder says. Imports TensorFlow.
"""
import gc
import logging

import numpy as np
from tensorflow.core.protobuf import config_pb2

from runtime import memory
from runtime.tf1 import tf
from serving.server.config import Settings
from serving.server.servables.batching import Batcher
from serving.server.status import StatusError, from_exception, invalid

DEFAULT_SIGNATURE = "serving_default"
METHODS = {name: f"tensorflow/serving/{name}" for name in ("predict", "classify", "regress")}
MOST_CALLABLES = 200  # kept; a client may ask for any subset of outputs
_NAMES = {"float32": "float", "float64": "double", "float16": "half"}


class SavedModel:
    """A loaded SavedModel. Safe to use from several threads.

    Attributes:
      version: its number.
      signatures: name -> `SignatureDef`.
    """

    def __init__(self, path, version, settings=Settings(), slots=None):
        """Loads the folder `path`, prepares every signature. Raises whatever TensorFlow does.

        `slots` is the semaphore of batches that run at a time, where `settings` has batching.
        """
        tf.get_logger().setLevel(logging.ERROR)
        self.version, self._limit = version, settings.rest_api_timeout
        self._batcher = Batcher(settings.batching, slots) if settings.batching else None
        self._session = tf.Session(graph=tf.Graph(), config=config_pb2.ConfigProto(
            intra_op_parallelism_threads=settings.intra_op_threads,
            inter_op_parallelism_threads=settings.inter_op_threads))
        self._callables = {}
        try:
            with self._session.graph.as_default():
                meta_graph = tf.saved_model.load(self._session, list(settings.tags), path)
            self.signatures = dict(meta_graph.signature_def)
            self._whole = set(map(_names, self.signatures.values()))
            self._prepare()
        except BaseException:
            self._session.close()
            raise

    def _prepare(self):
        """Makes the call of every signature, so that the first request is as fast as any."""
        for signature in self.signatures.values():
            try:
                self._callable(*_names(signature), self._limit)
            except StatusError:
                pass  # who calls it is told

    def input_types(self, name):
        """The inputs of a signature: alias -> `numpy.dtype`, object for strings."""
        return {alias: np.dtype(tf.as_dtype(info.dtype).as_numpy_dtype)
                for alias, info in self.signatures[name].inputs.items()}

    def predict(self, name, inputs, wanted=(), seconds=None):
        """Runs a signature.

        Args:
          name: of the signature; it must be there.
          inputs: alias -> array, of exactly the signature's inputs and types.
          wanted: aliases of the outputs to give; none means all.
          seconds: the longest it may take, None for the settings' limit.

        Returns:
          alias -> array.
        """
        signature = self.signatures[name]
        if signature.method_name not in METHODS.values():
            raise StatusError("INTERNAL", "Expected prediction signature method_name to be one of "
                              f"{{{', '.join(sorted(METHODS.values()))}}}. "
                              f"Was: {signature.method_name}")
        _check(signature, inputs, wanted)
        feeds, fetches = _names(signature)
        aliases = list(wanted or signature.outputs)
        if wanted:
            fetches = tuple(signature.outputs[alias].name for alias in wanted)
        arrays = [inputs[alias] for alias in signature.inputs]
        return dict(zip(aliases, self.run(feeds, fetches, arrays, seconds)))

    def run(self, feeds, fetches, arrays, seconds=None):
        """The arrays of the tensors `fetches` when the tensors `feeds` are `arrays`.

        In company of other requests where batching is on and a signature has just these tensors.
        """
        limit = self._limit if seconds is None else min(seconds, self._limit)
        call = self._callable(feeds, fetches, limit)
        if self._batcher and (feeds, fetches) in self._whole:
            return self._batcher.run((feeds, fetches), call, arrays, limit)
        return call(arrays)

    def _callable(self, feeds, fetches, seconds):
        """The function arrays -> arrays of a part of the graph, that ends within about `seconds`.

        A callable of the session, not `Session.run`: like the model server, it lets the graph judge
        the shapes (`run` would refuse what differs from the placeholder's), and it costs 21 us, not
        170. Its limit is fixed, so it is the settings' or the next power of 2 s above.
        """
        limit = self._limit
        while limit / 2 > max(seconds, 0.1):
            limit /= 2
        key = feeds, fetches, limit
        if key not in self._callables:
            if len(self._callables) >= MOST_CALLABLES:
                self._callables = {}
            options = config_pb2.CallableOptions(feed=feeds, fetch=fetches)
            options.run_options.timeout_in_ms = max(1, int(limit * 1000))
            self._callables[key] = self._made(options)
        return self._callables[key]

    def _made(self, options):
        try:
            made = self._session._make_callable_from_options(options)
        except tf.errors.OpError as error:
            raise from_exception(error)

        def call(arrays):
            try:
                return list(map(np.asarray, made(*arrays)))
            except (tf.errors.OpError, ValueError, TypeError) as error:
                raise from_exception(error)

        return call

    def close(self):
        """Frees the session. Nobody may be using it any more."""
        self._callables = {}
        self._session.close()
        self._session = None
        gc.collect()  # a graph of TensorFlow points at itself
        memory.release()


def _names(signature):
    """The names of a signature's tensors: inputs and outputs."""
    return tuple(tuple(info.name for info in side.values())
                 for side in (signature.inputs, signature.outputs))


def _check(signature, inputs, wanted):
    given, known = set(inputs), set(signature.inputs)
    if len(given) != len(known):
        raise invalid(f"input size does not match signature: {len(given)}!={len(known)} "
                      f"len({_set(given)}) != len({_set(known)}). Sent extra: "
                      f"{_set(given - known)}. Missing but required: {_set(known - given)}.")
    for alias in sorted(given - known):
        raise invalid(f"input tensor alias not found in signature: {alias}. Inputs expected "
                      f"to be in the set {_set(known)}.")
    for number, alias in enumerate(wanted):
        if alias not in signature.outputs:
            raise invalid(f"output tensor alias not found in signature: {alias} Outputs "
                          f"expected to be in the set {_set(signature.outputs)}.")
        if alias in wanted[:number]:
            raise invalid(f"duplicate output tensor alias: {alias}")
    by_tensor = sorted(signature.inputs.items(), key=lambda item: item[1].name)
    for number, (alias, info) in enumerate(by_tensor):
        expected, got = tf.as_dtype(info.dtype), tf.as_dtype(inputs[alias].dtype)
        if expected != got:
            raise invalid(f"Expects arg[{number}] to be "
                          f"{_NAMES.get(expected.name, expected.name)} "
                          f"but {_NAMES.get(got.name, got.name)} is provided")


def _set(names):
    return f"{{{','.join(sorted(names))}}}"
