"""The praise of items by aspects: by hand, and without a review as if it had never been written."""
import numpy as np
import pytest
from scipy import sparse

from models.ranking import praise
from tests.flask_app.aspect_tables import planted

# review 1 speaks of aspect 0 twice and of aspect 2 once, review 2 has no text, 4 speaks of nothing
SENTENCES = [[(0, 3, 0, .75), (4, 9, 0, .25), (9, 12, 2, 1.)], [], [(0, 3, 0, 1.)], [(0, 3, -1, .9)], [(0, 5, 2, .5)]]


def test_praise_of_a_review_is_the_mean_of_its_sentences_less_that_of_all_reviews():
    aspects = praise.of_tables(planted(SENTENCES))
    of_first, of_last = (0. + 1.) / 2, (1. + 0.) / 2  # means of 2 P - 1 over the reviews that speak of aspects 0 and 2
    np.testing.assert_allclose(aspects.reviews.toarray(), [
        [0, 0, 0], [0 - of_first, 0, 1 - of_last], [0, 0, 0], [1 - of_first, 0, 0], [0, 0, 0], [0, 0, 0 - of_last]])
    np.testing.assert_allclose(aspects.users, [[.8, 0, .2], [.2, .2, .2], [.5, .1, .2]])  # the last spoke of nothing


def test_words_outside_the_vocabulary_speak_of_nothing():
    tables = planted(SENTENCES)._replace(word_aspect=np.ones((4, 3), np.float32))
    assert praise.of_tables(tables).words.tolist() == [[0] * 3] * 2 + [[1] * 3] * 2


def test_items_have_the_praise_of_their_reviews_and_of_average_ones():
    aspects = praise.of_tables(planted(SENTENCES))
    of_items = praise.PraiseOfItems(aspects, np.array([0, 1, 1, 1, 0, 0]), 3).praise
    np.testing.assert_allclose(of_items, [[0, 0, -.5 / (praise.PRIOR + 1)],
                                          [0 / (praise.PRIOR + 2), 0, .5 / (praise.PRIOR + 1)], [0, 0, 0]], atol=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_without_a_review_the_praise_is_that_of_the_others(seed):
    random = np.random.RandomState(seed)
    aspects = praise.of_tables(planted(SENTENCES))
    said = sparse.random(8, 3, .6, "csr", random_state=random)
    said.data[:2] = 0  # praise of the average is an entry, too
    aspects, item = aspects._replace(reviews=said), random.randint(0, 2, 8)
    whole, rows = praise.PraiseOfItems(aspects, item, 2), np.flatnonzero(item == 1)
    for row, found in zip(rows, whole.without(1, rows)):
        kept = np.setdiff1d(np.arange(8), row)
        rest = praise.PraiseOfItems(aspects._replace(reviews=said[kept]), item[kept], 2)
        np.testing.assert_allclose(found, rest.praise[1], atol=1e-6)
