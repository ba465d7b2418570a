"""The signatures of a Servable: placeholders, allowed ranges, and outputs.

`serving.signatures` holds their names and meanings. The graph itself refuses values out of range, with the name of the
input and its range, because a gather on a GPU would return zeros for an id out of range.
"""
from typing import NamedTuple

from models.export import ranking
from models.export import shopper as shoppers
from runtime.tf1 import tf
from serving import signatures as wire

MOST_STARS = 5.


def build(servable, evidence_alone):
    """Returns {name: (inputs, outputs)} of all signatures, built in the current graph.

    Args:
      servable: Servable.
      evidence_alone: whether items can be ordered by the evidence of their reviews alone.
    """
    built = {wire.SERVING_DEFAULT: _serving_default(servable),
             wire.RANK: _rank(servable), wire.RANK_UNBOUGHT: _rank(servable, unbought=True),
             wire.RANK_EXCLUDING: _rank_excluding(servable),
             wire.EXPLAIN: _explain(servable),
             wire.FOLD_IN: _fold_in(servable), wire.FOLD_IN_EXPLAIN: _fold_in_explain(servable)}
    if evidence_alone:
        built[wire.RANK_EVIDENCE] = _rank_excluding(servable, evidence_alone=True)
        built[wire.FOLD_IN_EVIDENCE] = _fold_in(servable, evidence_alone=True)
    return built


def _serving_default(servable):
    inputs = {wire.TEXTS_USER: _ints(None, None, None), wire.TEXTS_ITEM: _ints(None, None, None),
              wire.USER: _ints(None, 1), wire.ITEM: _ints(None, 1),
              wire.RESIDUALS_ITEM: tf.placeholder(tf.float32, [None, None])}
    sizes, allowed = servable.sizes, dict(inputs)
    for name, count in ((wire.TEXTS_USER, sizes.words), (wire.TEXTS_ITEM, sizes.words),
                        (wire.USER, sizes.users), (wire.ITEM, sizes.items)):
        allowed[name] = _within(name, inputs[name], 0, count - 1)
    outputs = servable.serving_default(
        allowed[wire.TEXTS_USER], allowed[wire.TEXTS_ITEM], allowed[wire.USER][:, 0], allowed[wire.ITEM][:, 0],
        allowed[wire.RESIDUALS_ITEM])
    return inputs, {wire.RATING: outputs.rating[:, tf.newaxis], wire.USER_REVIEW_WEIGHTS: outputs.user_weights,
                    wire.ITEM_REVIEW_WEIGHTS: outputs.item_weights}


def _rank(servable, unbought=False):
    inputs = {wire.USER: _ints(None), wire.TOP_K: _ints()}
    return inputs, _ranked(servable.rank(_known_users(servable, inputs), _top(servable, inputs), unbought))


def _rank_excluding(servable, evidence_alone=False):
    inputs = {wire.USER: _ints(None), wire.TOP_K: _ints(), wire.EXCLUDED: _ints(None, None),
              wire.UNBOUGHT: tf.placeholder(tf.bool, [])}
    user = _known_users(servable, inputs)
    without = _within(wire.EXCLUDED, inputs[wire.EXCLUDED], -1, servable.sizes.items - 1)
    without = _if(tf.equal(tf.shape(without)[0], tf.size(user)),
                  f"{wire.EXCLUDED} must have one row for each {wire.USER}; given:", [tf.shape(without)], without)
    return inputs, _ranked(servable.rank(user, _top(servable, inputs), inputs[wire.UNBOUGHT], without, evidence_alone))


def _ranked(best):
    """The outputs of the signatures that rank, of ranking.Best [B, k]."""
    return {wire.ITEM: best.item, wire.RATING: best.rating, wire.SCORE: best.score}


def _explain(servable):
    inputs = {wire.USER: _ints(None), wire.ITEM: _ints(None)}
    user, item = inputs[wire.USER], inputs[wire.ITEM]
    same_length = tf.equal(tf.size(user), tf.size(item))
    user = _if(same_length, f"{wire.USER} and {wire.ITEM} must have the same length; given:",
               [tf.size(user), tf.size(item)], _within(wire.USER, user, 0, servable.sizes.users - 1))
    user, row = tf.unique(user)  # a web page requests many items for one user
    known = shoppers.known(servable.network, servable.catalogue, user)
    return inputs, _explained(servable, known.shopper, row, tf.gather(known.reviews, row), item,
                              lambda position: servable.bought(user[position]))


def _fold_in(servable, evidence_alone=False):
    inputs = _new_user_inputs()
    inputs[wire.TOP_K] = _ints()
    user = _new_user(servable, inputs)
    best = servable.rank_new(user.shopper, user.rated, _top(servable, inputs), evidence_alone)
    return inputs, _ranked(ranking.Best(*(part[tf.newaxis] for part in best)))


