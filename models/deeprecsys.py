"""The attention network: it predicts a rating, and on the way the shopper scores each review of the item.

Legend of every shape: `B` batch, `R` reviews of one side, `M` distinct reviews of the batch, `L` words,
`E` word dim, `F` filters, `W` window, `D` topics, `A` attention dim, `K` latent dim, `U` users, `I` items.

Two towers of one shape, one function called twice:

    text encoder      O_l = max_t ReLU(conv(words_l))                                   [M, F]
    review attention  the *other* side asks, each review answers:
                      s_l = e^t cos(W_O o_l + b_s, q) + kappa t_l . unit(mean_u t - t_any) / 0.05   [B, R]
                      o_l = [O_l ; H^T (t_l - t_any)],  q = b_q + W_U drop(U_embed) + mean_u W_O o
                      t the TF-IDF bag, t_any its mean over all reviews, mean_u over what the asker wrote
                      or as drawn:  s_l = w_s . ReLU((W_O O_l) * q + b) + b_s,  q = W_U U_embed
                      a = softmax_l(e^p ((1 - beta) s + beta c)), c_l usefulness to anybody
    pool              p = W_p dropout(sum_l a_l O_l) + b_p + id latent                  [B, K]

    rating  =  offset + w . dropout(ReLU(p_u * q_i)) + sum_l votes_l
    votes_l =  g (a_l - 1/n) residual_l / (1 + k sum_l a_l^2)

NARRE (Chen et al., "Neural attentional rating regression with review-level explanations", WWW 2018,
equations 5 to 13) is the ancestor; there the review's *author* asks.
"""
from typing import NamedTuple

from models.network import layers
from models.network.tower import LIKENESS, Tower, constant, weights
from runtime.tf1 import tf


class Side(NamedTuple):
    """What one tower reads. `other` is the side that asks."""
    id: tf.Tensor  # [B] int32
    other_id: tf.Tensor  # [B] int32
    tokens: tf.Tensor  # [M, L] int32 distinct reviews of this tower; row 0 is the empty review
    topics: tf.Tensor  # [M, D] float32, H^T (t - t_any): LSI of their bags, less what anybody writes
    slots: tf.Tensor  # [B, R] int32 rows of `tokens`: reviews of this side, 0 = empty slot
    other_slots: tf.Tensor  # [B, R'] int32 rows of `tokens`: reviews of the side that asks
    counterparts: tf.Tensor  # [B, R] int32 the other id of each review (of an item's review, its author)


class Inputs(NamedTuple):
    """One batch of pairs. The own review of a pair is in none of it."""
    user: Side
    item: Side
    offset: tf.Tensor  # [B] float32, stars known before any review is read
    residuals: tf.Tensor  # [B, R] float32, stars of each item review beyond what its author and item give
    lexical: tf.Tensor  # [B, R] float32, TF-IDF likeness to the shopper's reviews, less that to anybody's
    typicality: tf.Tensor  # [B, R] float32, TF-IDF likeness to the item's other reviews
    log_words: tf.Tensor  # [B, R] float32, ln(1 + distinct words)


class Outputs(NamedTuple):
    rating: tf.Tensor  # [B] stars, not clipped
    user_weights: tf.Tensor  # [B, R'] attention over the user's reviews
    item_weights: tf.Tensor  # [B, R] attention over the item's reviews: what the page shows
    personal: tf.Tensor  # [B, R] s, like what this shopper cares about
    useful: tf.Tensor  # [B, R] c, useful to anybody
    votes: tf.Tensor  # [B, R] stars that each item review adds to the rating
    query: tf.Tensor  # [B, A] of the user, asking the item's reviews


class Sizes(NamedTuple):
    """What the artefact tells the network."""
    users: int
    items: int
    words: int
    word_dim: int
    topics: int


FACTORS = 8  # of a factorisation machine


