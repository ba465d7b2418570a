"""Measurements of exported models and of the model server.

    rank.py          `./run bench rank`: export, latency, start and memory
    purchases.py     its measurement of the matrix of purchases
    items.py         `./run bench items`: exact rankings and those in two stages, of catalogues of growing size
    served_model.py  their measurements of an exported model, each run in its own process
    tf2.py           `./run bench tf2`: the same answers from another version of TensorFlow
    tf2_client.py    its script in the environment of that version
    load.py          `./run bench load` and `./run bench swap`: many clients, and new versions meanwhile
    fuzz.py          `./run bench fuzz`: invalid requests
    limits.py        `./run bench limits`: small requests beside expensive ones
    killed_servers.py  the servers' part of `./run bench kill`
    model_server.py  a model server in its own process, and versions that can be told apart by their answers
"""
