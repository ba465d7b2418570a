"""The project on disk: its root folder, and how a child process runs one of its modules."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def module(name):
    """Arguments that have Python run a module of this project, whatever the current folder is: `python -m name`."""
    return ["-c", "import runpy, sys; sys.path[0] = sys.argv.pop(1); "
            "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)", ROOT, name]
