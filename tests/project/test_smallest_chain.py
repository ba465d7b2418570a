"""The shortest way through the project, on every Python that it supports: corpus, training, export, an answer."""
import os

import numpy as np

from models.inference import trained
from models.run_folder import progress
from serving import signatures as wire
from tests.support.exporting import answer


def test_a_tiny_corpus_is_trained_and_exported_and_the_model_answers(tiny_export):
    folder = os.path.join(tiny_export, "runs", "tiny")
    assert progress.is_finished(folder)
    user, item = np.int32([0, 3, 5]), np.int32([1, 0, 2])
    exported = answer(os.path.join(tiny_export, "serve", "1"), wire.EXPLAIN, uid=user, iid=item)
    in_process = trained.load(folder).predictor(user, item).outputs
    np.testing.assert_allclose(exported[wire.RATING], in_process.rating, atol=1e-5)
    assert set(os.listdir(os.path.join(tiny_export, "serve"))) == {"1"}
