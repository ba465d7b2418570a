"""What it costs to build the item-item matrix B of the order of items; run in its own process."""
import os
import time

from benchmarks import separate_process
from benchmarks.training import measurements
from preprocessing import artefact as contract
from runtime import cli

ONE = "text_ease"  # the largest matrix of the family


def build(folder, shape, factor, whole):
    """Builds ONE matrix with its first setting, or chooses among all matrices as the end of training does.

    Returns:
      {"seconds", "cpu_seconds" of all threads, "peak_mib" of the process, "before_mib" when the data was
      read, "entries" that are kept, "items"}.
    """
    from models.ranking import blend, item_item, rivals

    measurements.build(os.path.join(folder, "data"), shape, factor)
    artefact = contract.load(os.path.join(folder, "data"))
    items, before, start, used = len(artefact.item_reviews), cli.peak_memory(), time.time(), time.process_time()
    if whole:
        entries = blend.choose(artefact, None, artefact.review_item[1:], None, 0).matrix.nnz
    else:
        matrix = rivals.fit(ONE, rivals.Inputs(artefact, 0), rivals.GRIDS[ONE][0]).matrix
        entries = item_item.strongest(matrix, max(blend.KEEP, blend.ENTRIES // items)).nnz
    return {"seconds": time.time() - start, "cpu_seconds": time.process_time() - used, "peak_mib": cli.peak_memory(),
            "before_mib": before, "entries": entries, "items": items}


if __name__ == "__main__":
    separate_process.main(globals())
