"""Configuration, layers, the network, its baselines and checkpoints."""
import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is first imported
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads of numba's kernels leave the cores to TensorFlow
warnings.filterwarnings("ignore", category=FutureWarning)  # numpy's, on TensorFlow 1.15's own source
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")
