"""Requests that a version brings along, replayed when it is loaded: none after is the first.

As in TensorFlow Serving: `assets.extra/tf_serving_warmup_requests`, a TFRecord file of
`PredictionLog`s. Imports TensorFlow.
"""
import os
from contextlib import contextmanager

from runtime.tf1 import tf
from serving import tensor_proto
from serving.server import examples
from serving.server.servables.saved_model import DEFAULT_SIGNATURE
from serving.server.status import StatusError
from tensorflow_serving.apis import prediction_log_pb2

FILE = os.path.join("assets.extra", "tf_serving_warmup_requests")
MOST = 1000  # requests
MAX_TENSOR = 64 * 2 ** 20  # bytes of one input


def replay(model, path):
    """Sends the requests of the folder `path`, if there are any, to a `saved_model.SavedModel`.

    Raises:
      StatusError: a request fails; the version is not fit to serve then.
    """
    file = os.path.join(path, FILE)
    if not os.path.exists(file):
        return
    for number, record in enumerate(tf.io.tf_record_iterator(file)):
        if number >= MOST:
            raise StatusError("INVALID_ARGUMENT", f"Number of warmup records exceeds the maximum "
                                                  f"({MOST}) at {file}")
        _run(model, prediction_log_pb2.PredictionLog.FromString(record))


def _run(model, record):
    kind = record.WhichOneof("log_type")
    alone = _Alone(model)
    if kind == "predict_log":
        request = record.predict_log.request
        model.predict(request.model_spec.signature_name or DEFAULT_SIGNATURE,
                      {alias: tensor_proto.to_array(proto, MAX_TENSOR)
                       for alias, proto in request.inputs.items()}, list(request.output_filter))
    elif kind == "classify_log":
        examples.classify(alone, record.classify_log.request)
    elif kind == "regress_log":
        examples.regress(alone, record.regress_log.request)
    elif kind == "multi_inference_log":
        examples.infer(alone, record.multi_inference_log.request)


class _Alone:
    """One version in place of all models, whatever version a request names."""

    def __init__(self, model):
        self._model = model

    @contextmanager
    def use(self, name, version=None):
        yield self._model

    def version_of(self, spec):
        return None
