"""`./run bench words`: word vectors by word2vec and from counts: time, and how well they find a user's own review.

For each validation pair, the user's own review is looked for among the training reviews of the item, by the cosine of
mean word vectors with the user's training reviews. A review is the mean of the unit vectors of its words by TF-IDF
weights, minus the mean of all training reviews. The measure is the share of the item's reviews that are less similar.
"""
import time

import numpy as np

from benchmarks import flags, shapes
from benchmarks.report import say, write
from preprocessing import artefact as contract
from preprocessing import bag, vectors
from preprocessing.corpus import counted
from preprocessing.corpus.token_rows import pieces
from runtime import cli


def parse_args(argv=None):
    parser = cli.Parser("./run bench words", description=__doc__.split(": ", 1)[1].splitlines()[0])
    parser.add_argument("--data", nargs="+", default=[], metavar="FOLDER", help="folders of artefacts")
    parser.add_argument("--shape", choices=sorted(shapes.SHAPES), help="measures the counts alone, on random text in "
                        "the shape of a corpus")
    parser.add_argument("--seed", type=int, default=2017, help="seed of word2vec, and of the sample of reviews")
    return flags.parse(parser, argv)


def training_texts(artefact):
    """[word ids] of the training reviews with words, without unknown words, in the order of the split."""
    texts = (artefact.review_tokens[row, :artefact.review_length[row]] for row in artefact.train.review)
    return [text[text > contract.UNKNOWN] for text in texts if (text > contract.UNKNOWN).any()]


def by_word2vec(artefact, texts, seed):
    """[V, E] vectors by word2vec."""
    words = artefact.vocabulary
    documents = [[words[word] for word in text] for text in texts]
    return vectors.word2vec(documents, words, artefact.word_vectors.shape[1], seed)


def by_counts(artefact, texts, _seed):
    """[V, E] vectors from counts."""
    parts = ((np.concatenate(part), np.array([len(text) for text in part])) for part in pieces(texts))
    return counted.vectors(parts, *artefact.word_vectors.shape)


def own_auc(artefact, word_vectors):
    """The measure that the docstring of the module describes, the mean of all validation pairs that have it."""
    a = artefact
    unit = word_vectors / np.maximum(np.linalg.norm(word_vectors, axis=1, keepdims=True), 1e-9)
    reviews = bag.tfidf(a.review_tokens, a.document_frequency, a.meta["training_reviews"]) @ unit
    reviews -= reviews[contract.training_rows(a)].mean(0)
    reviews /= np.maximum(np.linalg.norm(reviews, axis=1, keepdims=True), 1e-9)
    found = []
    for user, item, own in zip(a.validation.user, a.validation.item, a.validation.review):
        asker, others = (table[table > 0] for table in (a.user_reviews[user], a.item_reviews[item]))
        if len(asker) and len(others) and a.review_length[own]:
            likeness = reviews[np.append(others, own)] @ reviews[asker].sum(0)
            found.append((likeness[:-1] < likeness[-1]).mean() + .5 * (likeness[:-1] == likeness[-1]).mean())
    return float(np.mean(found))


def compared(folder, seed):
    """{method: {"cpu" (seconds), "auc", "reviews"}} of an artefact: both methods, and word2vec of a sample of the
    reviews that is as large as to take about as long as the counts."""
    artefact, figures = contract.load(folder), {}
    texts = training_texts(artefact)

    def measure(name, method, part):
        start = time.process_time()
        found = method(artefact, part, seed)
        figures[name] = {"cpu": time.process_time() - start, "reviews": len(part), "auc": own_auc(artefact, found)}
        say("{:40} {:28} {cpu:>7.1f} CPU seconds, {reviews:>7} reviews, AUC {auc:.4f}".format(
            folder[-40:], name, **figures[name]))

    measure("counts", by_counts, texts)
    measure("word2vec", by_word2vec, texts)
    share = min(1., figures["counts"]["cpu"] / figures["word2vec"]["cpu"])
    order = np.random.RandomState(seed).permutation(len(texts))
    measure("word2vec in the same time", by_word2vec, [texts[row] for row in order[:max(1, int(share * len(texts)))]])
    return figures


def of_shape(name):
    """{"cpu" (seconds), "words", "mib" (peak of the process)} of the counts on random text of a shape."""
    artefact = shapes.build(shapes.SHAPES[name])
    texts, start = training_texts(artefact), time.process_time()
    by_counts(artefact, texts, None)
    figures = {"cpu": time.process_time() - start, "words": sum(map(len, texts)), "mib": cli.peak_memory()}
    say("{}: counts of {words} words: {cpu:.1f} CPU seconds, peak memory with the corpus {mib:.0f} MiB".format(
        name, **figures))
    return figures


def main(argv=None):
    args = parse_args(argv)
    figures = {folder: compared(folder, args.seed) for folder in args.data}
    if args.shape:
        figures[args.shape] = of_shape(args.shape)
    write(args, figures)
