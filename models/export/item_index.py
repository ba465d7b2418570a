"""An index of the items of a large catalogue: the first stage of its ranking, by inner products of few dimensions.

The evidence of an item, linear in its reviews' scores near those of a typical user (`models/ranking/slopes.py`), is an
inner product of the user with one vector of the item, of as many dimensions as keys and words have. A sample of users
decides which `d` directions are kept: those that change the evidence most, the singular vectors of users by items. A
request computes the products of all items: one of a matrix [I, d] and a vector, whatever number of reviews they have.

Shapes: `m` users, `I` items, `A` dimensions of keys, `V` words, `d` directions.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse
from tqdm import tqdm

from models.inputs.bags import have_words
from models.network.tower import LIKENESS
from models.ranking import slopes
from serving import signatures as wire

USERS, DIRECTIONS = 512, 64  # of the sample, and directions that are kept
MEASURED, TOP = 32, 100  # other users by whom the number of candidates is chosen, and first items of the recall
BLOCK = 4096  # items at a time
LEAST = 1e-4  # share of the largest singular value below which a direction is left out

TARGET = .995  # recall of the first items of the exact ranking: of other users than those measured, .99
CANDIDATES = 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000  # settings that are tried, the fewest first


class ItemIndex(NamedTuple):
    """All arrays of the index."""
    candidates: np.ndarray  # [] int32, how many items are ranked exactly for the first TOP
    keys: np.ndarray  # [A, d] directions of the user's query
    words: np.ndarray  # [V, d] directions of the words of the user's reviews
    mean_bag: np.ndarray  # [d] of the mean bag, which is subtracted from these words
    vector: np.ndarray  # [I, d]
    value: np.ndarray  # [I] evidence without praise, less its centre, where the user's coordinates are 0


class Choice(NamedTuple):
    """How many items a request ranks exactly."""
    candidates: int
    recall: float  # of the users that it was chosen by, who are not those of the directions


class Users(NamedTuple):
    """What the personal scores of reviews depend on, of some users: e^theta q . key + scale (bag . t - w t_any . t)."""
    queries: np.ndarray  # [m, A] q, of length 1
    bags: sparse.csr_matrix  # [m, V] mean bags of their reviews, divided as in `Corpus.personal_likeness`
    mean_bag: np.ndarray  # [m] w
    temperature: float  # e^theta
    scale: float  # kappa / LIKENESS; 0 without the lexical skip


class _Parts(NamedTuple):
    """Vectors of items, whose inner products with those of a user are the personal part of the evidence."""
    key: np.ndarray  # [I, A]
    bag: sparse.csr_matrix  # [I, V]
    mean_bag: np.ndarray  # [I]

    def products(self, users, block):
        """Returns the personal part [m, b] of the items in a slice, less its mean over the users."""
        values = users.queries @ self.key[block].T
        values += (self.bag[block] @ users.bags.T).toarray().T - np.outer(users.mean_bag, self.mean_bag[block])
        return values - values.mean(0)


def users_of(corpus, queries, rows, temperature, kappa):
    """Returns the Users in rows [m].

    Args:
      corpus: Corpus.
      queries: [U, A] unit queries of all users.
      temperature, kappa: e^theta and kappa of the network.
    """
    wrote, length = corpus.wrote(rows), corpus.query_length(corpus.wrote(rows))
    return Users(queries[rows], (sparse.diags(1 / length) @ wrote).tocsr().astype(np.float32),
                 have_words(wrote) / length, float(temperature), corpus.config.lexical_skip * float(kappa) / LIKENESS)


def of_run(run, catalogue, order):
    """Returns (ItemIndex of a run, as arrays, other users [m] int32 by whom the candidates are to be chosen).

    Args:
      run: trained.Trained.
      catalogue, order: as in `build`.
    """
    random, tower, corpus = np.random.RandomState(run.config.seed), run.predictor.network.item, run.corpus
    temperature, kappa = run.predictor.session.run((tower.temperature, tower.lexical_scale))
    rows, measured = samples(len(run.artefact.user_reviews), random)
    users = users_of(corpus, catalogue.users.queries, rows, np.exp(temperature), kappa)
    return build(catalogue, order, corpus.bags[catalogue.items.review], users), measured


def samples(users, random):
    """Returns (rows [USERS] of users for the directions, rising; rows [MEASURED] of other users for the recall).

    Of fewer users than both need, at most a half is for the recall; both samples have one user at least, which is the
    same one only where there is no other.

    Args:
      users: `U`.
      random: RandomState.
    """
    drawn = random.permutation(users).astype(np.int32)
    measured = max(1, min(MEASURED, users // 2))
    return np.sort(drawn[:max(1, min(USERS, users - measured))]), drawn[-measured:]


def build(catalogue, order, bags, users):
    """Returns the ItemIndex, as arrays, by which all items are still ranked exactly.

    Args:
      catalogue: served_catalogue.Catalogue of arrays, whose table is [n, A].
      order: served_order.ServedOrder of arrays.
      bags: TF-IDF bags [n, V] of the items' reviews in the order of their positions, CSR.
      users: Users of a sample.
    """
    items, c = len(order.popularity), catalogue
    means = users.queries.mean(0), np.asarray(users.bags.mean(0), np.float32).ravel(), users.mean_bag.mean()
    typical = users.temperature * (c.table @ means[0]) + users.scale * (
        bags @ means[1] - means[2] * c.mean_bag_likeness)
    near = slopes.at(typical, c.owner, items, order, order.given)
    of_item = sparse.csr_matrix((near.slope, (c.owner, np.arange(len(c.owner)))), (items, len(c.owner)))
    parts = _Parts(users.temperature * (of_item @ c.table), (users.scale * (of_item @ bags)).tocsr(),
                   users.scale * (of_item @ c.mean_bag_likeness))
    vector, spread = _directions(parts, users)
    keys, words, mean_bag = ((part.T @ vector / spread).astype(np.float32) for part in parts)
    vector *= spread
    value = near.value - order.centre - vector @ (means[0] @ keys + means[1] @ words - means[2] * mean_bag)
    return ItemIndex(np.int32(items), keys, words, mean_bag, vector, value.astype(np.float32))


def _directions(parts, users):
    """Returns (orthonormal directions [I, d] of the personal part, spread [d] of the users in each)."""
    items, count = len(parts.key), len(users.queries)
    blocks = [slice(start, start + BLOCK) for start in range(0, items, BLOCK)]
    gram = np.zeros((count, count))
    for block in blocks:
        values = parts.products(users, block)
        gram += values @ values.T
    square, of_user = np.linalg.eigh(gram)
    square, of_user = square[::-1][:DIRECTIONS], of_user[:, ::-1][:, :DIRECTIONS]
    length = np.sqrt(np.maximum(square, 0))
    kept = max(1, int((length > LEAST * length[0]).sum()))
    length = np.maximum(length[:kept], 1e-12)
    projection = (of_user[:, :kept] / length).astype(np.float32)
    vector = np.concatenate([parts.products(users, block).T @ projection for block in blocks])
    return vector.astype(np.float32), (length / np.sqrt(count)).astype(np.float32)


def choose(session, index, inputs, outputs, users):
    """Loads the number of candidates into the variable of an index. Returns the Choice.

    Args:
      session: of TensorFlow, in which the whole export is loaded.
      index: ItemIndex of variables.
      inputs, outputs: of the signature `rank`.
      users: [m] int32 whose exact rankings are compared, none of those of the directions.
    """
    items = index.value.shape.as_list()[0]
    top = min(TOP, items)

    def ranked(candidates):
        index.candidates.load(candidates, session)
        return [session.run(outputs[wire.ITEM], {inputs[wire.USER]: [user], inputs[wire.TOP_K]: top})[0]
                for user in tqdm(users, desc="recall", unit="user", leave=False, disable=None)]

    exact = ranked(items)
    choice = chosen(lambda candidates: float(np.mean([
        np.isin(*lists).mean() for lists in zip(exact, ranked(candidates))])), items, top)
    index.candidates.load(choice.candidates, session)
    return choice


def chosen(recall_of, items, top, target=TARGET):
    """Returns the Choice with the fewest candidates that reach a recall, among CANDIDATES and all items.

    Args:
      recall_of: function (candidates) -> Recall@top.
      items: `I`.
      top: number of items of which the recall is measured.
      target: the least recall.
    """
    for candidates in [most for most in CANDIDATES if top <= most < items] + [items]:
        recall = recall_of(candidates)
        if recall >= target:
            break
    return Choice(candidates, recall)
