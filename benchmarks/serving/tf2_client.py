"""Runs requests on a SavedModel with TensorFlow 2: `python tf2_client.py MODEL REQUESTS.npz ANSWERS.npz`.

Runs in another environment, without this project. Arrays are named `<signature> <number> <name>`.
"""
import collections
import sys
import time

import numpy as np
import tensorflow as tf


def main(model, requests, answers):
    start = time.time()
    signatures = tf.saved_model.load(model).signatures
    inputs_of, outputs = collections.defaultdict(dict), {}
    with np.load(requests, allow_pickle=False) as arrays:
        for key in arrays.files:
            signature, number, name = key.split()
            inputs_of[signature, number][name] = tf.constant(arrays[key])
    for (signature, number), inputs in inputs_of.items():
        for name, value in signatures[signature](**inputs).items():
            outputs[f"{signature} {number} {name}"] = value.numpy()
    np.savez(answers, **outputs)
    print(f"TensorFlow {tf.__version__}, Python {sys.version.split()[0]}: {len(inputs_of)} requests of "
          f"{len({signature for signature, _ in inputs_of})} signatures in {time.time() - start:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
