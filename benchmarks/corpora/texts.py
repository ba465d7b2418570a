"""`./run bench texts`: which description of a review finds the user's own review, without training a network.

For each validation pair, the user's own review is looked for among the training reviews of the item, by the likeness to
what the user wrote: the centred retrieval AUC of the evaluation. Beside it stands how similar the review that is shown
first is to the own one (cosine of TF-IDF), which tells whether the likeness is one of content: what finds a review by
the way in which its author writes raises the first measure and lowers the second.

A description is a matrix of terms or of dense vectors. Dense vectors are taken in the directions in which the users
differ (`models/training/directions.py`), and compared by the cosine with their mean over the user's reviews; sparse
ones as in the lexical part of the network's score. All are learned from training reviews.
"""
import collections
import re

import numpy as np
from gensim.models import FastText
from scipy import sparse

from benchmarks import flags
from benchmarks.report import say, write
from evaluation.review_scores import Scores, facts_of, words_of
from evaluation.systems import pairs, system
from metrics import comparison, explanation
from metrics.significance import Bootstrap, as_text
from models.inputs import bags as bags_of_reviews
from models.training import directions
from preprocessing import artefact as contract
from preprocessing import bag, catalogue, sentences, tokenise, vectors, vocabulary
from runtime import cli
from runtime.cli import UserError

MOST = 10 ** 8  # users times reviews, whose likeness is computed at once
MARKS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]+|\n+")  # words, numbers, runs of marks, ends of lines
MEASURES = "retrieval_auc_centred", "agreement_cosine_1"


def parse_args(argv=None):
    parser = cli.Parser("./run bench texts", description=__doc__.split(": ", 1)[1].splitlines()[0])
    parser.add_argument("--data", nargs="+", required=True, metavar="FOLDER", help="folders of artefacts; of a corpus "
                        "with several splits, the folder of each: the pairs of all are measured together")
    parser.add_argument("--vectors", metavar="FILE", help="also measures dense vectors of any other model, such as "
                        "sentence embeddings: a NumPy file with a row for each review of the catalogue, in its order")
    parser.add_argument("--seed", type=int, default=0, help="seed of the other users, and of the intervals")
    return flags.parse(parser, argv)


