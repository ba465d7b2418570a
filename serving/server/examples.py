"""Classify, Regress and MultiInference: requests of `tensorflow.Example` messages, for REST and gRPC.

The signature takes one string tensor: the serialised examples. A context, if given, is merged into each example. The
error texts are TensorFlow Serving's. Imports TensorFlow.
"""
import numpy as np

from runtime.tf1 import tf
from serving.server.servables.saved_model import DEFAULT_SIGNATURE, METHODS
from serving.server.status import StatusError, invalid
from tensorflow_serving.apis import classification_pb2, inference_pb2, regression_pb2

INPUTS = "inputs"
CLASSES, SCORES, VALUES = "classes", "scores", "outputs"


def classify(models, request, seconds=None):
    """Returns the `ClassificationResponse` of a `ClassificationRequest`.

    `models` is a `models.Models`; `seconds` the time limit (None: that of the settings). Raises `StatusError`.
    """
    response = classification_pb2.ClassificationResponse()
    _answer(models, request, response, "classify", response.result, seconds)
    return response


def regress(models, request, seconds=None):
    """Returns the `RegressionResponse` of a `RegressionRequest`; arguments as for `classify`."""
    response = regression_pb2.RegressionResponse()
    _answer(models, request, response, "regress", response.result, seconds)
    return response


def infer(models, request, seconds=None):
    """Returns the `MultiInferenceResponse` of a `MultiInferenceRequest`: several signatures in one run of the graph."""
    response = inference_pb2.MultiInferenceResponse()
    spec = (request.tasks or [inference_pb2.InferenceTask()])[0].model_spec
    with models.use(spec.name, models.version_of(spec)) as model:
        signatures = _signatures(model, request)
        feeds = {_input(signature, kind) for signature, kind in signatures}
        if len(feeds) > 1:
            raise invalid("Input tensor must be the same for all Signatures.")
        fetches = sorted({name for signature, kind in signatures
                          for name in _outputs(signature, kind).values()})
        examples = serialised(request.input)
        arrays = dict(zip(fetches, model.run(tuple(feeds), tuple(fetches), [examples], seconds)))
        version = model.version
    for task, (signature, kind) in zip(request.tasks, signatures):
        entry = response.results.add()
        _set_spec(entry.model_spec, task.model_spec, version)
        outputs = {alias: arrays[name] for alias, name in _outputs(signature, kind).items()}
        _FILL[kind](outputs, len(examples), getattr(entry, _RESULT[kind]))
    return response


def serialised(message):
    """Returns the serialised examples of an `Input` message, `[n]` of bytes, each with the context."""
    kind = message.WhichOneof("kind")
    listed = getattr(message, kind) if kind else None
    if listed is None or not listed.examples:
        raise invalid("Input is empty.")
    context = b"" if kind == "example_list" else listed.context.SerializeToString()
    examples = np.empty(len(listed.examples), object)
    examples[:] = [context + example.SerializeToString() for example in listed.examples]
    return examples


def _answer(models, request, response, kind, result, seconds):
    if not request.HasField("model_spec"):
        raise invalid("Missing ModelSpec")
    spec = request.model_spec
    with models.use(spec.name, models.version_of(spec)) as model:
        signature = _signature(model, spec, kind, "No signature was found with the name: ")
        outputs = _outputs(signature, kind)
        feed = _input(signature, kind)
        examples = serialised(request.input)
        arrays = model.run((feed,), tuple(outputs.values()), [examples], seconds)
        _set_spec(response.model_spec, spec, model.version)
    _FILL[kind](dict(zip(outputs, arrays)), len(examples), result)


def _set_spec(spec, requested, version):
    spec.name, spec.signature_name = requested.name, requested.signature_name or DEFAULT_SIGNATURE
    spec.version.value = version


def _signatures(model, request):
    """Returns (signature, "classify" or "regress") of each task."""
    signatures, names = [], set()
    for task in request.tasks:
        name = task.model_spec.signature_name or DEFAULT_SIGNATURE
        if not task.model_spec.name:
            raise invalid("Found ModelSpec with an empty model name.")
        if task.model_spec.name != request.tasks[0].model_spec.name:
            raise invalid("All ModelSpecs in a MultiInferenceRequest must access the same model "
                          "name.")
        if name in names:
            raise invalid(f"Duplicate evaluation of signature: {name}")
        names.add(name)
        kind = {METHODS[kind]: kind for kind in _FILL}.get(task.method_name)
        if name in model.signatures and kind is None:
            raise StatusError("UNIMPLEMENTED",
                              f"Unsupported signature method_name: {task.method_name}")
        signatures.append((_signature(model, task.model_spec, kind,
                                      "Requested signature not found in model graph: "), kind))
    return signatures


