"""The only import of TensorFlow: its version 1 interface, which TensorFlow 1.15 and TensorFlow 2 both have.

Every other module imports it from here: `from runtime.tf1 import tf`. Log level and warnings are set before. The import
takes seconds, so commands import the modules that need it only after they have checked their arguments.
"""
import os
import warnings

# Both are read by TensorFlow's C++ code at the first import. oneDNN announces itself on stderr at each import.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
warnings.filterwarnings("ignore", category=FutureWarning)  # from numpy, about the source of TensorFlow 1.15
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")

import numpy as np  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)
tf.disable_v2_behavior()  # TensorFlow 2: graphs and sessions, as in TensorFlow 1


def gpus():
    """Returns the names of the GPUs that TensorFlow uses, such as ["/physical_device:GPU:0"]; empty without one."""
    return [device.name for device in tf.config.experimental.list_physical_devices("GPU")]


def identity(rows, columns):
    """Returns [rows, columns] float32, 1 on the diagonal and 0 elsewhere, of operations that both versions know.

    `tf.eye` of TensorFlow 2 uses an operation that 1.15 cannot load from a SavedModel. On 1.15 it stays, because the
    number of operations decides which numbers a seed draws for the variables created after it.
    """
    if tf.__version__.startswith("1."):
        return tf.eye(rows, columns)
    return tf.constant(np.eye(rows, columns, dtype=np.float32))
