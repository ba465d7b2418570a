"""The only import of TensorFlow: its version 1 interface, with log level and warnings set before.

Every other module imports it from here: `from runtime.tf1 import tf`. The import takes seconds, so commands import the
modules that need it only after they have checked their arguments.
"""
import os
import warnings

# Both are read by TensorFlow's C++ code at the first import. oneDNN announces itself on stderr at each import.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
warnings.filterwarnings("ignore", category=FutureWarning)  # from numpy, about the source of TensorFlow 1.15
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")

import tensorflow.compat.v1 as tf  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)
tf.disable_v2_behavior()  # TensorFlow 2: graphs and sessions, as in TensorFlow 1
