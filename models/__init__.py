"""Configuration, layers, the network, its baselines and checkpoints."""
import ctypes
import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is first imported
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads of numba's kernels leave the cores to TensorFlow
if hasattr(ctypes.CDLL(None), "mallopt"):  # glibc: one arena for all threads, M_ARENA_MAX; else each keeps tables freed
    ctypes.CDLL(None).mallopt(-8, 1)
warnings.filterwarnings("ignore", category=FutureWarning)  # numpy's, on TensorFlow 1.15's own source
warnings.filterwarnings("ignore", message="Converting sparse IndexedSlices")
