"""Training on a GPU gives the numbers of the CPU, up to the order of sums."""
import numpy as np
import pytest

from models.network import encoder
from models.training import optimiser
from runtime.tf1 import gpus
from tests.support import legs

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(
    not gpus(), reason="TensorFlow sees no GPU: CUDA_VISIBLE_DEVICES=0 ./run test -m gpu")]


def test_training_steps_on_a_gpu_have_the_losses_of_the_cpu(tiny_data, monkeypatch):
    start = legs.drawn(tiny_data.data_folder)
    on_gpu = legs.trained_steps(tiny_data.data_folder, start)["losses"]
    monkeypatch.setattr("models.graph.session", legs.session_without_gpu)
    for module in (encoder, optimiser):
        monkeypatch.setattr(module, "gpus", lambda: [])  # the kernels and the loop of the CPU
    on_cpu = legs.trained_steps(tiny_data.data_folder, start)["losses"]
    np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-3)
