"""The root folder of the project, and how a child process runs one of its modules."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def module(name):
    """Arguments of Python that run a module of this project from any current folder, as `python -m name` would."""
    return ["-c", "import runpy, sys; sys.path[0] = sys.argv.pop(1); "
            "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)", ROOT, name]
