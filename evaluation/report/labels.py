"""The names of measures, methods and models in the report; `metrics/labels.py` owns them."""
from metrics.labels import MEASURES, METHODS, MODELS, OURS, RANKINGS  # noqa: F401


def measure(name):
    return MEASURES.get(name, name)


def method(name):
    return METHODS.get(name, name)


def model(name):
    return MODELS.get(name, name)


def interval(gap):
    """'+difference [low, high]' of a 95 % interval."""
    return f"{gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}]"
