"""Status and metadata of a model, as protobuf messages for gRPC and as JSON objects for REST.

Imports TensorFlow.
"""
from serving.protobuf_json import plain
from serving.server.status import NUMBERS
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

_STATES = get_model_status_pb2.ModelVersionStatus.State


def status(states):
    """Returns the `GetModelStatusResponse` of {version: `versions.VersionState`}."""
    response = get_model_status_pb2.GetModelStatusResponse()
    for version, state in states.items():
        entry = response.model_version_status.add(version=version, state=_STATES.Value(state.state))
        entry.status.error_code = NUMBERS[state.error.code] if state.error else 0
        entry.status.error_message = state.error.message if state.error else ""
    return response


def metadata(name, model):
    """Returns the `GetModelMetadataResponse` of a loaded version, a `saved_model.SavedModel`."""
    response = get_model_metadata_pb2.GetModelMetadataResponse()
    response.model_spec.name = name
    response.model_spec.version.value = model.version
    response.metadata["signature_def"].Pack(_signature_map(model))
    return response


def status_json(states):
    """Returns `status` as plain objects."""
    return plain(status(states))


def metadata_json(name, model):
    """Returns `metadata` as plain objects."""
    return {"model_spec": plain(metadata(name, model).model_spec),
            "metadata": {"signature_def": plain(_signature_map(model))}}


def _signature_map(model):
    signatures = get_model_metadata_pb2.SignatureDefMap()
    for key, signature in model.signatures.items():
        signatures.signature_def[key].CopyFrom(signature)
    return signatures
