"""The warm-up requests that a version contains."""
import numpy as np
import pytest

from runtime.tf1 import tf
from serving.server.servables import warmup
from serving.server.servables.saved_model import SavedModel
from serving.server.status import StatusError
from tensorflow_serving.apis import prediction_log_pb2
from tests.serving.saved_models import classify, line, regress, save


class Recorder:
    """A loaded version that records its requests."""

    def __init__(self, model):
        self._model, self.signatures, self.version, self.asked = model, model.signatures, 1, []

    def predict(self, name, inputs, wanted):
        self.asked.append(name)
        return self._model.predict(name, inputs, wanted)

    def run(self, feeds, fetches, arrays, seconds):
        self.asked.append(len(arrays[0]))
        return self._model.run(feeds, fetches, arrays, seconds)


@pytest.fixture
def path(tmp_path):
    return save(tmp_path / "1", serving_default=line(), classify=classify, regress=regress)


def write(path, *logs):
    (path / "assets.extra").mkdir()
    with tf.io.TFRecordWriter(str(path / warmup.FILE)) as writer:
        for log in logs:
            writer.write(log.SerializeToString())


def of_predict(value):
    log = prediction_log_pb2.PredictionLog()
    log.predict_log.request.model_spec.name = "whatever"
    log.predict_log.request.inputs["x"].CopyFrom(tf.make_tensor_proto(value))
    return log


def of_examples():
    classified, regressed, both = (prediction_log_pb2.PredictionLog() for _ in range(3))
    asked = [(classified.classify_log.request, "classify"),
             (regressed.regress_log.request, "regress"),
             (both.multi_inference_log.request, "regress")]
    for request, signature in asked:
        example = request.input.example_list.examples.add()
        example.features.feature["x"].float_list.value.append(.5)
        if signature == "regress" and request is asked[2][0]:
            task = request.tasks.add(method_name="tensorflow/serving/regress")
            task.model_spec.name, task.model_spec.signature_name = "m", signature
        else:
            request.model_spec.name, request.model_spec.signature_name = "m", signature
    return classified, regressed, both


def test_every_kind_of_request_is_replayed(path):
    write(path, of_predict(np.float32([1])), *of_examples())
    model = Recorder(SavedModel(str(path), 1))
    warmup.replay(model, str(path))
    assert model.asked == ["serving_default", 1, 1, 1]


def test_a_folder_without_warmup_requests_loads(path):
    warmup.replay(SavedModel(str(path), 1), str(path))


def test_a_failed_warmup_request_is_reported(path):
    write(path, of_predict(np.int32([1])))
    with pytest.raises(StatusError, match="to be float but int32"):
        warmup.replay(SavedModel(str(path), 1), str(path))