class DeepRecSys:
    """The network. Building one makes its variables; calling it on `Inputs` makes its `Outputs`."""

    def __init__(self, config, sizes):
        """
        Args:
          config: ModelConfig, checked.
          sizes: Sizes.
        """
        self.config = config
        self.user = Tower("user", config, sizes)
        self.item = Tower("item", config, sizes)
        with tf.variable_scope("rating"):
            both = 2 if config.interaction == "fm" else 1
            self.weight = weights("weight", [both * config.latent_dim, 1])  # w
            if config.interaction == "fm":
                self.factors = weights("factors", [both * config.latent_dim, FACTORS], .1)  # V
            self.vote_gain = constant("vote_gain", [], .1)  # g
            self.vote_shrink = constant("vote_shrink", [], 2., trainable=False)  # k
        with tf.variable_scope("shown"):
            self.typicality_scale = constant("typicality_scale", [], 1.)  # w_1
            self.length_scale = constant("length_scale", [], 0.)  # w_2
            self.mix = constant("mix", [], 0., trainable=False)  # beta
            self.sharpness = constant("sharpness", [], 0., trainable=False)  # p

    def __call__(self, inputs, noise=None):
        """Inputs -> (Outputs, the item tower's Read). `noise` (layers.Noise) in training only."""
        user = self.user.read(inputs.user.tokens, inputs.user.topics, noise)
        with tf.control_dependencies([user.texts]):  # in turn: what a tower needs while it reads is not needed twice
            item = self.item.read(inputs.item.tokens, inputs.item.topics, noise)
        return self.rate(inputs, user, item, noise), item

    def rate(self, inputs, user_read, item_read, noise=None):
        """The network behind the text encoders: Inputs and either tower's Read -> Outputs."""
        user_scores, _ = self.ask(self.user, inputs.user, user_read, noise)
        personal, query = self.ask(self.item, inputs.item, item_read, noise)
        if self.config.lexical_skip:
            personal += self.item.lexical_part(inputs.lexical)
        useful = self.usefulness(inputs.typicality, inputs.log_words)
        user_mask, item_mask = self.real(inputs.user.slots), self.real(inputs.item.slots)
        user_weights = layers.masked_softmax(user_scores, user_mask)
        item_weights = layers.masked_softmax(self.shown(personal, useful), item_mask)
        latents = []
        for tower, side, texts, attention in ((self.user, inputs.user, user_read.texts, user_weights),
                                              (self.item, inputs.item, item_read.texts, item_weights)):
            pooled = tower.pool(attention, tf.gather(texts, side.slots))  # [B, F]
            pooled = layers.dropout(pooled, self.config.dropout_keep_prob, noise)
            latents.append(tower.represent(pooled, side.id))  # [B, K]
        votes = self.votes(item_weights, inputs.residuals, item_mask)
        rating = self.base(inputs.offset, inputs.user.id, inputs.item.id, *latents, noise=noise)
        return Outputs(rating + tf.reduce_sum(votes, -1), user_weights, item_weights, personal, useful,
                       votes, query)

    def ask(self, tower, side, read, noise=None):
        """Review attention of one side: (s [B, R] without its lexical part, q [B, A])."""
        answers = tf.gather(read.answers, side.slots)  # [B, R, A]
        if self.config.attention_query == "author":
            query = tower.query(side.counterparts, 0., noise)  # [B, R, A]
            return tower.score(answers, query), query[:, 0]
        wrote = layers.masked_mean(tf.gather(read.answers, side.other_slots), side.other_slots > 0)  # [B, A]
        query = tower.query(side.other_id, wrote, noise)  # [B, A]
        return tower.score(answers, query[:, tf.newaxis]), query

    def real(self, slots):
        """Which slots [B, R] attention may weigh."""
        return slots > 0 if self.config.mask_padding else slots >= 0

    def usefulness(self, typicality, log_words):
        """c_l = w_1 typicality_l / 0.05 + w_2 (ln(1 + distinct words) - 3.5): the same for every shopper."""
        return self.typicality_scale * typicality / LIKENESS + self.length_scale * (log_words - 3.5)

    def shown(self, personal, useful):
        """The logits of the one weight that both the rating and the page use: [..]."""
        if self.config.usefulness:
            personal = (1 - self.mix) * personal + self.mix * useful
        return tf.exp(self.sharpness) * personal

    def votes(self, weights, residuals, mask):
        """Stars that each review adds: [.., R]. Uniform attention votes zero."""
        if not self.config.review_votes:
            return tf.zeros_like(weights)
        real = tf.cast(mask, tf.float32)
        count = tf.maximum(tf.reduce_sum(real, -1, keepdims=True), 1.)
        shrink = 1 + self.vote_shrink * tf.reduce_sum(weights ** 2, -1, keepdims=True)
        return self.vote_gain * (weights - real / count) * residuals / shrink

    def base(self, offset, user, item, user_latent, item_latent, noise=None):
        """The rating without votes: offsets and latents [.., K] -> [..] stars."""
        rating = offset + self.product(user_latent, item_latent, noise)
        if self.config.offsets == "learned":
            rating += tf.gather(self.user.offset, user) + tf.gather(self.item.offset, item)
        return rating

    def product(self, user_latent, item_latent, noise=None):
        """Stars of latents [.., K]: w . ReLU(p_u * q_i), or a factorisation machine of both [..]."""
        machine = self.config.interaction == "fm"
        joined = tf.concat([user_latent, item_latent], -1) if machine else user_latent * item_latent
        joined = layers.dropout(tf.nn.relu(joined), self.config.dropout_keep_prob, noise)
        stars = tf.squeeze(layers.dense(joined, self.weight), -1)
        if machine:  # sum_{i<j} <v_i, v_j> z_i z_j (Rendle, 2010, equation 5, by lemma 3.1)
            squares = layers.dense(joined ** 2, self.factors ** 2)
            stars += tf.reduce_sum(layers.dense(joined, self.factors) ** 2 - squares, -1) / 2
        return stars
