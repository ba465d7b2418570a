"""Writes the models of the contract tests, for a server that runs elsewhere.

    python -m tests.serving.contract DIR [SEEN_AS]

`SEEN_AS` is the path at which that server sees the folder, e.g. in a container.
"""
import pathlib
import sys

from tests.serving.saved_models import save_folder

if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    save_folder(pathlib.Path(sys.argv[1]).resolve(), *sys.argv[2:])
