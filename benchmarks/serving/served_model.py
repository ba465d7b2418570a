"""Measurements of an exported model in a TensorFlow session, each run in its own process; and random requests."""
import json
import os
import time

import numpy as np

from benchmarks import random_run, separate_process
from runtime import cli
from serving import signatures as wire

BY_STARS = "_by_stars"  # added to the name of the folder
TEXTS, WORDS = 8, 60  # reviews of a new user, and words of each


def export(folder, shape, factor, fields, by_stars=False):
    """Exports a run with random weights, with its order of items or `by_stars`, without.

    Returns the folder of the model, seconds, peak memory and size.
    """
    from models.export import publish
    from models.run_folder import layout

    run = random_run.build(folder, shape, factor, **fields)
    start = time.time()
    model = publish.export(run, os.path.join(folder, layout.MODELS + BY_STARS * by_stars), by_stars=by_stars)
    return {"model": model, "export_seconds": time.time() - start, "export_peak_mib": cli.peak_memory(),
            "mib": publish.size_of(model) / 2 ** 20}


def meta_of(model):
    """Returns the content of the model's meta.json."""
    with open(os.path.join(model, "assets", "meta.json"), encoding="utf-8") as text:
        return json.load(text)


def requests(model, count, seed=2017):
    """Returns {signature: `count` requests {input: array}} with random ids and texts within the model's sizes."""
    sizes = meta_of(model)["sizes"]
    random = np.random.RandomState(seed)

    def ids(limit, *shape):
        return random.randint(0, limit, shape).astype(np.int32)

    def texts(*shape):
        return (1 + (sizes["V"] - 1) * random.random_sample(shape) ** 4).astype(np.int32)  # small ids are frequent

    top, new = np.int32(min(10, sizes["I"])), [
        {wire.TEXTS: texts(1, TEXTS, min(WORDS, sizes["L"])), wire.RATED_ITEMS: ids(sizes["I"], 1, TEXTS),
         wire.STARS: random.randint(1, 6, (1, TEXTS)).astype(np.float32)} for _ in range(count)]
    pairs = [{wire.USER: ids(sizes["U"], 1), wire.ITEM: ids(sizes["I"], 1)} for _ in range(count)]
    shape = 2, TEXTS, sizes["L"]  # full length: an encoder that does not mask padding needs as much time
    return {
        wire.RANK: [{wire.USER: pair[wire.USER], wire.TOP_K: top} for pair in pairs],
        wire.RANK_UNBOUGHT: [{wire.USER: pair[wire.USER], wire.TOP_K: top} for pair in pairs],
        wire.RANK_EXCLUDING: [{wire.USER: pair[wire.USER], wire.TOP_K: top, wire.EXCLUDED: ids(sizes["I"], 1, 5),
                               wire.UNBOUGHT: np.array(True)} for pair in pairs],
        wire.EXPLAIN: pairs,
        wire.FOLD_IN: [dict(user, **{wire.TOP_K: top}) for user in new],
        wire.FOLD_IN_EXPLAIN: [dict(user, **{wire.ITEM: ids(sizes["I"], 3)}) for user in new],
        wire.SERVING_DEFAULT: [
            {wire.TEXTS_USER: texts(*shape), wire.TEXTS_ITEM: texts(*shape), wire.USER: ids(sizes["U"], 2, 1),
             wire.ITEM: ids(sizes["I"], 2, 1),
             wire.RESIDUALS_ITEM: random.normal(size=shape[:2]).astype(np.float32)} for _ in range(count)]}


class Session:
    """A SavedModel in a session of TensorFlow 1."""

    def __init__(self, model):
        from runtime.tf1 import tf

        self._session = tf.Session(graph=tf.Graph())
        with self._session.graph.as_default():
            self._signatures = tf.saved_model.load(self._session, ["serve"], model).signature_def
        self._calls = {}

    def __call__(self, name, request):
        """Returns {output: array} of a request {input: array} to the signature `name`."""
        signature = self._signatures[name]
        if name not in self._calls:
            tensor = self._session.graph.get_tensor_by_name
            self._calls[name] = self._session.make_callable(
                {key: tensor(info.name) for key, info in signature.outputs.items()},
                [tensor(signature.inputs[key].name) for key in request])
        return self._calls[name](*request.values())


def time_session(model, count):
    """Measures seconds to load a model and to its first answer, memory, and milliseconds of single requests."""
    of_signature, start = requests(model, count), time.time()
    before = cli.peak_memory()
    session = Session(model)
    loaded = time.time() - start
    session(wire.RANK, of_signature[wire.RANK][0])
    figures = {"tensorflow_mib": before, "load_seconds": loaded, "first_answer_seconds": time.time() - start}
    for name, of_name in of_signature.items():
        session(name, of_name[0])
        figures[name] = milliseconds(session, name, of_name)
    return dict(figures, resident_mib=resident(), peak_mib=cli.peak_memory())


def milliseconds(call, name, of_name):
    """Returns the percentiles of the time that `call(name, request)` takes, over a list of requests."""
    durations = []
    for request in of_name:
        start = time.perf_counter()
        call(name, request)
        durations.append((time.perf_counter() - start) * 1e3)
    return {f"p{part}": float(np.percentile(durations, part)) for part in (50, 90, 99)}


def resident():
    """Returns the resident memory of this process now in MiB; None if the system does not report it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2 ** 20
    except OSError:
        return None


if __name__ == "__main__":
    separate_process.main(globals())
