"""The folder of a run, `runs/<name>/`: its files, its state and its checkpoints.

    runs.py         config.json and the names of all other files of a run; making, finding and loading a run
    progress.py     checkpoint.json: how far the training of a run is, and whether a process is training it
    selection.py    which epoch of a run is the best, and which epochs may still become the best
    checkpoints.py  the weights of epochs, written whole or not at all
    overview.py     all runs of a folder side by side, as `./run runs` shows them

All files but checkpoints.py work without TensorFlow.
"""
