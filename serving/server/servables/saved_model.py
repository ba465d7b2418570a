"""One loaded version of a model: a SavedModel in its own graph and session.

Depends on nothing but the SavedModel, so it serves any model. Imports TensorFlow.
"""
import gc
import logging
import os

import numpy as np
from tensorflow.core.protobuf import config_pb2

from runtime import memory
from runtime.tf1 import tf
from serving.server.config import Settings
from serving.server.servables import costs
from serving.server.servables.batching import Batcher
from serving.server.status import StatusError, from_exception, invalid

DEFAULT_SIGNATURE = "serving_default"
METHODS = {name: f"tensorflow/serving/{name}" for name in ("predict", "classify", "regress")}
POOL, THIS_THREAD = 0, -1  # of RunOptions.inter_op_thread_pool: operations run in TensorFlow's threads, in the caller's
MAX_CALLABLES = 200  # kept in memory; clients may request any subset of outputs
_NAMES = {"float32": "float", "float64": "double", "float16": "half"}


class SavedModel:
    """A loaded SavedModel. Safe to use from several threads.

    Attributes:
      version: its number.
      signatures: name -> `SignatureDef`.
      work: the `work.Work` that orders the requests of the server; None: each runs at once, without a limit.
    """
    work = None

    def __init__(self, path, version, settings=Settings(), slots=None):
        """Loads the folder `path` and prepares every signature. Raises TensorFlow's errors.

        `slots` is the semaphore that limits how many batches run at the same time, if `settings` has batching.
        """
        _refuse_other_formats(path)
        tf.get_logger().setLevel(logging.ERROR)
        self.version, self._limit = version, settings.rest_api_timeout
        self._batcher = Batcher(settings.batching, slots) if settings.batching else None
        self._session = tf.Session(graph=tf.Graph(), config=config_pb2.ConfigProto(
            intra_op_parallelism_threads=settings.intra_op_threads,
            inter_op_parallelism_threads=settings.inter_op_threads,
            gpu_options=config_pb2.GPUOptions(allow_growth=True)))  # a GPU may be shared with other processes
        self._callables, self._costs = {}, costs.of_export(path)
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
        """Creates the callable of every signature, so that the first request is not slower than others."""
        for signature in self.signatures.values():
            try:
                self._callable(*_names(signature), self._limit)
            except StatusError:
                pass  # requests to this signature report the error

    def input_types(self, name):
        """Returns the inputs of a signature: alias -> `numpy.dtype`, object for strings."""
        return {alias: np.dtype(tf.as_dtype(info.dtype).as_numpy_dtype)
                for alias, info in self.signatures[name].inputs.items()}

    def predict(self, name, inputs, requested=(), seconds=None):
        """Runs a signature.

        Args:
          name: name of a signature of this model.
          inputs: alias -> array, exactly the signature's inputs and types.
          requested: aliases of the outputs to return; empty: all.
          seconds: time limit; None: the limit of the settings.

        Returns:
          alias -> array.

        Raises:
          StatusError: the request does not match the signature, fails, or takes too long.
        """
        signature = self.signatures[name]
        if signature.method_name not in METHODS.values():
            raise StatusError("INTERNAL", "Expected prediction signature method_name to be one of "
                              f"{{{', '.join(sorted(METHODS.values()))}}}. "
                              f"Was: {signature.method_name}")
        _check(signature, inputs, requested)
        feeds, fetches = _names(signature)
        aliases = list(requested or signature.outputs)
        if requested:
            fetches = tuple(signature.outputs[alias].name for alias in requested)
        arrays = [inputs[alias] for alias in signature.inputs]
        try:
            return dict(zip(aliases, self.run(feeds, fetches, arrays, seconds, (name, inputs))))
        except StatusError as error:
            shapes = _other_shapes(signature, inputs)
            if error.code == "INVALID_ARGUMENT" and shapes:
                raise invalid(f"{shapes}: {error.message.splitlines()[0]}") from None
            raise

    def run(self, feeds, fetches, arrays, seconds=None, request=None):
        """Returns the arrays of the tensors `fetches` when the tensors `feeds` are `arrays`.

        Runs when it is the turn of the request, and in a batch with other requests if batching is on and these are
        all tensors of one signature. `request` is (name of the signature, its inputs by alias), which tells the cost
        besides that of the values. Raises `StatusError`.
        """
        limit = self._limit if seconds is None else min(seconds, self._limit)
        if self.work is None:
            return self._run(feeds, fetches, arrays, limit)
        cost, sliced = costs.Cost(), False
        if self._costs and request:
            cost, sliced = self._costs.of(*request), not self._batcher and costs.can_be_sliced(*request)
        return self.work.run(
            lambda part, left, background: self._run(feeds, fetches, part, left, THIS_THREAD if background else POOL),
            arrays, cost, sliced, limit)

    def _run(self, feeds, fetches, arrays, limit, threads=POOL):
        call = self._callable(feeds, fetches, limit, threads)
        if self._batcher and (feeds, fetches) in self._whole:
            return self._batcher.run((feeds, fetches), call, arrays, limit)
        return call(arrays)

    def _callable(self, feeds, fetches, seconds, threads=POOL):
        """Returns the function arrays -> arrays of a part of the graph, with a time limit of about `seconds`.

        `threads` says where its operations run: POOL or THIS_THREAD, where TensorFlow knows no time limit.

        It is a callable of the session instead of `Session.run`. As in TensorFlow Serving, the operations check the
        shapes (`Session.run` rejects shapes that differ from the placeholder's), and a call costs 21 us instead of
        170. The time limit of a callable is fixed, so the settings' limit is halved as long as it stays above
        `seconds`.
        """
        limit = self._limit
        while threads == POOL and limit / 2 > max(seconds, 0.1):
            limit /= 2
        key = feeds, fetches, limit, threads
        function = self._callables.get(key)
        if function is None:
            if len(self._callables) >= MAX_CALLABLES:
                self._callables = {}  # another thread may do so at any moment
            options = config_pb2.CallableOptions(feed=feeds, fetch=fetches)
            options.run_options.inter_op_thread_pool = threads
            options.run_options.timeout_in_ms = max(1, int(limit * 1000))
            function = self._callables[key] = self._make(options)
        return function

    def _make(self, options):
        try:
            function = self._session._make_callable_from_options(options)
        except tf.errors.OpError as error:
            raise from_exception(error)

        def call(arrays):
            try:
                return list(map(np.asarray, function(*arrays)))
            except (tf.errors.OpError, ValueError, TypeError) as error:
                raise from_exception(error)

        return call

    def close(self):
        """Frees the session. No request may be using it."""
        self._callables = {}
        self._session.close()
        self._session = None
        gc.collect()  # a graph of TensorFlow contains reference cycles
        memory.release()


