"""The attention network: it predicts the rating of a user and an item, and weighs each review of the item for the user.

Legend of every shape: `B` batch, `R` reviews of one side, `M` distinct reviews of the batch, `L` words, `V` vocabulary,
`E` word dim, `F` filters, `W` window, `D` topics, `A` attention dim, `K` latent dim, `U` users, `I` items.

The network has two towers of one shape, `user` and `item`, each with variables of its own. The item tower weighs the
reviews of the item, with the user as query; the user tower weighs the reviews of the user, with the item as query. Each
tower encodes the reviews of its own side and, to form the query, those of the other side, with the same variables. So
the item tower encodes the reviews of the item and the user's own reviews.

Symbols of the item tower:

    l             numbers the reviews of the item, n is their number
    j             positions of the words of a review
    t_l           TF-IDF bag of review l [V]; t_any: its mean over all training reviews
    mean_u        mean over the reviews of the user
    H             topics of words [V, D]
    W_O, b        key projection [F+D, A] and bias of the keys [A]
    W_U, b_q      projection [K, A] of U_embed [K], the trained vector of the user's id, and bias of the query [A]
    theta, kappa  logarithm of the scale of the cosine, and weight of the TF-IDF similarity
    w_s, w_0      weights of the personal score and of the TF-IDF similarity in x, the personal side
    m, T          limit of the personal side and its softness (method `personal_part`)
    c_l           usefulness of review l to all users (method `usefulness`); beta: its share
    rho           logarithm of the sharpness of the weights
    W_p, b_p      projection of the pooled text [F, K], and its bias [K]
    offset        mu + b_u + b_i, stars that are known without reading a review: the mean, and offsets of user and item
    residual_l    stars of review l minus mu, b_author (the offset of its author) and b_i
    w             weights of the product of the latents [K]
    g, k          gain and shrinkage of the votes

The stages of the item tower:

    text encoder    O_l = max_j ReLU(conv(words_l))_j                                       [M, F]
    key             W_O o_l + b,  o_l = [O_l ; H^T (t_l - t_any)]                           [B, R, A]
    query           q   = b_q + W_U drop(U_embed) + mean_u W_O o                            [B, A]
    personal score  s_l = e^theta cos(W_O o_l + b, q) + kappa t_l . unit(mean_u t - t_any) / 0.05   [B, R]
    weights         x_l = w_s s_l + w_0 t_l . unit(mean_u t - t_any) / 0.05                 [B, R]
                    a   = softmax_l(e^rho ((1 - beta) softmin(x_l, m) + beta c_l))          [B, R]
    latent          p_i = W_p dropout(sum_l a_l O_l) + b_p + latent of the item's id        [B, K]

The user tower is the same with user and item exchanged, without the part with kappa and without usefulness: its weights
are `softmax_l(s_l)`, and its latent is p_u. In training `drop` removes the whole id part at random, and the parts of
`o_l` have dropout. The rating adds the votes of the item's reviews:

    rating  = offset + w . dropout(ReLU(p_u * p_i)) + sum_l votes_l                         [B]
    votes_l = g (a_l - 1/n) residual_l / (1 + k sum_l a_l^2)                                [B, R]

Other presets: as drawn, `s_l = h . ReLU((W_O O_l) * q + b) + b_h` with `q = W_U U_embed` and a = softmax_l(s_l). In
NARRE, from which the network descends (Chen et al., "Neural attentional rating regression with review-level
explanations", WWW 2018, equations 5 to 13), `s_l = h . ReLU(W_O O_l + q + b) + b_h`, and U_embed in q is that of the
author of review l.
"""
from typing import NamedTuple

from models.network import layers
from models.network.tower import LIKENESS, Tower, constant, weights
from runtime.tf1 import tf


class Side(NamedTuple):
    """Inputs of one tower. `other` is the side that gives the query."""
    id: tf.Tensor  # [B] int32
    other_id: tf.Tensor  # [B] int32
    tokens: tf.Tensor  # [M, L] int32 distinct reviews of this tower; row 0 is the empty review
    topics: tf.Tensor  # [M, D] float32, H^T (t - t_any): LSI topics of the bags, without those of the mean bag
    slots: tf.Tensor  # [B, R] int32 rows of `tokens`: reviews of this side, 0 = empty slot
    other_slots: tf.Tensor  # [B, R'] int32 rows of `tokens`: reviews of the other side
    counterparts: tf.Tensor  # [B, R] int32 the other id of each review (for a review of an item, its author)


