"""What the model server is asked for a shopper without an id."""
import numpy as np

from flask_app.recommending.newcomer import Newcomer, OwnReview
from flask_app.views import newcomer_form, viewers
from serving import signatures as wire


class Model:
    """Keeps the inputs of the last request, and ranks the items from 0 on."""

    def predict(self, signature, inputs):
        self.inputs, k = inputs, int(inputs[wire.TOP_K])
        return {wire.ITEM: np.arange(k)[np.newaxis], wire.RATING: np.ones((1, k))}


def test_no_more_texts_are_sent_than_the_model_reads():
    """A page sends fewer; a text may name as many aspects as the run has, and each is one more."""
    assert newcomer_form.BOXES + newcomer_form.RATED + viewers.MOST <= wire.MOST_TEXTS
    model = Model()
    reviews = [OwnReview("", item, 5.) for item in range(wire.MOST_TEXTS + 1)]
    assert len(Newcomer(model, None, reviews).rank(3)) == 3
    for name in (wire.TEXTS, wire.RATED_ITEMS, wire.STARS):
        assert model.inputs[name].shape[:2] == (1, wire.MOST_TEXTS)
    assert model.inputs[wire.RATED_ITEMS][0].tolist() == list(range(wire.MOST_TEXTS))
