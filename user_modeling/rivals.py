"""Topics by other means, whose coherence the aspects are compared with: LDA, and k-means of TF-IDF vectors.

They have the same candidate words, the same sentences and the same number as the aspects.
"""
import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer

SENTENCES = 20000  # at most, drawn at random
PASSES = 5  # of LDA over them
TOP = 10  # words of a topic


def topics(corpus, words, count, seed):
    """Returns {"lda", "kmeans": lists of the word ids of `count` topics, the strongest first} of a Corpus's sentences.

    Args:
      words: Words of the corpus.
    """
    chosen = words.candidates
    bags = corpus.bags[:, chosen]
    rows = np.flatnonzero(np.asarray(bags.sum(axis=1)).ravel() > 1)
    if len(rows) > SENTENCES:
        rows = np.random.RandomState(seed).choice(rows, SENTENCES, replace=False)
    if len(rows) < count or count < 2:
        return {}
    bags = bags[rows]
    lda = LatentDirichletAllocation(count, learning_method="online", max_iter=PASSES, random_state=seed).fit(bags)
    means = MiniBatchKMeans(count, n_init=3, random_state=seed).fit(TfidfTransformer().fit_transform(bags))
    return {"lda": _top(lda.components_, chosen), "kmeans": _top(means.cluster_centers_, chosen)}


def _top(strength, chosen):
    return [chosen[np.argsort(-row, kind="stable")[:TOP]] for row in strength]
