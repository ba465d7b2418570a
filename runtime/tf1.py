"""The only import of TensorFlow: its version 1 interface, with log level and warnings set before.

Every other module imports it from here: `from runtime.tf1 import tf`. The import takes seconds, so commands import the
modules that need it only after they have checked their arguments.
"""
import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read by TensorFlow's C++ code at the first import
warnings.filterwarnings("ignore", category=FutureWarning)  # from numpy, about the source of TensorFlow 1.15
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")

import tensorflow.compat.v1 as tf  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)