def _fold_in_explain(servable):
    inputs = _new_user_inputs()
    inputs[wire.ITEM] = _ints(None)
    user = _new_user(servable, inputs)
    count = tf.size(inputs[wire.ITEM])
    bought = servable.bought_new(user.rated)
    return inputs, _explained(servable, user.shopper, tf.zeros([count], tf.int32), tf.tile(user.texts, [count, 1]),
                              inputs[wire.ITEM], lambda position: bought)


def _explained(servable, shopper, row, user_reviews, item, bought_of):
    """Returns the outputs of `Servable.explain` and `Servable.parts` by name, with the users' reviews [B, R']."""
    item = _within(wire.ITEM, item, 0, servable.sizes.items - 1)
    explained = servable.explain(shopper, row, item)
    real = tf.cast(explained.item_reviews > 0, tf.float32)
    outputs = {
        wire.RATING: explained.rating, wire.ITEM_REVIEWS: explained.item_reviews,
        wire.ITEM_WEIGHTS: explained.item_weights, wire.ITEM_PERSONAL: explained.personal_part * real,
        wire.ITEM_USEFUL: explained.useful_part * real, wire.ITEM_VOTES: explained.votes,
        wire.USER_REVIEWS: user_reviews,
        wire.USER_WEIGHTS: explained.user_weights[:, :tf.shape(user_reviews)[1]]}
    if servable.order is not None:
        parts = servable.parts(explained, shopper, bought_of, row, item)
        outputs.update({
            wire.SCORE: parts.base + parts.evidence + parts.purchases + parts.popularity,
            wire.SCORE_BASE: parts.base, wire.SCORE_EVIDENCE: parts.evidence,
            wire.SCORE_PURCHASES: parts.purchases, wire.SCORE_POPULARITY: parts.popularity,
            wire.ITEM_SHARES: parts.shares, wire.BOUGHT_ITEMS: parts.bought, wire.BOUGHT_PARTS: parts.bought_parts})
    return outputs


def _new_user_inputs():
    return {wire.TEXTS: _ints(1, None, None), wire.RATED_ITEMS: _ints(1, None),
            wire.STARS: tf.placeholder(tf.float32, [1, None])}


class _NewUser(NamedTuple):
    """A new user, checked."""
    shopper: shoppers.Shopper  # [1]
    texts: tf.Tensor  # [1, R'] numbers of the texts
    rated: tf.Tensor  # [R'] items rated, -1 where not given


def _new_user(servable, inputs):
    """Returns the _NewUser of the inputs of a request."""
    texts, rated, stars = (inputs[name] for name in (wire.TEXTS, wire.RATED_ITEMS, wire.STARS))
    shapes = [tf.shape(texts)[:2], tf.shape(rated), tf.shape(stars)]
    same_count = tf.reduce_all([tf.reduce_all(tf.equal([1, shapes[0][1]], shape)) for shape in shapes])
    texts = _if(shapes[0][1] <= wire.MOST_TEXTS, f"{wire.TEXTS} must hold at most {wire.MOST_TEXTS} texts of the new "
                "user, whose shape [1,R,L] has R; send fewer. Given, without L:", [shapes[0]], texts)
    texts = _if(same_count, f"{wire.TEXTS}, {wire.RATED_ITEMS} and {wire.STARS} must have shapes [1,R,L], [1,R] and "
                "[1,R] with the same R; given, without L:", shapes, texts)
    texts = _within(wire.TEXTS, texts, 0, servable.sizes.words - 1)
    rated = _within(wire.RATED_ITEMS, rated, -1, servable.sizes.items - 1)
    stars = _within(wire.STARS, stars, 0., MOST_STARS)
    new = shoppers.new(servable.network, servable.catalogue, texts, rated, stars, servable.shape)
    return _NewUser(new.shopper, new.reviews, rated[0])


def _known_users(servable, inputs):
    user = inputs[wire.USER]
    checked = _if(tf.size(user) > 0, f"{wire.USER} must hold one id or more; given:", [tf.shape(user)], user)
    return _within(wire.USER, checked, 0, servable.sizes.users - 1)


def _top(servable, inputs):
    return _within(wire.TOP_K, inputs[wire.TOP_K], 1, servable.sizes.items)


def _within(name, values, least, most):
    """Returns the values; the graph raises InvalidArgument where one is not between two bounds."""
    fits = tf.reduce_all((values >= least) & (values <= most))
    return _if(fits, f"{name} must be from {least:g} to {most:g}; given:", [values], values)


def _if(condition, message, given, values):
    """Returns the values; the graph raises InvalidArgument with the message unless the condition is true."""
    with tf.control_dependencies([tf.Assert(condition, [message] + given, summarize=8)]):
        return tf.identity(values)


def _ints(*shape):
    return tf.placeholder(tf.int32, shape)