class Inputs(NamedTuple):
    """One batch of pairs. The own review of a pair is in none of these inputs."""
    user: Side
    item: Side
    offset: tf.Tensor  # [B] float32, stars that are known without reading a review
    residuals: tf.Tensor  # [B, R] float32, stars of each item review minus mu, the author's and the item's offset
    lexical: tf.Tensor  # [B, R] float32, TF-IDF similarity of item reviews to the user's reviews, minus the mean bag
    typicality: tf.Tensor  # [B, R] float32, TF-IDF similarity to the item's other reviews
    log_words: tf.Tensor  # [B, R] float32, ln(1 + distinct words)
    expected: tf.Tensor  # [B, R] float32, TF-IDF similarity to the item's expected words


class Outputs(NamedTuple):
    """What the network computes for one batch of pairs."""
    rating: tf.Tensor  # [B] stars, not clipped
    user_weights: tf.Tensor  # [B, R'] attention over the user's reviews
    item_weights: tf.Tensor  # [B, R] attention over the item's reviews, which the web page shows
    personal: tf.Tensor  # [B, R] s, the personal score of each item review
    useful: tf.Tensor  # [B, R] c, the usefulness of each item review to all users
    votes: tf.Tensor  # [B, R] stars that each item review adds to the rating
    query: tf.Tensor  # [B, A] of the user, for the item's reviews


class Attention(NamedTuple):
    """Personal scores of one side, and their query."""
    scores: tf.Tensor  # [B, R] s without its lexical part
    query: tf.Tensor  # [B, A] q; with the author as query, that of the author of the first slot


class Sizes(NamedTuple):
    """Sizes of the network that the artefact decides."""
    users: int
    items: int
    words: int
    word_dim: int
    topics: int


FACTORS = 8  # of the factorisation machine


