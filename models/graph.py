"""The network in a TensorFlow graph: its variables and their start values, placeholders, feeding, and the session."""
import numpy as np

from models.deeprecsys import DeepRecSys, Inputs, Side, Sizes
from runtime import memory
from runtime.tf1 import tf

LARGE = 2 ** 22  # numbers in a variable that is initialised on its own


def sizes_of(artefact):
    """Returns the Sizes of an artefact."""
    sizes = artefact.meta["sizes"]
    return Sizes(users=sizes["U"], items=sizes["I"], words=sizes["V"], word_dim=sizes["E"], topics=sizes["D"])


def network_of(config, artefact):
    """Builds a DeepRecSys in the current graph and returns it."""
    return DeepRecSys(config, sizes_of(artefact))


def start(session, network, artefact):
    """Gives all variables of the session's graph their initial values.

    Word tables are loaded and not initialised: as constants they would enlarge the graph, and initial zeros would stay
    in memory beside them.
    """
    vectors, config = artefact.word_vectors, network.config
    if config.random_words:
        vectors = np.random.RandomState(config.seed).normal(0, vectors.std(), vectors.shape).astype(np.float32)
    tables = network.user.table, network.item.table
    others = [variable for variable in tf.global_variables() if variable not in tables]
    large = [variable for variable in others if variable.shape.num_elements() > LARGE]
    session.run([variable.initializer for variable in others if variable not in large])
    for variable in large:  # one after the other takes less memory, though TensorFlow plans every run again
        session.run(variable.initializer)
        memory.release()
    for table in tables:
        table.load(vectors, session)
        memory.release()


def input_placeholders(topics):
    """Returns Inputs of placeholders; `topics` is D."""
    def ints(*shape):
        return tf.placeholder(tf.int32, shape)

    def floats(*shape):
        return tf.placeholder(tf.float32, shape)

    def side():
        return Side(id=ints(None), other_id=ints(None), tokens=ints(None, None), topics=floats(None, topics),
                    slots=ints(None, None), other_slots=ints(None, None), counterparts=ints(None, None))

    return Inputs(side(), side(), offset=floats(None), residuals=floats(None, None), lexical=floats(None, None),
                  typicality=floats(None, None), log_words=floats(None, None), expected=floats(None, None))


def feed(placeholders, arrays):
    """Returns {placeholder: array} of two nested NamedTuples of the same structure."""
    fed = {}
    for placeholder, array in zip(placeholders, arrays):
        if isinstance(placeholder, tuple):
            fed.update(feed(placeholder, array))
        else:
            fed[placeholder] = array
    return fed


def session(threads=0):
    """Returns a session that takes GPU memory only as needed and keeps main memory; `threads` 0: as many as cores."""
    memory.keep()
    return tf.Session(config=tf.ConfigProto(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads,
        gpu_options=tf.GPUOptions(allow_growth=True)))