def _signature(model, spec, kind, complaint):
    name = spec.signature_name or DEFAULT_SIGNATURE
    if name not in model.signatures:
        raise invalid(complaint + name)
    signature = model.signatures[name]
    if signature.method_name != METHODS[kind]:
        raise invalid(f"Expected {_NOUN[kind]} signature method_name to be {METHODS[kind]}. "
                      f"Was: {signature.method_name}")
    return signature


def _input(signature, kind):
    """Returns the name of the only input tensor."""
    if len(signature.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    if kind == "classify" and len(signature.outputs) not in (1, 2):
        raise invalid(f"Expected one or two output Tensors, found {len(signature.outputs)}")
    if kind == "regress" and len(signature.outputs) != 1:
        raise invalid("Expected one output Tensor.")
    if INPUTS not in signature.inputs:
        raise StatusError("FAILED_PRECONDITION",
                          f"No {_NOUN[kind]} inputs found in SignatureDef: {signature}")
    return signature.inputs[INPUTS].name


def _outputs(signature, kind):
    """Returns {alias: tensor name} of the outputs that classify or regress uses."""
    aliases = (CLASSES, SCORES) if kind == "classify" else (VALUES,)
    outputs = {alias: signature.outputs[alias].name for alias in aliases if alias in signature.outputs}
    if not outputs:
        raise StatusError("FAILED_PRECONDITION", (
            "Expected classification signature outputs to contain at least one of "
            f'"{CLASSES}" or "{SCORES}". Signature was: {signature}' if kind == "classify" else
            f"No regression outputs found in SignatureDef: {signature}"))
    return outputs


def _fill_classes(outputs, count, result):
    """Fills a `ClassificationResult` from classes and scores, each [count, n]."""
    for alias, dtype in ((CLASSES, tf.string), (SCORES, tf.float32)):
        array = outputs.get(alias)
        if array is None:
            continue
        if array.ndim != 2:
            raise invalid("Expected Tensor shape: [batch_size num_classes] but got "
                          + _shape(array))
        _check_dtype(array, dtype, f"Expected {alias} Tensor of {{}}. Got: ")
        if len(array) != count:
            raise invalid(f"Expected {alias} output batch size of {count}. Got: {len(array)}")
    classes, scores = outputs.get(CLASSES), outputs.get(SCORES)
    if classes is not None and scores is not None and classes.shape[1] != scores.shape[1]:
        raise invalid("Tensors class and score should match in dim_size(1). Got "
                      f"{classes.shape[1]} vs. {scores.shape[1]}")
    for row in range(count):
        entry = result.classifications.add()
        for column in range((scores if classes is None else classes).shape[1]):
            item = entry.classes.add()
            if classes is not None:
                item.label = classes[row, column].decode("utf-8", "replace")
            if scores is not None:
                item.score = scores[row, column]


def _fill_values(outputs, count, result):
    """Fills a `RegressionResult` from values [count] or [count, 1]."""
    array = outputs[VALUES]
    if array.ndim != 1 and array.shape[1:] != (1,):
        raise invalid("Expected output Tensor shape to be either [batch_size] or [batch_size, 1] "
                      "but got " + _shape(array))
    if len(array) != count:
        raise invalid("Input batch size did not match output batch size: "
                      f"{count} vs. {len(array)}")
    _check_dtype(array, tf.float32, "Expected output Tensor of {}.  Got: ")
    for value in array.ravel().tolist():
        result.regressions.add(value=value)


def _check_dtype(array, dtype, complaint):
    got = tf.as_dtype(array.dtype)
    if got != dtype:
        raise invalid(complaint.format(f"DT_{dtype.name.upper()}".replace("FLOAT32", "FLOAT"))
                      + f"DT_{got.name.upper()}")


def _shape(array):
    return f"[{','.join(map(str, array.shape))}]"


_FILL = {"classify": _fill_classes, "regress": _fill_values}
_RESULT = {"classify": "classification_result", "regress": "regression_result"}
_NOUN = {"classify": "classification", "regress": "regression"}
