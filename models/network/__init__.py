"""The building blocks of the network, from single layers to one tower.

    layers.py     masked softmax, dropout, and the plain text encoder that the fast one must agree with
    tower.py      one side of the network: its variables and its stages
    encoder.py    the fast text encoder: each distinct word of a batch is projected once
    max_pool.py   numba kernels for max-pooling over positions: forward argmax and its gradient
    kernels.py    what all numba kernels share
"""
