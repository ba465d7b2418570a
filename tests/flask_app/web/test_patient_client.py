"""The shop waits longer for an answer only while the model server says that it loads a version."""
import pytest

from flask_app.web import patient_client
from flask_app.web.patient_client import MANY, ClientBySize, PatientClient
from serving.errors import CIRCUIT_OPEN, INVALID, TIMEOUT, UNREACHABLE, ModelServerError


class Client:
    """Answers with a text, or raises an error of a reason."""

    def __init__(self, answer=None, reason=None, states=()):
        self._answer, self._reason, self._states = answer, reason, states
        self.calls = 0

    def predict(self, signature, inputs):
        self.calls += 1
        if self._reason:
            raise ModelServerError(self._reason, "no answer")
        return self._answer

    def states(self):
        return None if self._states is None else [("1", state) for state in self._states]


@pytest.mark.parametrize("reason, states, waits", [
    (TIMEOUT, ["LOADING", "AVAILABLE"], True), (CIRCUIT_OPEN, ["LOADING", "AVAILABLE"], True),
    (TIMEOUT, ["AVAILABLE", "UNLOADING"], True), (TIMEOUT, ["AVAILABLE", "AVAILABLE"], True),
    (TIMEOUT, ["AVAILABLE"], False), (TIMEOUT, ["LOADING"], False), (TIMEOUT, None, False), (TIMEOUT, [], False),
    (UNREACHABLE, ["LOADING", "AVAILABLE"], False), (INVALID, ["LOADING", "AVAILABLE"], False)])
def test_it_waits_while_a_version_is_loaded(reason, states, waits):
    patient = Client("late")
    client = PatientClient(Client(reason=reason), patient, Client(states=states))
    if waits:
        assert client.predict("rank", {}) == "late"
    else:
        with pytest.raises(ModelServerError) as raised:
            client.predict("rank", {})
        assert raised.value.reason == reason and not patient.calls


def test_an_answer_in_time_asks_nobody_else():
    patient = Client("late")
    assert PatientClient(Client("now"), patient, Client(states=None)).predict("rank", {}) == "now"
    assert not patient.calls


def test_a_state_of_loading_is_remembered_for_a_while(monkeypatch):
    """A server that loads may be too busy to tell it each time."""
    now = [100.]
    monkeypatch.setattr(patient_client.time, "monotonic", lambda: now[0])
    quick, probe = Client(reason=TIMEOUT), Client(states=["LOADING", "AVAILABLE"])
    client = PatientClient(quick, Client("late"), probe)
    assert client.predict("rank", {}) == "late" and quick.calls == 1
    probe._states = None
    now[0] += .9 * patient_client.REMEMBERED
    assert client.predict("rank", {}) == "late" and quick.calls == 1
    now[0] += .2 * patient_client.REMEMBERED
    with pytest.raises(ModelServerError):
        client.predict("rank", {})
    assert quick.calls == 2


@pytest.mark.parametrize("inputs, name", [
    ({"uid": [1], "k": MANY}, "ordinary"), ({"uid": [1], "k": MANY + 1}, "large"), ({"uid": [MANY + 1]}, "ordinary")])
def test_requests_for_many_items_have_clients_of_their_own(inputs, name):
    assert ClientBySize(Client("ordinary"), Client("large")).predict("rank", inputs) == name
