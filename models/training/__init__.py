"""The training of one run.

    trainer.py      the epochs of a run, early stopping, checkpoints
    passes.py       which training pairs an epoch reads
    steps.py        the steps of an epoch
    workers/        one training by several processes
    validation.py   rating error and own-review AUC after an epoch
    directions.py   the directions of the topics in which the keys of reviews start
    losses.py       the three losses and the targets that they need
    optimiser.py    Adam that updates only the rows of a table that a batch uses
    prefetch.py     prepares batches in a thread while the network trains
    final.py        the final network of a run: its best epoch, calibrated
    calibration.py  what is chosen on validation data at the end: kappa, beta, rho, g, k
    shown.py        the weights of what is shown first, fitted there
    summaries.py    what TensorBoard shows of a run
"""
