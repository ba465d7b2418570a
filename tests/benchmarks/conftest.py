"""What the tests of the benchmarks share."""
import importlib

import pytest

from benchmarks import separate_process


@pytest.fixture(scope="module")
def in_this_process():
    """Measurements run in the process of the tests, which saves an import of TensorFlow for each of them."""
    def call(module, name, arguments, **environ):
        return getattr(importlib.import_module(module), name)(**arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(separate_process, "call", call)
        yield
