"""One side of the network, the tower of the user or of the item: its variables, and its stages as functions of them.

The stages in their order: `encode` reviews, `keys` of the encoded reviews, `query` of the other side, `score` of keys
and query, `pool` the reviews by the attention weights, `represent` the pooled text in the latent space.

Shapes by the legend of `deeprecsys.py`. `..` stands for any leading axes.
"""
import math
from typing import NamedTuple

from models.network import layers
from models.network.encoder import encode_fast
from runtime.tf1 import identity, tf

LIKENESS = .05  # TF-IDF similarity that counts as one unit of score


class EncodedReviews(NamedTuple):
    """Reviews as one tower encodes them: all that the later stages need of them."""
    texts: tf.Tensor  # [M, F] O
    keys: tf.Tensor  # [M, A] W_O o


class Tower:
    """Variables and stages of one side. The stages are public: the export and the losses call them one by one.

    Args:
      side: "user" or "item".
      config: ModelConfig, checked.
      sizes: deeprecsys.Sizes.
    """

    def __init__(self, side, config, sizes):
        self.side, self.config = side, config
        ids, others = (sizes.users, sizes.items) if side == "user" else (sizes.items, sizes.users)
        bag = sizes.topics if config.attention_bag else 0
        dim, cosine = config.attention_dim, config.cosine_score
        trained = config.trained_biases
        shared = config.shared_vocabulary
        with tf.variable_scope("words" if shared else side, reuse=tf.AUTO_REUSE):
            self.table = tf.get_variable("word_vectors", [sizes.words, sizes.word_dim],
                                         initializer=tf.zeros_initializer())  # [V, E]
        with tf.variable_scope(side):
            self.kernel = weights("conv", [config.window, sizes.word_dim, config.filters])
            self.conv_bias = constant("conv_bias", [config.filters], .1)
            self.key_text = weights("key_text", [config.filters, dim], .02 if cosine else None)  # W_O, convolution
            self.key_bag = tf.get_variable("key_bag", initializer=identity(bag, dim)) if bag else None  # W_O, bag
            self.key_bias = constant("key_bias", [dim], 0. if cosine else .1, trained)  # b
            # U_embed; under a cosine it starts at 0, so that an id has no influence before it has learned something
            self.other_embedding = weights("other_embedding", [others, config.latent_dim], 0. if cosine else .1)
            self.query_id = weights("query_id", [config.latent_dim, dim])  # W_U
            self.query_bias = constant("query_bias", [dim], 0.)  # b_q
            self.temperature = constant("temperature", [], math.log(config.temperature))  # theta
            self.lexical_scale = constant("lexical_scale", [], config.lexical_scale)  # kappa
            self.product = weights("product", [dim, 1])  # h, as drawn and in NARRE
            self.product_bias = constant("product_bias", [], .1, trained)  # b_h, likewise
            self.pool_kernel = weights("pool", [config.filters, config.latent_dim])  # W_p
            self.pool_bias = constant("pool_bias", [config.latent_dim], .1)  # b_p
            self.latent = weights("latent", [ids, config.latent_dim], .1)
            self.offset = constant("offset", [ids], 0.)  # b_u or b_i where they are learned

    def encode(self, tokens):
        """Returns the text vectors O [M, F] of reviews of word ids [M, L]."""
        c = self.config
        if not c.dense_encoder:
            return encode_fast(tokens, self.table, self.kernel, self.conv_bias, c.mask_padding,
                               fused=c.fused_encoder)
        return layers.encode_dense(tokens, self.table, self.kernel, self.conv_bias, c.conv_layout, c.mask_padding)

    def encode_reviews(self, tokens, topics, noise=None):
        """Returns the EncodedReviews of word ids [M, L] and topics [M, D]; dropout applies to the keys alone."""
        texts = self.encode(tokens)
        attended = (layers.dropout(part, self.config.attention_keep_prob, noise, self.side) for part in (texts, topics))
        return EncodedReviews(texts, self.keys(*attended))

    def keys(self, texts, topics):
        """Returns W_O o [.., A], o = [O ; topics], without bias: what the query is compared with."""
        keys = layers.dense(texts, self.key_text)
        return keys if self.key_bag is None else keys + layers.dense(topics, self.key_bag)

    def query(self, other_id, mean_key, noise=None):
        """Returns the query q [.., A].

        Args:
          other_id: [..] ids of the other side; None leaves the id part out.
          mean_key: [.., A] mean key of the reviews of the other side.
          noise: layers.Noise in training; it drops the id part of whole rows.
        """
        c = self.config
        if other_id is None:
            by_id = tf.zeros_like(mean_key)
        else:
            ids = tf.gather(self.other_embedding, other_id)
            if c.text_query:
                ids = layers.whole_dropout(ids, c.query_id_keep_prob, noise)
            by_id = layers.dense(ids, self.query_id)
        if not c.cosine_score and not c.text_query:
            return by_id
        text = mean_key if c.text_query else 0.
        return self.query_bias + text + (by_id if c.id_query else 0.)

    def score(self, keys, query):
        """Returns s [..] without its lexical part, of keys [.., A] and queries [.., A] that broadcast."""
        if self.config.equal_scores:
            return tf.reduce_sum(keys * query, -1) * 0.
        if not self.config.cosine_score:
            joined = keys * query if self.config.product_score else keys + query
            hidden = tf.nn.relu(joined + self.key_bias)
            return tf.squeeze(layers.dense(hidden, self.product), -1) + self.product_bias
        cosine = self.unit_key(keys) * self.unit_query(query)
        return tf.exp(self.temperature) * tf.reduce_sum(cosine, -1)

    def unit_key(self, keys):
        """Returns the part of `score` that depends on the review alone [.., A]: for a cosine, the unit vector."""
        return layers.unit(keys + self.key_bias) if self.config.cosine_score else keys

    def unit_query(self, query):
        """Returns the part of `score` that depends on the query alone [.., A]: for a cosine, the unit vector."""
        return layers.unit(query) if self.config.cosine_score else query

    def match(self, unit_keys, unit_queries):
        """Returns `score` [.., Q, R] of stored unit keys [.., R, A] and unit queries [.., Q, A]."""
        if self.config.equal_scores or not self.config.cosine_score:
            return self.score(tf.expand_dims(unit_keys, -3), tf.expand_dims(unit_queries, -2))
        return tf.exp(self.temperature) * tf.matmul(unit_queries, unit_keys, transpose_b=True)

    def match_all(self, table, unit_query, extra):
        """Returns `match` [n] of one unit query [A] and the unit keys of many reviews, and a product [n] of other rows.

        Args:
          table: [A+D, n], unit keys in the first A rows.
          unit_query: [A].
          extra: [D] weights of the other rows. Both results come from one product, which reads the table once.
        """
        dim = self.config.attention_dim
        if self.config.equal_scores or not self.config.cosine_score:
            return (self.score(tf.transpose(table[:dim]), unit_query),
                    layers.dense(extra[tf.newaxis], table[dim:])[0])
        rows = tf.stack([tf.pad(tf.exp(self.temperature) * unit_query, [[0, tf.size(extra)]]),
                         tf.pad(extra, [[dim, 0]])])  # [2, A+D]
        return tf.unstack(tf.matmul(rows, table), num=2)

    def lexical_part(self, lexical):
        """Returns the lexical part of s [..], of TF-IDF similarities [..]."""
        return self.lexical_scale * lexical / LIKENESS

    def pool(self, weights, texts):
        """Returns sum_l a_l O_l, or max_l O_l [B, F], of weights [B, R] and texts [B, R, F]."""
        if self.config.max_pooling:
            return tf.reduce_max(texts, 1)
        return tf.reduce_sum(tf.expand_dims(weights, -1) * texts, 1)

    def represent(self, pooled, ids):
        """Returns p [.., K] of pooled text [.., F] and ids [..]."""
        text = self.project(pooled) + self.pool_bias
        return text + tf.gather(self.latent, ids) if self.config.id_latents else text

    def project(self, texts):
        """Returns W_p O [.., K] of text [.., F], without bias. Pooling and projecting may be done in either order."""
        return layers.dense(texts, self.pool_kernel)


def weights(name, shape, stddev=None):
    """Returns a variable of small random numbers: Glorot's uniform, or normal of a given standard deviation."""
    start = tf.glorot_uniform_initializer() if stddev is None else tf.random_normal_initializer(stddev=stddev)
    return tf.get_variable(name, shape, initializer=start)


def constant(name, shape, value, trainable=True):
    """Returns a variable that starts at one value everywhere."""
    return tf.get_variable(name, shape, initializer=tf.constant_initializer(value), trainable=trainable)