class Reviews:
    """The reviews of an artefact, and the users who are asked about.

    Args:
      data: `systems.system.Data`.
      seed: of the draw of other users.
    """

    def __init__(self, data, seed):
        a = self.artefact = data.artefact
        self.data, self.corpus, self.rows = data, data.corpus, contract.training_rows(a)
        self.has_text, self.users = a.review_length > 0, len(a.user_reviews)
        own, train = a.validation, (a.train.user, a.train.item)
        self.asked = np.concatenate([own.user[None], explanation.other_users(
            pairs.OTHER_USERS, own.user, own.item, train, pairs.stream(seed, "explanations"))])
        self.facts = facts_of(data, own, words_of([[]] * len(self.has_text), self.corpus.bags)._replace(sequences=None))

    def measured(self, likeness):
        """{measure: [n]} of a likeness [U, N+1] of all reviews to what each user wrote."""
        own = self.artefact.validation
        slots, known = self.corpus.served_slots.item[own.item], self.has_text[own.review]
        scores = [Scores(likeness[users[:, None], slots], np.where(known, likeness[users, own.review], np.nan))
                  for users in self.asked]
        values = comparison.measures(scores[0], scores[0], self.facts)
        values[MEASURES[0]] = comparison.centred(scores[0], scores[1:], self.facts)
        return {name: values[name] for name in MEASURES}

    def texts(self):
        """The text of each review up to the first word that is not read [N+1]; row 0 is empty."""
        place, most = tokenise.of(self.artefact.meta).placed, self.artefact.review_tokens.shape[1]
        connection = catalogue.of(self.data.data_folder)
        texts = [""] + [row[0] for row in connection.execute("SELECT text FROM reviews ORDER BY review")]
        connection.close()
        further = (place(text, most + 1)[most:] for text in texts)
        return [text[:words[0][1]] if words else text for text, words in zip(texts, further)]

    def bags(self, documents):
        """TF-IDF [N+1, V'] of lists of terms, of those in two training reviews at least."""
        seen = collections.Counter(term for row in self.rows for term in set(documents[row]))
        words = sorted(seen)
        known = vocabulary.build(words, np.array([seen[word] for word in words]), 2, len(words))
        tokens, _ = vocabulary.encode(documents, known.words, max(map(len, documents)))
        held_out = np.ones(len(documents), bool)
        held_out[self.artefact.train.review] = False
        return bag.tfidf(tokens, known.document_frequency, len(self.rows), held_out)

    def sparse(self, bags, to=None, less=None):
        """The likeness t_l . unit(mean_u t - t_any) [U, M] of TF-IDF bags.

        Args:
          bags: [N+1, V'].
          to: [M, V'] bags that are compared with those that users wrote; None: the same.
          less: [N+1, V'] what is subtracted from each review that a user wrote, in the place of t_any.
        """
        wrote = self._mean(bags).toarray()
        mean = np.asarray(bags[self.rows].mean(0)) if less is None else self._mean(less).toarray()
        wrote = np.where(wrote.any(1, keepdims=True), _unit(wrote - mean), 0)
        return ((bags if to is None else to) @ wrote.T).T

    def dense(self, keys):
        """The likeness [U, N+1] of dense vectors [N+1, D], in the directions in which users differ."""
        keys = np.where(self.has_text[:, None], keys - keys[self.rows].mean(0), 0).astype(np.float32)
        found = directions.directions([(keys[self.rows], self.artefact.review_user[self.rows])], self.users,
                                      keys.shape[1])
        keys = keys if found is None else keys @ found
        return _unit(self._mean(keys)) @ _unit(keys).T

    def topics(self, bags, number):
        """The likeness of the topics of TF-IDF bags."""
        return self.dense(bags @ vectors.topics(bags[self.rows], number, self.artefact.meta["options"]["seed"]))

    def of_others(self, bags):
        """[N+1, V'] the mean bag of the other training reviews of each training review's item."""
        item = self.artefact.review_item[self.rows]
        count = np.bincount(item, minlength=len(self.artefact.item_reviews))[item]
        size = len(self.has_text), len(self.artefact.item_reviews)
        of_item = sparse.csr_matrix((np.ones(len(item), np.float32), (self.rows, item)), size)
        share = np.zeros(size[0], np.float32)
        share[self.rows] = 1 / np.maximum(count - 1, 1)
        return sparse.diags(share) @ (of_item @ (of_item.T @ bags) - bags)

    def _mean(self, rows):
        """[U, D] mean of the rows [N+1, D] of each user's training reviews, sparse where they are."""
        return bags_of_reviews.mean(rows, self.corpus.served_slots.user)


def negated(text, placed):
    """The words of a text; those after a negation in the same sentence are other terms, such as "not_good"."""
    terms = []
    for start, end in sentences.spans(text):
        inside = [word for word in placed if start <= word[1] < end]
        marks = sentences.negated(text, inside)
        terms += ["not_" + word[0] if mark else word[0] for word, mark in zip(inside, marks)]
    return terms


def descriptions(reviews, given):
    """Yields (name, likeness [U, N+1]) of each description; first of TF-IDF, with which all are compared."""
    place, texts = tokenise.of(reviews.artefact.meta).placed, reviews.texts()
    placed, bags = [place(text) for text in texts], reviews.corpus.bags
    words = [[word[0] for word in found] for found in placed]
    yield "TF-IDF", reviews.sparse(bags)
    for number in (300, 1000):
        yield f"{number} topics", reviews.topics(bags, number)
    yield "300 topics, negation marked", reviews.topics(reviews.bags(list(map(negated, texts, placed))), 300)
    pieces = [["<" + word + ">" for word in found] for found in words]
    pieces = [[word[at:at + n] for word in found for n in (3, 4, 5) for at in range(len(word) - n + 1)]
              for found in pieces]
    yield "300 topics, parts of words", reviews.topics(reviews.bags(pieces), 300)
    yield "FastText", reviews.dense(bags @ _fasttext(reviews, words))
    yield "TF-IDF less half of that of the item", reviews.sparse(bags, less=.5 * reviews.of_others(bags))
    yield "nearest review", nearest(reviews, bags)
    yield "best sentence", best_sentence(reviews, texts, placed)
    as_written = list(map(MARKS.findall, texts))
    yield "300 topics, words and marks as written", reviews.topics(reviews.bags(as_written), 300)
    marks = [[term for term in found if not term[0].isalpha()] for found in as_written]
    yield "marks and numbers alone", reviews.topics(reviews.bags(marks), 100)
    if given is not None:
        yield "given vectors", reviews.dense(given)


