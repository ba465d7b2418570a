"""Small networks of random weights, for tests."""
import numpy as np

from models import config as configs
from models import graph
from models.inputs import baselines
from models.inputs.features import Corpus
from runtime.tf1 import tf
from tests.preprocessing.writing import build, reviews

SIZES = dict(filters=7, attention_dim=5, latent_dim=3, batch_size=11, epochs=2)
VARIANTS = {  # beside the presets: every other query and score
    "text": dict(attention_query="text"),
    "id": dict(attention_query="id", lexical_skip=False),
    "author": dict(attention_query="author", lexical_skip=False, own_review_loss=0.),
    "none": dict(attention_query="none", lexical_skip=False, own_review_loss=0., usefulness=False),
    "product": dict(attention_score="relu_product", temperature=1.),
    "shared": dict(shared_vocabulary=True, review_selection="latest"),
}


def config(preset="default", **fields):
    """A small checked ModelConfig."""
    return configs.check(configs.PRESETS[preset]._replace(**dict(SIZES, **fields)))


def named(name, **fields):
    """The config of a preset or of a variant."""
    return config(name,
                  **fields) if name in configs.PRESETS else config(**dict(VARIANTS[name], **fields))


def artefact(rows=None):
    """5 users, 7 items, 33 reviews, one of them empty; word vectors of 5 numbers, 3 topics."""
    rows = rows or reviews()
    return build(rows[:4] + [rows[4]._replace(text="")] + rows[5:])


def corpus(settings, a):
    """The Corpus of an artefact, damping 5."""
    sizes = a.meta["sizes"]
    return Corpus(a, settings, baselines.damped_offsets(a.train, sizes["U"], sizes["I"], 5.))


def randomise(session, variables, seed=3):
    """Adds noise to every variable, so that no zero hides an error."""
    random = np.random.RandomState(seed)
    for variable in sorted(variables, key=lambda variable: variable.op.name):
        value = session.run(variable)
        variable.load((value + random.normal(0, .2, value.shape)).astype(value.dtype), session)


class Running:
    """A network of random weights over an artefact, in its own session."""

    def __init__(self, settings, a=None):
        self.artefact = a or artefact()
        self.corpus = corpus(settings, self.artefact)
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            self.session = graph.session()
            self.network = graph.network_of(settings, self.artefact)
            self.inputs = graph.input_placeholders(self.artefact.meta["sizes"]["D"])
            self.outputs, self.item_reviews = self.network(self.inputs)
            graph.start(self.session, self.network, self.artefact)
            randomise(self.session, tf.global_variables())

    def arrays(self, split="train", rows=slice(0, 6), **fields):
        """(Inputs as arrays, own reviews) of pairs of a split, as training reads them."""
        part = getattr(self.artefact, split)
        pairs = self.corpus.pairs(part.user[rows], part.item[rows], part.review[rows],
                                  part.rating[rows] if split == "train" else None, **fields)
        return self.corpus.inputs(pairs)

    def __call__(self, arrays):
        """Outputs of Inputs as arrays."""
        return self.session.run(self.outputs, graph.feed(self.inputs, arrays))