def _refuse_other_formats(path):
    """Raises `StatusError` for a folder that is no SavedModel but a model of another format of TensorFlow."""
    names = set(os.listdir(path))
    if not names & {"saved_model.pb", "saved_model.pbtxt"}:
        for kind, files in (("a SessionBundle", {"export.meta"}), ("a TensorFlow Lite model", {"model.tflite"})):
            if names & files:
                raise StatusError("UNIMPLEMENTED", f"{path} is {kind}, which is not supported; export a SavedModel")


def _names(signature):
    """Returns the names of a signature's input tensors and of its output tensors."""
    return tuple(tuple(info.name for info in side.values())
                 for side in (signature.inputs, signature.outputs))


def _check(signature, inputs, requested):
    sent, expected = set(inputs), set(signature.inputs)
    if len(sent) != len(expected):
        raise invalid(f"input size does not match signature: {len(sent)}!={len(expected)} "
                      f"len({_set(sent)}) != len({_set(expected)}). Sent extra: "
                      f"{_set(sent - expected)}. Missing but required: {_set(expected - sent)}.")
    for alias in sorted(sent - expected):
        raise invalid(f"input tensor alias not found in signature: {alias}. Inputs expected "
                      f"to be in the set {_set(expected)}.")
    for number, alias in enumerate(requested):
        if alias not in signature.outputs:
            raise invalid(f"output tensor alias not found in signature: {alias} Outputs "
                          f"expected to be in the set {_set(signature.outputs)}.")
        if alias in requested[:number]:
            raise invalid(f"duplicate output tensor alias: {alias}")
    by_tensor = sorted(signature.inputs.items(), key=lambda item: item[1].name)
    for number, (alias, info) in enumerate(by_tensor):
        dtype, got = tf.as_dtype(info.dtype), tf.as_dtype(inputs[alias].dtype)
        if dtype != got:
            raise invalid(f"Expects arg[{number}] to be "
                          f"{_NAMES.get(dtype.name, dtype.name)} "
                          f"but {_NAMES.get(got.name, got.name)} is provided")


def _other_shapes(signature, inputs):
    """Says which inputs have a shape that is not the signature's, in words; '' where all fit."""
    wrong = []
    for alias, info in sorted(signature.inputs.items()):
        wanted, got = tf.TensorShape(info.tensor_shape), np.shape(inputs[alias])
        if not wanted.is_compatible_with(got):
            sizes = ", ".join("any" if size is None else str(size) for size in wanted.as_list())
            hint = "" if sizes else " (one number; over REST in columns, as \"inputs\")"
            wrong.append(f"input {alias} has the shape {list(got)}, not [{sizes}]{hint}")
    return "; ".join(wrong)


def _set(names):
    return f"{{{','.join(sorted(names))}}}"
