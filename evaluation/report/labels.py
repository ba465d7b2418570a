"""The names of measures, methods and models in the report; `metrics/labels.py` owns them."""
from metrics.labels import MEASURES, METHODS, MODELS, OURS, RANKINGS  # noqa: F401
