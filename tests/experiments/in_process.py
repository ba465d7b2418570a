"""Children that run the commands of a study in this process, which saves the start of Python and TensorFlow."""
import os

from runtime.project import ROOT, module


class InProcess:
    """Notes each command, "train" or "evaluate", and runs it; a context, as `runtime.processes.Children` is."""

    def __init__(self):
        self.commands = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def run(self, title, arguments):
        import train
        from commands import evaluate

        if arguments[0] == os.path.join(ROOT, "train.py"):
            self.commands.append("train")
            train.main(arguments[1:])
        else:
            command = module("commands.evaluate")
            assert arguments[:len(command)] == command
            self.commands.append("evaluate")
            evaluate.main(arguments[len(command):])
