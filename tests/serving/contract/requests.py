"""Calls of gRPC that several tests make."""
from runtime.tf1 import tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc


def predict(channel, model, signature="", outputs=(), **inputs):
    """The `PredictResponse` of a signature of the latest version, for inputs given as arrays by name."""
    request = predict_pb2.PredictRequest(output_filter=outputs)
    request.model_spec.name, request.model_spec.signature_name = model, signature
    for name, array in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(array))
    return prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)


def predicted(channel, model, signature="", outputs=(), **inputs):
    """Its outputs, name -> list."""
    answer = predict(channel, model, signature, outputs, **inputs)
    return {name: tf.make_ndarray(tensor).tolist() for name, tensor in answer.outputs.items()}
