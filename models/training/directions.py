"""Where the attention starts: the directions of the topics in which each owner's reviews agree and owners differ.

A user writes about the same things in review after review; other words of a review depend on the item and on chance.
Fisher's discriminant analysis of the training reviews, with their owners as classes, tells one from the other in closed
form. The key of a review starts as its topics in these directions, so that training begins with an attention that
finds a user's reviews among others, where the topics alone (`identity`) weigh all that varies.

The scatter of the topics `z` between and within owners, with `n_o` reviews `z_l` of owner `o` and their mean `m_o`:

    S_w = sum_o sum_l (z_l - m_o)(z_l - m_o)' / (N - O)
    S_b = (sum_o n_o m_o m_o' / (O - 1) - S_w) / mean n_o
    S_b v = lambda (S_w + shrinkage tr(S_w) / min(D, 300) I) v,    key = [lambda_a^1/4 v_a' z]_a

Fisher, "The use of multiple measurements in taxonomic problems", 1936; the estimate of S_b as in an analysis of
variance with random effects; lambda as in probabilistic linear discriminant analysis (Ioffe, ECCV 2006), with another
exponent than its 1/2; shrinkage as in Friedman, "Regularized discriminant analysis", 1989. Exponent and shrinkage were
chosen by the retrieval of own reviews on validation data of three corpora of Amazon reviews. The divisor is bounded,
because further topics add little to the trace: with their number in its place more topics would be shrunk less.
"""
import numpy as np
from scipy import linalg

from preprocessing import artefact as contract
from runtime import cli, scratch

SHRINKAGE = 1.  # of the within-owner scatter towards a multiple of the unit matrix
CHIEF = 300  # the trace is divided by this number of topics at most, since further topics vary little
EXPONENT = .25  # of lambda
CHUNK, OWNERS = 4096, 2 ** 16  # reviews, and owners, at a time


def start_keys(network, corpus, session):
    """Loads the directions into the keys of both towers, unless the network has no bag or another start.

    The query of the item tower is a user, that of the user tower an item: these are the owners. Where nothing tells
    them apart, the keys start as the topics, which is logged.
    """
    if not network.config.attention_bag or network.config.bag_start == "identity":
        return
    for tower, owner in ((network.item, "user"), (network.user, "item")):
        start = of_corpus(corpus, owner, network.config.attention_dim)
        if start is None:
            cli.log.info("no two reviews of one %s, or no two %ss: its keys start as the topics", owner, owner)
        else:
            tower.key_bag.load(start, session)


def of_corpus(corpus, side, dim):
    """Returns the directions [D, A] of the training reviews of a Corpus, float32; None where they tell nothing.

    Args:
      corpus: Corpus.
      side: "user" or "item": whose reviews agree.
      dim: `A`; of more than D directions the last are 0.
    """
    a, rows = corpus.artefact, contract.training_rows(corpus.artefact)
    owner, table = (a.review_user, a.user_reviews) if side == "user" else (a.review_item, a.item_reviews)
    rows = rows[a.review_length[rows] > 0]
    rows = rows[np.argsort(owner[rows], kind="stable")]  # a file of large sums is then written from front to back
    chunks = (rows[start:start + CHUNK] for start in range(0, len(rows), CHUNK))
    return directions(((corpus.topics(chunk), owner[chunk]) for chunk in chunks), len(table), dim)


def directions(chunks, owners, dim):
    """Returns the directions [D, A], scaled so that keys are as long as topics in the mean of squares; None, see above.

    Args:
      chunks: yields (topics [n, D], their owners [n] int).
      owners: number of owners.
      dim: `A`.
    """
    count, sums, total = np.zeros(owners), None, 0.
    for topics, owner in chunks:
        topics = topics.astype(np.float64)
        sums = scratch.zeros((owners, topics.shape[1]), np.float64) if sums is None else sums
        np.add.at(sums, owner, topics)
        count += np.bincount(owner, minlength=owners)
        total = total + topics.T @ topics  # [D, D]
    reviews, groups = int(count.sum()), int((count > 0).sum())
    if groups < 2 or reviews <= groups:
        return None
    by_owner, mean = _by_owner(sums, count), sums.sum(0) / reviews  # [D, D], [D]
    within = (total - by_owner) / (reviews - groups)
    between = ((by_owner - reviews * np.outer(mean, mean)) / (groups - 1) - within) / (reviews / groups)
    ridge = SHRINKAGE * np.trace(within) / min(len(within), CHIEF)
    if not ridge > 0:
        return None
    share, vectors = linalg.eigh(between, within + ridge * np.eye(len(within)))  # rising
    keys = (vectors * np.maximum(share, 0) ** EXPONENT)[:, ::-1][:, :dim]
    power = np.einsum("da,de,ea->", keys, total, keys)
    if not power > 0:
        return None
    keys *= np.sqrt(np.trace(total) / power)
    return np.pad(keys, [(0, 0), (0, dim - keys.shape[1])], "constant").astype(np.float32)


def _by_owner(sums, count):
    """Returns sum_o n_o m_o m_o' [D, D] of the sums n_o m_o [O, D] of the owners' reviews and their numbers n_o [O]."""
    total = 0.
    for start in range(0, len(count), OWNERS):
        some = count[start:start + OWNERS] > 0
        of_owners, number = sums[start:start + OWNERS][some], count[start:start + OWNERS][some]
        total = total + (of_owners / number[:, np.newaxis]).T @ of_owners
    return total
