"""Users and items as mean TF-IDF vectors, and the content model."""
import numpy as np
import pytest
from scipy import sparse

from models.ranking import content, texts
from preprocessing.bag import tfidf
from tests.models.ranking import corpora


def slow_mean(artefact, owner, number):
    """The unit mean of the training reviews of one user or item, by a loop."""
    a, total = artefact, np.zeros(corpora.WORDS)
    for row in a.train.review:
        if owner[row] == number:
            total += tfidf(a.review_tokens[[row]], a.document_frequency, a.meta["training_reviews"]).toarray()[0]
    return total / max(np.linalg.norm(total), 1e-12)


def test_rows_are_unit_means_of_training_reviews():
    a = corpora.corpus()
    users, items = texts.unit_means(a)
    assert users.shape == (corpora.USERS, corpora.WORDS) and items.shape == (corpora.ITEMS, corpora.WORDS)
    for rows, owner, number in ((users, a.review_user, 7), (items, a.review_item, 5)):
        np.testing.assert_allclose(rows[number].toarray()[0], slow_mean(a, owner, number), atol=1e-6)


@pytest.mark.parametrize("split", ["validation", "test"])
def test_no_held_out_text_is_read(split):
    before = texts.unit_means(corpora.corpus())
    after = texts.unit_means(corpora.with_other(corpora.corpus(), split))
    for one, other in zip(before, after):
        np.testing.assert_array_equal(one.toarray(), other.toarray())


def test_an_item_without_text_has_an_empty_row():
    a = corpora.corpus()
    a.review_tokens[a.review_item == 5] = 0
    a.review_length[a.review_item == 5] = 0
    rows = texts.unit_means(a)[1]
    assert not rows[5].toarray().any() and np.isfinite(rows.toarray()).all()
    assert not cosines(rows)[5].any()


def cosines(rows, weight=1.):
    """weight A A' by `texts.add_likeness`."""
    total = np.zeros((rows.shape[0],) * 2, order="F")
    texts.add_likeness(total, rows, weight)
    return total


@pytest.mark.parametrize("share", [0., .05, .3, 1.])
def test_likeness_is_the_product_of_all_rows(monkeypatch, share):
    monkeypatch.setattr(texts, "FREQUENT", share)
    rows = sparse.random(11, 23, .2, "csr", np.float32, np.random.RandomState(0))
    np.testing.assert_allclose(cosines(rows), (rows @ rows.T).toarray(), atol=1e-6)


@pytest.mark.parametrize("block", [1, 3, 11, 512])
def test_likeness_is_added_by_its_weight_in_blocks_of_any_size(monkeypatch, block):
    rows = sparse.random(11, 23, .2, "csr", np.float32, np.random.RandomState(0))
    whole = cosines(rows)
    monkeypatch.setattr(texts, "BLOCK", block)
    np.testing.assert_allclose(cosines(rows, 2.5), 2.5 * whole, atol=1e-6)


def test_content_is_the_cosine_of_mean_reviews():
    a = corpora.corpus()
    users, items = texts.unit_means(a)
    chosen = np.array([60, 2])
    np.testing.assert_allclose(content.scorer(users, items)(chosen), users.toarray()[chosen] @ items.toarray().T,
                               atol=1e-6)
    topics = content.scorer(users, items, a.word_topics)(chosen)
    one, other = users.toarray()[2] @ a.word_topics, items.toarray()[6] @ a.word_topics
    assert topics[1, 6] == pytest.approx(one @ other / np.linalg.norm(one) / np.linalg.norm(other), abs=1e-5)
