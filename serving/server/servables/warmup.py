"""Replays the warm-up requests of a version when it is loaded, so that the first client request is not slow.

As in TensorFlow Serving: `assets.extra/tf_serving_warmup_requests`, a TFRecord file of `PredictionLog`s. Imports
TensorFlow.
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
MAX_REQUESTS = 1000
MAX_TENSOR = 64 * 2 ** 20  # bytes of one input


def replay(model, path):
    """Runs the warm-up requests in the folder `path`, if there are any, on a `saved_model.SavedModel`.

    Raises:
      StatusError: a request fails; such a version must not be served.
    """
    file = os.path.join(path, FILE)
    if not os.path.exists(file):
        return
    for number, record in enumerate(tf.io.tf_record_iterator(file)):
        if number >= MAX_REQUESTS:
            raise StatusError("INVALID_ARGUMENT", f"Number of warmup records exceeds the maximum "
                                                  f"({MAX_REQUESTS}) at {file}")
        _run(model, prediction_log_pb2.PredictionLog.FromString(record))


def _run(model, record):
    kind = record.WhichOneof("log_type")
    models = _SingleVersion(model)
    if kind == "predict_log":
        request = record.predict_log.request
        model.predict(request.model_spec.signature_name or DEFAULT_SIGNATURE,
                      {alias: tensor_proto.to_array(proto, MAX_TENSOR)
                       for alias, proto in request.inputs.items()}, list(request.output_filter))
    elif kind == "classify_log":
        examples.classify(models, record.classify_log.request)
    elif kind == "regress_log":
        examples.regress(models, record.regress_log.request)
    elif kind == "multi_inference_log":
        examples.infer(models, record.multi_inference_log.request)


class _SingleVersion:
    """Stands for `models.Models`: always returns the one version, whatever model and version a request names."""

    def __init__(self, model):
        self._model = model

    @contextmanager
    def use(self, name, version=None):
        yield self._model

    def version_of(self, spec):
        return None
