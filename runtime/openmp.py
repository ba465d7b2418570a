"""The setting of OpenMP's idle threads."""
import os


def let_idle_threads_sleep():
    """Makes idle OpenMP threads sleep, unless OMP_WAIT_POLICY is set. Call it before numba or scikit-learn is imported.

    By default they spin: they take the cores from TensorFlow, and t-SNE is ten times slower on few cores.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
