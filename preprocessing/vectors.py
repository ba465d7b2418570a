"""Word vectors (by word2vec, from counts, or read from a file) and word topics (LSI), from training text only."""
import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from sklearn.decomposition import TruncatedSVD
from tqdm import tqdm

from preprocessing import vector_files
from preprocessing.artefact import PADDING, UNKNOWN
from preprocessing.corpus import counted as counts
from preprocessing.reading.tally import short
from runtime.cli import UserError


def word2vec(documents, words, dim, seed, epochs=5):
    """Skip-gram vectors (Mikolov et al., "Distributed representations of words and phrases", 2013).

    Args:
      documents: training reviews, each a list of words; iterated over several times, see `corpus.Documents`.
      words: the vocabulary; a word that is in no training review gets a small random vector.
      dim: `E`.
      seed: seed of the vectors; one thread trains them, so that the same seed gives the same vectors.

    Returns:
      [V, E] float32, zeros for padding.
    """
    model = Word2Vec(vector_size=dim, window=5, min_count=1, sg=1, negative=5, workers=1, seed=seed)
    sentences = _Sentences(documents, set(words))
    model.build_vocab(sentences)
    with tqdm(total=epochs, desc="word2vec", unit="epoch", leave=False, disable=None) as bar:
        model.train(sentences, total_examples=len(documents), epochs=epochs, callbacks=[_Progress(bar)])
    return table({word: model.wv[word] for word in model.wv.key_to_index}, words, dim, seed)


class _Sentences:
    """The documents without the words that are not in the vocabulary, made anew for each epoch."""

    def __init__(self, documents, vocabulary):
        self.documents, self.vocabulary = documents, vocabulary

    def __iter__(self):
        for document in self.documents:
            yield [word for word in document if word in self.vocabulary]


class _Progress(CallbackAny2Vec):
    def __init__(self, bar):
        self.bar = bar

    def on_epoch_end(self, model):
        self.bar.update()


def counted(documents, ids, words, dim, seed):
    """Vectors from counts of words that are near each other, see `corpus/counted.py`.

    Args:
      documents: `corpus.Documents`.
      ids: [W] word ids of the words of the corpus.
      words, dim, seed: as in `word2vec`; the seed is that of the vectors of words that are near no other.

    Returns:
      [V, E] float32, zeros for padding.
    """
    found = counts.vectors(((ids[numbers], lengths) for numbers, lengths in documents.pieces()), len(words), dim)
    rows = _small(len(words), dim, seed)
    is_found = found.any(axis=1)
    rows[is_found] = found[is_found]
    return rows


def read_vectors(path, words, dim, seed):
    """Reads the vectors of `words` from a file in word2vec or GloVe format, text or binary.

    Returns:
      ([V, E] float32, zeros for padding, a small random vector for each word that the file does not contain;
      the number of words that have a vector in the file).

    Raises:
      UserError: the file cannot be read, its vectors have another dimension than `dim`, or no word has one.
    """
    found = vector_files.read(path, set(words[UNKNOWN + 1:]), dim)
    if not found.vectors:
        ours, theirs = words[UNKNOWN + 1:], ", ".join(map(short, found.words))
        raise UserError(f"{path}: a vector for none of the {len(ours)} words of the reviews; the file has words such "
                        f"as {theirs}, the reviews such as {', '.join(map(short, ours[:3]))}; "
                        "give vectors of their language")
    word_vectors = table(found.vectors, words, dim, seed)
    if not np.isfinite(word_vectors).all():
        raise UserError(f"{path}: some word vectors are not finite; give another file")
    return word_vectors, len(found.vectors)


def table(vectors, words, dim, seed):
    """[V, dim] float32 of {word: vector}: zeros for padding, a small random vector for each missing word."""
    rows = _small(len(words), dim, seed)
    for index, word in enumerate(words):
        if word in vectors:
            rows[index] = vectors[word]
    return rows


def _small(count, dim, seed):
    """[count, dim] float32 small random vectors, zeros for padding."""
    rows = np.random.RandomState(seed).uniform(-.5 / dim, .5 / dim, (count, dim)).astype(np.float32)
    rows[PADDING] = 0
    return rows


def topics(bags, dim, seed):
    """Latent semantic indexing (Deerwester et al., 1990): the right singular vectors of the bags.

    Args:
      bags: [n, V] sparse TF-IDF of the training reviews.
      dim: `D`; a small corpus gives fewer.

    Returns:
      [V, D] float32; its columns are orthonormal.
    """
    dim = max(1, min(dim, min(bags.shape) - 1))
    with np.errstate(divide="ignore", invalid="ignore"):  # equal reviews have no variance to be explained
        return TruncatedSVD(dim, random_state=seed).fit(bags).components_.T.astype(np.float32)
