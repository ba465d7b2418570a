"""Calls a SavedModel with TensorFlow alone, without the code of this project."""
import functools

from runtime.tf1 import tf


@functools.lru_cache(maxsize=4)
def loaded(folder):
    """(session, {name: signature}) of a SavedModel."""
    session = tf.Session(graph=tf.Graph())
    with session.graph.as_default():
        return session, tf.saved_model.load(session, ["serve"], folder).signature_def


def answer(folder, name, **inputs):
    """{output name: array} of a signature of a SavedModel."""
    session, signatures = loaded(folder)
    fed = {signatures[name].inputs[key].name: value for key, value in inputs.items()}
    return session.run({key: tensor.name for key, tensor in signatures[name].outputs.items()}, fed)
