"""The one import of TensorFlow: its version 1 interface, quiet, with the allocator and warnings settled first.

Every other module takes `tf` from here: `from runtime.tf1 import tf`. Importing it takes seconds, so commands import
what needs it only once their arguments are known to be right.
"""
import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's C++ code reads it when it is first imported
warnings.filterwarnings("ignore", category=FutureWarning)  # numpy's, on the source of TensorFlow 1.15
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")

import tensorflow.compat.v1 as tf  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)
