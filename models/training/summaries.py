"""The summaries of a run for TensorBoard: `./.venv/bin/tensorboard --logdir runs`.

For each epoch they hold every number of metrics.jsonl and:

- `attention/entropy`: entropy of the item weights divided by ln of the number of reviews (1: uniform weights),
  averaged over the validation pairs whose item has two reviews or more; `attention/entropy_of_pairs`: its histogram;
- `attention/g`, `t`, `kappa`: gain of the votes, logarithm of the temperature, scale of the lexical part, each where
  the network trains it;
- `gradient_norm/<group>`: Euclidean norm of the gradient of a group of variables, averaged over the steps;
- `validation/error`: histogram of predicted minus given stars.
"""
import os
import socket
import time
from contextlib import suppress

import numpy as np

from metrics import explanation
from models.run_folder import layout
from runtime.tf1 import tf

BINS = 30  # of a histogram
STAGES = {  # of the variables of a tower; all others belong to the attention
    "word_vectors": "words", "conv": "encoder", "conv_bias": "encoder", "pool": "latents",
    "pool_bias": "latents", "latent": "latents", "offset": "latents"}
TOWERS = ("user", "item", "words")


class Summaries:
    """A context that writes one events file of a run. Raises OSError or tf.errors.OpError.

    Args:
      folder: of the run.
      first: first epoch to be written. TensorBoard then ignores this epoch and later ones in older files, which a
        process wrote that was killed before it saved its checkpoint.
    """

    def __init__(self, folder, first):
        summaries = os.path.join(folder, layout.SUMMARIES)
        os.makedirs(summaries, exist_ok=True)
        name = f"events.out.tfevents.{time.time():.6f}.{socket.gethostname()}.{os.getpid()}"
        # not tf.summary.FileWriter: it writes in a thread, so errors such as a full disk are lost
        self.writer = tf.io.TFRecordWriter(os.path.join(summaries, name))
        self._event(file_version="brain.Event:2")
        self._event(step=first, session_log=tf.SessionLog(status=tf.SessionLog.START))
        self.writer.flush()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        with suppress(tf.errors.OpError):  # `write` flushes every epoch and reports a full disk
            self.writer.close()

    def write(self, epoch, scalars, histograms):
        """Writes the {tag: number} and {tag: array} of an epoch."""
        values = [tf.Summary.Value(tag=tag, simple_value=value)
                  for tag, value in sorted(scalars.items())]
        values += [tf.Summary.Value(tag=tag, histo=histogram(array))
                   for tag, array in sorted(histograms.items()) if len(array)]
        self._event(step=epoch, summary=tf.Summary(value=values))
        self.writer.flush()

    def _event(self, **fields):
        self.writer.write(tf.Event(wall_time=time.time(), **fields).SerializeToString())


def scalars(record, norms, attention, histograms):
    """Returns the {tag: number} of an epoch.

    Args:
      record: of the epoch, as in metrics.jsonl.
      norms: {group: number}, the means of `gradient_norms` over the steps.
      attention: {name: number}, the values of `attention_parameters`.
      histograms: {tag: array} of the epoch, with `attention/entropy_of_pairs`.
    """
    numbers = {tag: value for tag, value in record.items() if tag != "epoch"}
    numbers.update({f"gradient_norm/{group}": norm for group, norm in norms.items()})
    numbers.update({f"attention/{name}": value for name, value in attention.items()})
    entropies = histograms["attention/entropy_of_pairs"]
    if len(entropies):
        numbers["attention/entropy"] = entropies.mean()
    return numbers


def gradient_norms(gradients):
    """Returns {group: norm []} of (gradient, variable) pairs; a repeated row of a sparse gradient counts twice."""
    groups = {}
    for gradient, variable in gradients:
        if gradient is not None:
            groups.setdefault(group_of(variable.op.name), []).append(gradient)
    return {group: tf.global_norm(members) for group, members in groups.items()}


def group_of(name):
    """Returns the group of a variable's name: 'user/attention' for 'user/key_text', 'rating' for 'rating/weight'."""
    scope, _, rest = name.partition("/")
    return f"{scope}/{STAGES.get(rest, 'attention')}" if scope in TOWERS else scope


def attention_parameters(network, gradients):
    """Returns {'g', 't', 'kappa': variable} of the item's attention, each where it has a gradient."""
    trained = {variable for gradient, variable in gradients if gradient is not None}
    parameters = {"g": network.vote_gain, "t": network.item.temperature,
                  "kappa": network.item.lexical_scale}
    return {name: variable for name, variable in parameters.items() if variable in trained}


def entropy(weights, real):
    """`explanation.entropy` of the m pairs with two reviews or more: [m]."""
    return explanation.entropy(weights, real)[real.sum(1) > 1]


def histogram(values):
    """Returns the HistogramProto of an array of finite numbers [n], n > 0."""
    values = np.asarray(values, np.float64).ravel()
    counts, edges = np.histogram(values, BINS)
    return tf.HistogramProto(
        min=values.min(), max=values.max(), num=len(values), sum=values.sum(),
        sum_squares=values @ values, bucket_limit=edges[1:], bucket=counts)
