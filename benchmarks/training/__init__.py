"""Measurements of training.

    speed.py         `./run bench training`
    measurements.py  the single measurements, each run in its own process
    workers.py       the same for training by several workers
"""
