"""The folder of a run, `runs/<name>/`: its files, its state and its checkpoints.

    layout.py       the names of the folders of the commands and of the files of a run; finding a run by its name
    runs.py         config.json: making and loading a run
    progress.py     checkpoint.json: how far the training of a run is, and whether a process is training it
    selection.py    which epoch of a run is the best, and which epochs may still become the best
    checkpoints.py  the weights of epochs, written whole or not at all
    overview.py     all runs of a folder side by side, as `./run runs` shows them
    item_order.py          the order of items: weights of its parts, and the matrix of purchases
    word_score_tables.py
                    tables of what words add to a score: written by the export, read by the shop
    aspect_tables.py       tables of what reviews speak of: written by `./run aspects`, read by the shop
    aspect_reading.py      the aspect and the polarity of each sentence of a text, by these tables
    aspect_profiles.py     what these tables say of a shopper and of a review
    cells.py        texts in the two tables below that a spreadsheet would execute
    users_table.py  the table of both maps of users: written by `./run tsne`, read by the shop
    users_report.py        the tables on users: written by `./run users`, read by the shop

All files but checkpoints.py work without TensorFlow.
"""
