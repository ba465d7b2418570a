"""The memory of preprocessing grows with the number of reviews, not with the length of their texts."""
import json
import os
import random
import subprocess
import sys

import pytest

from runtime.project import ROOT
from tests.preprocessing.writing import record, write_lines

MEASURE = ("import json, sys\nfrom preprocessing import __main__ as preprocess\nfrom runtime import cli\n"
           "preprocess.main(sys.argv[1:])\nprint(json.dumps(cli.peak_memory()))\n")
REVIEWS = 20011


def peak(folder, words):
    """Peak MiB of a process that preprocesses REVIEWS reviews of so many words."""
    draw, known = random.Random(3), [f"w{number}" for number in range(300)]
    path = write_lines(folder / f"{words}.json.gz", (record(
        reviewerID=f"u{row % 1009}", asin=f"i{row % 101}", reviewText=" ".join(draw.choices(known, k=words)))
        for row in range(REVIEWS)), zipped=True)
    (folder / "vectors").write_text("w1 1 2\n")
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, "--reviews", path, "--name", "made", "--data_dir", str(folder / str(words)),
         "--vectors", str(folder / "vectors"), "--word_dim", "2", "--topics", "1"],
        cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=900, env=dict(os.environ, OMP_NUM_THREADS="1"))
    return json.loads(ended.stdout.decode().splitlines()[-1])


@pytest.mark.slow
def test_texts_of_ten_times_the_words_need_hardly_more_memory(tmp_path):
    """The longer texts have 4.6 million words more, which are more than 250 MiB as Python texts in lists."""
    short, long = peak(tmp_path, 20), peak(tmp_path, 250)
    assert long - short < 120, (short, long)