class DeepRecSys:
    """The network. The constructor makes its variables; a call on `Inputs` returns its `Outputs`."""

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
            latents = 2 if config.factorisation_machine else 1
            self.weight = weights("weight", [latents * config.latent_dim, 1])  # w
            if config.factorisation_machine:
                self.factors = weights("factors", [latents * config.latent_dim, FACTORS], .1)  # V
            if config.ranking_loss > 0:
                self.evidence_gain = constant("evidence_gain", [], 1.)  # gamma of losses.ranking_loss
            self.vote_gain = constant("vote_gain", [], .1)  # g
            self.vote_shrink = constant("vote_shrink", [], 2., trainable=False)  # k
        with tf.variable_scope("shown"):
            self.personal_scale = constant("personal_scale", [], 1., trainable=False)  # w_s
            self.words_scale = constant("words_scale", [], 0., trainable=False)  # w_0
            self.typicality_scale = constant("typicality_scale", [], 1., trainable=False)  # w_1
            self.length_scale = constant("length_scale", [], 0., trainable=False)  # w_2
            self.expected_scale = constant("expected_scale", [], 0., trainable=False)  # w_3
            self.enough = constant("enough", [], layers.ENOUGH, trainable=False)  # m
            self.softness = constant("softness", [], 1., trainable=False)  # T
            self.mix = constant("mix", [], 0., trainable=False)  # beta
            self.sharpness = constant("sharpness", [], 0., trainable=False)  # rho

    def __call__(self, inputs, noise=None):
        """Returns (Outputs, EncodedReviews of the item tower) of Inputs. `noise` (layers.Noise) in training only."""
        user = self.user.encode_reviews(inputs.user.tokens, inputs.user.topics, noise)
        with tf.control_dependencies([user.texts]):  # one tower after the other, so that both need memory in turn
            item = self.item.encode_reviews(inputs.item.tokens, inputs.item.topics, noise)
        return self.rate(inputs, user, item, noise), item

    def rate(self, inputs, user_reviews, item_reviews, noise=None):
        """Returns the Outputs of Inputs and the EncodedReviews of both towers: all that follows the text encoders."""
        user_scores = self.attend(self.user, inputs.user, user_reviews, noise).scores
        personal, query = self.attend(self.item, inputs.item, item_reviews, noise)
        if self.config.lexical_skip:
            personal += self.item.lexical_part(inputs.lexical)
        useful = self.usefulness(inputs.typicality, inputs.log_words, inputs.expected)
        user_mask, item_mask = self.attention_mask(inputs.user.slots), self.attention_mask(inputs.item.slots)
        user_weights = layers.masked_softmax(user_scores, user_mask)
        item_weights = layers.masked_softmax(self.attention_logits(personal, useful, inputs.lexical), item_mask)
        latents = []
        for tower, side, texts, attention in ((self.user, inputs.user, user_reviews.texts, user_weights),
                                              (self.item, inputs.item, item_reviews.texts, item_weights)):
            pooled = tower.pool(attention, tf.gather(texts, side.slots))  # [B, F]
            pooled = layers.dropout(pooled, self.config.dropout_keep_prob, noise)
            latents.append(tower.represent(pooled, side.id))  # [B, K]
        votes = self.votes(item_weights, inputs.residuals, item_mask)
        rating = self.rating_without_votes(inputs.offset, inputs.user.id, inputs.item.id, *latents, noise=noise)
        return Outputs(rating + tf.reduce_sum(votes, -1), user_weights, item_weights, personal, useful,
                       votes, query)

    def attend(self, tower, side, reviews, noise=None):
        """Returns the Attention of one tower over the reviews in its slots."""
        keys = tf.gather(reviews.keys, side.slots)  # [B, R, A]
        if self.config.author_query:
            query = tower.query(side.counterparts, 0., noise)  # [B, R, A]
            return Attention(tower.score(keys, query), query[:, 0])
        mean_key = layers.masked_mean(tf.gather(reviews.keys, side.other_slots), side.other_slots > 0)  # [B, A]
        query = tower.query(side.other_id, mean_key, noise)  # [B, A]
        return Attention(tower.score(keys, query[:, tf.newaxis]), query)

    def attention_mask(self, slots):
        """Returns which slots [B, R] may have a weight: those with a review, or all without `mask_padding`."""
        return slots > 0 if self.config.mask_padding else slots >= 0

    def usefulness(self, typicality, log_words, expected):
        """Returns c_l [..], the same for all users.

        c_l = w_1 typicality_l / 0.05 + w_2 (ln(1 + distinct words) - 3.5) + w_3 expected_l / 0.05
        """
        return ((self.typicality_scale * typicality + self.expected_scale * expected) / LIKENESS
                + self.length_scale * (log_words - 3.5))

    def attention_logits(self, personal, useful, lexical):
        """Returns e^rho ((1 - beta) softmin(x, m) + beta c) [..], whose softmax is the weight of a review.

        The rating and the web page use the same weights. `lexical` [..] are the TF-IDF similarities that are a part of
        s, too.
        """
        logits = self.personal_part(personal, lexical)
        if self.config.usefulness:
            logits += self.mix * useful
        return tf.exp(self.sharpness) * logits

    def personal_part(self, personal, lexical):
        """Returns the user's part of the attention logit, (1 - beta) softmin(x, m) [..], x = w_s s + w_0 lexical / .05.

        softmin(x, m) = -T ln(e^(-x / T) + e^(-m / T)): reviews that are relevant enough to the user, `x > m`, differ by
        their usefulness alone.
        """
        if not self.config.usefulness:
            return personal
        personal = self.personal_scale * personal
        if self.config.lexical_skip:
            personal += self.words_scale * lexical / LIKENESS
        return (1 - self.mix) * layers.soft_minimum(personal, self.enough, self.softness)

    def votes(self, weights, residuals, mask):
        """Returns the stars [.., R] that each review adds to the rating; 0 where attention is uniform."""
        if not self.config.review_votes:
            return tf.zeros_like(weights)
        real = tf.cast(mask, tf.float32)
        count = tf.maximum(tf.reduce_sum(real, -1, keepdims=True), 1.)
        shrink = 1 + self.vote_shrink * tf.reduce_sum(weights ** 2, -1, keepdims=True)
        return self.vote_gain * (weights - real / count) * residuals / shrink

    def rating_without_votes(self, offset, user, item, user_latent, item_latent, noise=None):
        """Returns the rating [..] in stars, of offsets [..], ids [..] and latents [.., K]."""
        rating = offset + self.interaction(user_latent, item_latent, noise)
        if self.config.learned_offsets:
            rating += tf.gather(self.user.offset, user) + tf.gather(self.item.offset, item)
        return rating

    def interaction(self, user_latent, item_latent, noise=None):
        """Returns stars [..] of latents [.., K]: w . ReLU(p_u * p_i), or a factorisation machine of both latents."""
        machine = self.config.factorisation_machine
        joined = tf.concat([user_latent, item_latent], -1) if machine else user_latent * item_latent
        joined = layers.dropout(tf.nn.relu(joined), self.config.dropout_keep_prob, noise)
        stars = tf.squeeze(layers.dense(joined, self.weight), -1)
        if machine:  # sum_{i<j} <v_i, v_j> z_i z_j (Rendle, 2010, equation 5, by lemma 3.1)
            squares = layers.dense(joined ** 2, self.factors ** 2)
            stars += tf.reduce_sum(layers.dense(joined, self.factors) ** 2 - squares, -1) / 2
        return stars