def nearest(reviews, bags):
    """The likeness [U, N+1] to the nearest review that the user wrote, by TF-IDF."""
    likeness = np.zeros((reviews.users, bags.shape[0]), np.float32)
    for user, slots in enumerate(reviews.corpus.served_slots.user):
        if slots.any():
            likeness[user] = (bags[slots[slots > 0]] @ bags.T).max(0).toarray().ravel()
    return likeness


def best_sentence(reviews, texts, placed):
    """The likeness [U, N+1] of the one sentence of each review that is most similar to what the user wrote."""
    a, owners, found = reviews.artefact, [], []
    for row, (text, words) in enumerate(zip(texts, placed)):
        inside = [[word[0] for word in words if start <= word[1] < end] for start, end in sentences.spans(text)]
        found += [sentence for sentence in inside if sentence]
        owners += [row] * sum(map(bool, inside))
    tokens, _ = vocabulary.encode(found, a.vocabulary, max(map(len, found)))
    is_train = np.isin(owners, a.train.review)
    parts = bag.tfidf(tokens, a.document_frequency, len(reviews.rows), ~is_train)
    rows, first = np.unique(owners, return_index=True)
    likeness = np.zeros((reviews.users, len(texts)), np.float32)
    likeness[:, rows] = np.maximum.reduceat(reviews.sparse(reviews.corpus.bags, parts), first, axis=1)
    return likeness


def _fasttext(reviews, words):
    """[V, 300] unit vectors of the words of the vocabulary by FastText (Bojanowski et al., 2017), from their parts."""
    model = FastText(sentences=[words[row] for row in reviews.rows], vector_size=300, window=5, min_count=1, sg=1,
                     negative=5, workers=1, seed=reviews.artefact.meta["options"]["seed"], epochs=5, bucket=100000)
    known = reviews.artefact.vocabulary[contract.UNKNOWN + 1:]
    return np.vstack([np.zeros((contract.UNKNOWN + 1, 300)), _unit(model.wv[list(known)])]).astype(np.float32)


def compared(folders, given, seed):
    """{description: {measure: mean, "difference": {measure: to TF-IDF}}} of the validation pairs of all folders."""
    values, users = collections.OrderedDict(), []
    for folder in folders:
        reviews = Reviews(system.data_of(folder), seed)
        if reviews.users * len(reviews.has_text) > MOST:
            raise UserError(f"{folder}: {reviews.users} users and {len(reviews.has_text) - 1} reviews are too many for "
                            "this measurement; give a corpus whose product is below 100 million")
        if given is not None and len(given) != len(reviews.has_text) - 1:
            raise UserError(f"--vectors: has {len(given)} rows for the {len(reviews.has_text) - 1} reviews of {folder}")
        rows = None if given is None else np.vstack([np.zeros_like(given[:1]), given])
        users.append(reviews.artefact.validation.user)
        for name, likeness in descriptions(reviews, rows):
            for measure, found in reviews.measured(likeness).items():
                values.setdefault(name, {}).setdefault(measure, []).append(found)
    bootstrap, figures = Bootstrap(np.concatenate(users), np.random.RandomState(seed)), collections.OrderedDict()
    joined = {name: {measure: np.concatenate(parts) for measure, parts in found.items()}
              for name, found in values.items()}
    for name, found in joined.items():
        figures[name] = dict(comparison.means(found), difference=comparison.differences(
            found, joined["TF-IDF"], bootstrap))
    return figures


def main(argv=None):
    args = parse_args(argv)
    try:
        given = None if args.vectors is None else np.load(args.vectors, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"--vectors {args.vectors}: cannot be read ({error}); give a NumPy file") from error
    if given is not None and (not isinstance(given, np.ndarray) or given.ndim != 2 or given.dtype.kind not in "fiu"
                              or not np.isfinite(given).all()):
        raise UserError(f"--vectors {args.vectors}: holds no table of finite numbers; give one row for each review")
    figures = compared(args.data, given, args.seed)
    for name, found in figures.items():
        say("{:40}".format(name) + "   ".join(
            f"{found.get(measure, np.nan):.4f} ({as_text(found['difference'][measure])})" for measure in MEASURES
            if measure in found["difference"]))
    write(args, figures)


def _unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
