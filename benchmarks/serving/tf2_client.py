"""Asks a SavedModel by TensorFlow 2 alone: `python tf2_client.py MODEL REQUESTS.npz ANSWERS.npz`.

Runs in an environment that knows nothing of this project. Arrays are named `<signature> <number> <name>`.
"""
import collections
import sys
import time

import numpy as np
import tensorflow as tf


def main(model, requests, answers):
    start = time.time()
    signatures = tf.saved_model.load(model).signatures
    asked, said = collections.defaultdict(dict), {}
    with np.load(requests, allow_pickle=False) as arrays:
        for key in arrays.files:
            signature, number, name = key.split()
            asked[signature, number][name] = tf.constant(arrays[key])
    for (signature, number), inputs in asked.items():
        for name, value in signatures[signature](**inputs).items():
            said[f"{signature} {number} {name}"] = value.numpy()
    np.savez(answers, **said)
    print(f"TensorFlow {tf.__version__}, Python {sys.version.split()[0]}: {len(asked)} requests of "
          f"{len({signature for signature, _ in asked})} signatures in {time.time() - start:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
