"""Writes tiny real SavedModels for the tests of this package."""
import numpy as np

from runtime.tf1 import tf

TABLE = np.arange(15, dtype=np.float32).reshape(5, 3) / 7  # the rows that `gather` looks up


def save(path, **signatures):
    """Saves a folder of signatures: name -> function that gives its named inputs and outputs."""
    with tf.Graph().as_default(), tf.Session() as session:
        built = {name: _signature(*build(), method=getattr(build, "method", "predict"))
                 for name, build in signatures.items()}
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.Builder(str(path))
        builder.add_meta_graph_and_variables(session, ["serve"], built)
        builder.save()
    return path


def _signature(inputs, outputs, method):
    described = [{name: tf.saved_model.build_tensor_info(tensor) for name, tensor in side.items()}
                 for side in (inputs, outputs)]
    return tf.saved_model.build_signature_def(*described, f"tensorflow/serving/{method}")


def method(name):
    """Marks a signature as one of classify or regress."""
    def marked(build):
        build.method = name
        return build
    return marked


def line(slope=2.0, offset=1.0, output="y"):
    """y = slope * x + offset, of `x [n]` float32."""
    def build():
        x = tf.placeholder(tf.float32, [None])
        slope_ = tf.get_variable("slope", initializer=np.float32(slope))
        return {"x": x}, {output: x * slope_ + offset}
    return build


def scaled():
    """y = scale * x, of a vector and a scalar."""
    x, scale = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [])
    return {"x": x, "scale": scale}, {"y": x * scale}


def gather():
    """Row `id` of a table: out of range, it is an error at run time."""
    ids = tf.placeholder(tf.int32, [None])
    return {"id": ids}, {"row": tf.gather(TABLE, ids)}


def two():
    """Two outputs of one first dimension, of two inputs."""
    x, n = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.int32, [None])
    return {"x": x, "n": n}, {"total": tf.reduce_sum(x, 1) + tf.cast(n, tf.float32), "next": n + 1}


def uneven():
    """Two outputs whose first dimensions differ."""
    x = tf.placeholder(tf.float32, [None])
    return {"x": x}, {"head": x[:1], "whole": x + 0}


def scalar():
    """An output without a first dimension."""
    x = tf.placeholder(tf.float32, [None])
    return {"x": x}, {"total": tf.reduce_sum(x)}


def text():
    """Strings in and out, as text and as bytes."""
    words = tf.placeholder(tf.string, [None])
    return {"word": words}, {"twice": tf.strings.join([words, words]),
                             "word_bytes": tf.identity(words)}


def types():
    """One input and output of each kind of number."""
    kinds = {"i64": tf.int64, "u8": tf.uint8, "f64": tf.float64, "flag": tf.bool}
    inputs = {name: tf.placeholder(dtype, [None]) for name, dtype in kinds.items()}
    return inputs, {name + "_out": tf.identity(tensor) for name, tensor in inputs.items()}


def nothing():
    """A signature without inputs."""
    return {}, {"one": tf.constant([1.0])}


def patient():
    """Counts to `n`, which takes a while when `n` is large."""
    n = tf.placeholder(tf.int32, [])
    last = tf.while_loop(lambda i: i < n, lambda i: i + 1, [tf.constant(0)], parallel_iterations=1)
    return {"n": n}, {"last": last}


def examples():
    """Features of serialised examples: `x` (float32) and `word`. All signatures share the input."""
    try:
        serialised = tf.get_default_graph().get_tensor_by_name("examples:0")
    except KeyError:
        serialised = tf.placeholder(tf.string, [None], "examples")
    read = tf.io.parse_example(serialised, {"x": tf.io.FixedLenFeature([], tf.float32),
                                            "word": tf.io.FixedLenFeature([], tf.string, "?")})
    return serialised, read["x"], read["word"]


@method("classify")
def classify():
    """Two classes, the word and its opposite, and scores x and 1 - x."""
    serialised, x, word = examples()
    return {"inputs": serialised}, {"classes": tf.stack([word, tf.strings.join(["no", word])], 1),
                                    "scores": tf.stack([x, 1 - x], 1)}


@method("classify")
def scores_only():
    serialised, x, _ = examples()
    return {"inputs": serialised}, {"scores": x[:, None]}


@method("classify")
def flat_scores():
    """A signature that cannot work: scores are to be a matrix."""
    serialised, x, _ = examples()
    return {"inputs": serialised}, {"scores": x}


@method("regress")
def regress():
    """2 x."""
    serialised, x, _ = examples()
    return {"inputs": serialised}, {"outputs": 2 * x}


@method("regress")
def other_input():
    x = tf.placeholder(tf.string, [None])
    return {"inputs": x}, {"outputs": tf.strings.to_number(x)}


def save_all(path):
    """A model with all of the signatures above."""
    return save(path, serving_default=line(), scaled=scaled, gather=gather, two=two, uneven=uneven,
                scalar=scalar, text=text, types=types, nothing=nothing, patient=patient,
                classify=classify, scores_only=scores_only, flat_scores=flat_scores,
                regress=regress, other_input=other_input)


CONFIG = """model_config_list {{
  config {{ name: "small" base_path: "{0}/small" model_platform: "tensorflow" }}
  config {{
    name: "pair" base_path: "{0}/pair" model_platform: "tensorflow"
    model_version_policy {{ all {{}} }}
    version_labels {{ key: "stable" value: 1 }}
    version_labels {{ key: "canary" value: 2 }}
  }}
}}
"""


def save_folder(folder, seen_as=None):
    """Writes two models, and `models.config` that serves them.

    `small`, version 3, has all of the signatures; `pair`, versions 1 and 2, gives y = version * x.
    `seen_as`: where the server sees the folder.
    """
    save_all(folder / "small" / "3")
    for version in (1, 2):
        save(folder / "pair" / str(version), serving_default=line(version, 0))
    (folder / "models.config").write_text(CONFIG.format(seen_as or folder))
    return folder
