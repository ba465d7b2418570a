"""The network in a TensorFlow graph: placeholders for its inputs, and how arrays are fed to them."""
import numpy as np

from models.deeprecsys import DeepRecSys, Inputs, Side, Sizes
from runtime import memory
from runtime.tf1 import tf

LARGE = 2 ** 22  # numbers


def sizes_of(artefact):
    """The Sizes of an artefact."""
    s = artefact.meta["sizes"]
    return Sizes(users=s["U"], items=s["I"], words=s["V"], word_dim=s["E"], topics=s["D"])


def network_of(config, artefact):
    """A DeepRecSys in the current graph."""
    return DeepRecSys(config, sizes_of(artefact))


def start(session, network, artefact):
    """Gives all variables of the session's graph their first values. Word tables are loaded: as constants they
    would weigh on the graph, and zeros to start from would stay beside them."""
    vectors, config = artefact.word_vectors, network.config
    if config.word_start == "random":
        vectors = np.random.RandomState(config.seed).normal(0, vectors.std(), vectors.shape).astype(np.float32)
    tables = network.user.table, network.item.table
    others = [variable for variable in tf.global_variables() if variable not in tables]
    large = [variable for variable in others if variable.shape.num_elements() > LARGE]
    session.run([variable.initializer for variable in others if variable not in large])
    for variable in large:  # one after the other: less memory, though TensorFlow plans every run anew
        session.run(variable.initializer)
        memory.release()
    for table in tables:
        table.load(vectors, session)
        memory.release()


def input_placeholders(topics):
    """Placeholders in the shape of Inputs; `topics` is D."""
    def ints(*shape):
        return tf.placeholder(tf.int32, shape)

    def floats(*shape):
        return tf.placeholder(tf.float32, shape)

    def side():
        return Side(id=ints(None), other_id=ints(None), tokens=ints(None, None), topics=floats(None, topics),
                    slots=ints(None, None), other_slots=ints(None, None), counterparts=ints(None, None))

    return Inputs(side(), side(), offset=floats(None), residuals=floats(None, None), lexical=floats(None, None),
                  typicality=floats(None, None), log_words=floats(None, None))


def feed(placeholders, arrays):
    """{placeholder: array} of two nested NamedTuples of one shape."""
    fed = {}
    for placeholder, array in zip(placeholders, arrays):
        if isinstance(placeholder, tuple):
            fed.update(feed(placeholder, array))
        else:
            fed[placeholder] = array
    return fed


def session(threads=0):
    """A session that takes GPU memory as it needs it, and keeps main memory. `threads` 0: as many as cores."""
    memory.keep()
    return tf.Session(config=tf.ConfigProto(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads,
        gpu_options=tf.GPUOptions(allow_growth=True)))
