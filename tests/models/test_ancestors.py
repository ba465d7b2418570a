"""The presets of peers: their parameters are those of the papers, no more and no fewer."""
import pytest

from models import graph
from runtime.tf1 import tf
from tests.models.building import artefact, config


def trained(preset):
    """{variable: shape} of all variables that the rating depends on; filters 7, attention 5, latent 3."""
    a = artefact()
    with tf.Graph().as_default():
        network = graph.network_of(config(preset), a)
        rating = network(graph.input_placeholders(a.meta["sizes"]["D"]))[0].rating
        variables = tf.trainable_variables()
        gradients = tf.gradients(rating, variables)
        return {variable.op.name: tuple(variable.shape.as_list())
                for variable, gradient in zip(variables, gradients) if gradient is not None}


def text_of(side, words, dim):
    """Word table, convolution and the layer after the pool, which both peers have on either side."""
    return {f"{side}/word_vectors": (words, dim), f"{side}/conv": (3, dim, 7), f"{side}/conv_bias": (7,),
            f"{side}/pool": (7, 3), f"{side}/pool_bias": (3,)}


@pytest.fixture(scope="module")
def sizes():
    return artefact().meta["sizes"]


def test_parameters_of_narre(sizes):
    """Of the attention: W_O, W_u, b_1, h, b_2 and the ids of authors; of the rating: q_u, p_i, W_1, biases."""
    wanted = {"rating/weight": (3, 1)}
    for side, ids, others in (("user", sizes["U"], sizes["I"]), ("item", sizes["I"], sizes["U"])):
        wanted.update(text_of(side, sizes["V"], sizes["E"]))
        wanted.update({f"{side}/key_text": (7, 5), f"{side}/query_id": (3, 5), f"{side}/key_bias": (5,),
                       f"{side}/product": (5, 1), f"{side}/product_bias": (),
                       f"{side}/other_embedding": (others, 3), f"{side}/latent": (ids, 3),
                       f"{side}/offset": (ids,)})
    assert trained("narre") == wanted


def test_parameters_of_deepconn(sizes):
    """Text alone: no ids, no attention; w and V of the factorisation machine."""
    wanted = {"rating/weight": (6, 1), "rating/factors": (6, 8)}
    for side in ("user", "item"):
        wanted.update(text_of(side, sizes["V"], sizes["E"]))
    assert trained("deepconn") == wanted
