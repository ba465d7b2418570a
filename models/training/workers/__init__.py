"""One training by several processes, the workers, on one machine or on several.

Each worker computes a share of every batch. Gradients are merged before each update, so that all workers hold the same
variables, and N workers compute what one process computes. Worker 0 alone validates, calibrates and writes the run.

    launch.py   starts the workers of one machine, and reports what ends them
    seats.py    flags and environment -> which worker this process is
    team.py     what a worker shares with the others: its part of a batch, gradients, variables, records
    engines.py  the operations in the graph: by the ring below, or by Horovod
    ring.py     sums and joins arrays over TCP connections from each worker to the next
    meeting.py  how the workers of a ring find each other
"""
