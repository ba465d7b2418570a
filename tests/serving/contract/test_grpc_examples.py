"""The gRPC contract: Classify, Regress, MultiInference."""
import grpc
import pytest

from runtime.tf1 import tf
from tensorflow_serving.apis import classification_pb2, inference_pb2, prediction_service_pb2_grpc, regression_pb2
from tests.serving.conftest import MODEL, VERSION

METHOD = "tensorflow/serving/"


@pytest.fixture(scope="module")
def prediction(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def example(**features):
    made = tf.train.Example()
    for name, value in features.items():
        if isinstance(value, bytes):
            made.features.feature[name].bytes_list.value.append(value)
        else:
            made.features.feature[name].float_list.value.append(value)
    return made


def filled(message, signature, *examples, context=None):
    if signature is not None:
        message.model_spec.name, message.model_spec.signature_name = MODEL, signature
    if context is None:
        message.input.example_list.examples.extend(examples)
    else:
        message.input.example_list_with_context.context.CopyFrom(context)
        message.input.example_list_with_context.examples.extend(examples)
    return message


def several(*tasks, examples=(example(x=.5),)):
    """A request of tasks (signature, method)."""
    message = inference_pb2.MultiInferenceRequest()
    message.input.example_list.examples.extend(examples)
    for signature, method in tasks:
        task = message.tasks.add(method_name=METHOD + method)
        task.model_spec.name, task.model_spec.signature_name = MODEL, signature
    return message


def refused(method, message):
    with pytest.raises(grpc.RpcError) as raised:
        method(message, timeout=30)
    return raised.value.code().name, raised.value.details()


def check_spec(spec, signature):
    assert (spec.name, spec.signature_name, spec.version.value) == (MODEL, signature, VERSION)


def test_classify(prediction):
    request = filled(classification_pb2.ClassificationRequest(), "classify",
                     example(x=.25), example(x=.5), context=example(word=b"all"))
    answer = prediction.Classify(request, timeout=30)
    check_spec(answer.model_spec, "classify")
    assert [[(one.label, one.score) for one in entry.classes]
            for entry in answer.result.classifications] == [
        [("all", .25), ("noall", .75)], [("all", .5), ("noall", .5)]]


def test_regress(prediction):
    request = filled(regression_pb2.RegressionRequest(), "regress", example(x=.25), example(x=3.))
    answer = prediction.Regress(request, timeout=30)
    check_spec(answer.model_spec, "regress")
    assert [entry.value for entry in answer.result.regressions] == [.5, 6]


def test_several_inferences_in_one_run(prediction):
    answer = prediction.MultiInference(
        several(("classify", "classify"), ("regress", "regress"), ("scores_only", "classify")),
        timeout=30)
    for entry, signature in zip(answer.results, ("classify", "regress", "scores_only")):
        check_spec(entry.model_spec, signature)
    first, second, third = answer.results
    assert [one.label for one in first.classification_result.classifications[0].classes] == [
        "?", "no?"]
    assert second.regression_result.regressions[0].value == 1
    assert third.classification_result.classifications[0].classes[0].score == .5


@pytest.mark.parametrize("request_, code, details", [
    (filled(classification_pb2.ClassificationRequest(), None, example(x=.5)), "INVALID_ARGUMENT",
     "Missing ModelSpec"),
    (filled(classification_pb2.ClassificationRequest(), "classify"), "INVALID_ARGUMENT",
     "Input is empty."),
    (filled(classification_pb2.ClassificationRequest(), "", example(x=.5)), "INVALID_ARGUMENT",
     "Expected classification signature method_name to be tensorflow/serving/classify. Was: "
     "tensorflow/serving/predict"),
])
def test_an_invalid_classification_is_refused(prediction, request_, code, details):
    assert refused(prediction.Classify, request_) == (code, details)


@pytest.mark.parametrize("request_, code, details", [
    (several(), "INVALID_ARGUMENT", "ModelSpec has no name specified."),
    (several(("regress", "regress"), ("regress", "regress")), "INVALID_ARGUMENT",
     "Duplicate evaluation of signature: regress"),
    (several(("absent", "regress")), "INVALID_ARGUMENT",
     "Requested signature not found in model graph: absent"),
    (several(("regress", "predict")), "UNIMPLEMENTED",
     "Unsupported signature method_name: tensorflow/serving/predict"),
    (several(("regress", "classify")), "INVALID_ARGUMENT",
     "Expected classification signature method_name to be tensorflow/serving/classify. Was: "
     "tensorflow/serving/regress"),
    (several(("regress", "regress"), ("other_input", "regress")), "INVALID_ARGUMENT",
     "Input tensor must be the same for all Signatures."),
    (several(("regress", "regress"), examples=()), "INVALID_ARGUMENT", "Input is empty."),
])
def test_invalid_inferences_are_refused(prediction, request_, code, details):
    assert refused(prediction.MultiInference, request_) == (code, details)


def test_all_tasks_must_name_one_model(prediction):
    request = several(("regress", "regress"), ("classify", "classify"))
    request.tasks[1].model_spec.name = "pair"
    assert refused(prediction.MultiInference, request) == (
        "INVALID_ARGUMENT",
        "All ModelSpecs in a MultiInferenceRequest must access the same model name.")
