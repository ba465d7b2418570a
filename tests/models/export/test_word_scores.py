"""Word tables are written whole or not at all. Their content is tested with the shop, which reads them."""
import os
import resource
import shutil

import pytest

from models.export import word_scores
from runtime.cli import UserError


def tree(folder):
    return {os.path.join(parent, name): os.path.getmtime(os.path.join(parent, name))
            for parent, _, names in os.walk(folder) for name in names}


def test_a_full_disk_leaves_the_older_tables(tiny_run, tmp_path):
    """A limit of the system on the size of files takes the place of a full disk."""
    shutil.copytree(tiny_run.data_folder, str(tmp_path / "data" / "tiny"))
    run = shutil.copytree(tiny_run.run_folder, str(tmp_path / "runs" / "tiny"))
    folder = word_scores.write(run)
    before, limits = tree(run), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with pytest.raises(UserError, match=r"words: the tables .* cannot be written \(.*\)"):
            word_scores.write(run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert tree(run) == before and os.path.isfile(os.path.join(folder, "words.json"))
