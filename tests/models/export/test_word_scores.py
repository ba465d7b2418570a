"""Tables of words are whole or not there; what they say is tested with the shop that reads them."""
import os
import resource
import shutil

import pytest

from models.export import word_scores
from runtime.cli import UserError


def tree(folder):
    return {os.path.join(place, name): os.path.getmtime(os.path.join(place, name))
            for place, _, names in os.walk(folder) for name in names}


def test_a_full_disk_leaves_the_older_tables(tiny_run, tmp_path):
    """The system's own limit on the size of a file stands for the disk."""
    shutil.copytree(tiny_run.data_folder, str(tmp_path / "data" / "tiny"))
    run = shutil.copytree(tiny_run.run_folder, str(tmp_path / "runs" / "tiny"))
    folder = word_scores.write(run)
    before, limits = tree(run), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with pytest.raises(UserError, match=r"words: the shop's tables .* cannot be written \(.*\); make room"):
            word_scores.write(run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert tree(run) == before and os.path.isfile(os.path.join(folder, "words.json"))
