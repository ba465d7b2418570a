"""Reasons with which calls of the client fail."""
import pytest

from serving.errors import ModelServerError


def reason(call, *args):
    """Returns the reason for which a call fails, and the status of the response."""
    with pytest.raises(ModelServerError) as raised:
        call(*args)
    assert raised.value.message and raised.value.reason in str(raised.value)
    return raised.value.reason, raised.value.status
