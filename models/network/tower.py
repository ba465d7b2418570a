"""One side of the network: its variables, and its stages as functions of them.

Shapes by the legend of `deeprecsys.py`. `..` stands for any leading axes.
"""
import math
from typing import NamedTuple

from models.network import layers
from models.network.encoder import encode_fast
from runtime.tf1 import tf

LIKENESS = .05  # TF-IDF likeness that counts as one unit of score


class Read(NamedTuple):
    """Reviews as one tower read them: all it needs of them from then on."""
    texts: tf.Tensor  # [M, F] O
    answers: tf.Tensor  # [M, A] W_O o


class Tower:
    """Variables and stages of one side. Stages are public: export and the losses call them one by one."""

    def __init__(self, side, config, sizes):
        self.side, self.config = side, config
        ids, others = (sizes.users, sizes.items) if side == "user" else (sizes.items, sizes.users)
        bag = sizes.topics if config.attention_bag else 0
        dim, drawn = config.attention_dim, config.attention_score != "cosine"
        trained = config.attention_bias == "trained"
        shared = config.shared_vocabulary
        with tf.variable_scope("words" if shared else side, reuse=tf.AUTO_REUSE):
            self.table = tf.get_variable("word_vectors", [sizes.words, sizes.word_dim],
                                         initializer=tf.zeros_initializer())  # [V, E]
        with tf.variable_scope(side):
            self.kernel = weights("conv", [config.window, sizes.word_dim, config.filters])
            self.conv_bias = constant("conv_bias", [config.filters], .1)
            self.key_text = weights("key_text", [config.filters, dim], None if drawn else .02)  # W_O, convolution
            self.key_bag = tf.get_variable("key_bag", initializer=tf.eye(bag, dim)) if bag else None  # W_O, bag
            self.key_bias = constant("key_bias", [dim], .1 if drawn else 0., trained)  # b, or b_s
            # U_embed; for a cosine an id says nothing until it has learned something
            self.other_embedding = weights("other_embedding", [others, config.latent_dim], .1 if drawn else 0.)
            self.query_id = weights("query_id", [config.latent_dim, dim])  # W_U
            self.query_bias = constant("query_bias", [dim], 0.)  # b_q
            self.temperature = constant("temperature", [], math.log(config.temperature))  # t
            self.lexical_scale = constant("lexical_scale", [], config.lexical_scale)  # kappa
            self.product = weights("product", [dim, 1])  # w_s
            self.product_bias = constant("product_bias", [], .1, trained)  # b_s of the drawing
            self.pool_kernel = weights("pool", [config.filters, config.latent_dim])  # W_p
            self.pool_bias = constant("pool_bias", [config.latent_dim], .1)
            self.latent = weights("latent", [ids, config.latent_dim], .1)
            self.offset = constant("offset", [ids], 0.)  # b_u or b_i where they are learned

    def encode(self, tokens):
        """Text encoder: [M, L] word ids -> O [M, F]."""
        c = self.config
        if c.encoder != "dense":
            return encode_fast(tokens, self.table, self.kernel, self.conv_bias, c.mask_padding,
                               fused=c.encoder == "fast")
        return layers.encode_dense(tokens, self.table, self.kernel, self.conv_bias, c.conv_layout, c.mask_padding)

    def read(self, tokens, topics, noise=None):
        """Reviews of word ids [M, L] and topics [M, D] -> Read. Dropout on what the attention hears."""
        texts = self.encode(tokens)
        heard = (layers.dropout(part, self.config.attention_keep_prob, noise) for part in (texts, topics))
        return Read(texts, self.answer(*heard))

    def answer(self, texts, topics):
        """What a review holds out to who asks: W_O o [.., A], o = [O ; topics]. No bias."""
        keys = layers.dense(texts, self.key_text)
        return keys if self.key_bag is None else keys + layers.dense(topics, self.key_bag)

    def query(self, other_id, wrote, noise=None):
        """Who asks: q [.., A] of ids [..] and the mean answer `wrote` [.., A] of the asker's reviews.

        Without an id (None) the id part is dropped.
        """
        c = self.config
        if other_id is None:
            by_id = tf.zeros_like(wrote)
        else:
            ids = tf.gather(self.other_embedding, other_id)
            if "text" in c.attention_query:
                ids = layers.whole_dropout(ids, c.query_id_keep_prob, noise)
            by_id = layers.dense(ids, self.query_id)
        if c.attention_score != "cosine" and "text" not in c.attention_query:
            return by_id
        text = wrote if "text" in c.attention_query else 0.
        return self.query_bias + text + (0. if c.attention_query == "text" else by_id)

    def score(self, answers, query):
        """s without its lexical part: answers [.., A] and queries [.., A] broadcast -> [..]."""
        if self.config.attention_query == "none" or self.config.review_pool == "max":
            return tf.reduce_sum(answers * query, -1) * 0.
        if self.config.attention_score != "cosine":
            both = answers * query if self.config.attention_score == "relu_product" else answers + query
            heard = tf.nn.relu(both + self.key_bias)
            return tf.squeeze(layers.dense(heard, self.product), -1) + self.product_bias
        likeness = self.key(answers) * self.question(query)
        return tf.exp(self.temperature) * tf.reduce_sum(likeness, -1)

    def key(self, answers):
        """The part of `score` that knows the review alone: [.., A]."""
        cosine = self.config.attention_score == "cosine"
        return layers.unit(answers + self.key_bias) if cosine else answers

    def question(self, query):
        """The part of `score` that knows the asker alone: [.., A]."""
        return layers.unit(query) if self.config.attention_score == "cosine" else query

    def match(self, keys, questions):
        """`score` of what was kept of either part: keys [.., R, A], questions [.., Q, A] -> [.., Q, R]."""
        if self.config.attention_query == "none" or self.config.attention_score != "cosine":
            return self.score(tf.expand_dims(keys, -3), tf.expand_dims(questions, -2))
        return tf.exp(self.temperature) * tf.matmul(questions, keys, transpose_b=True)

    def match_all(self, table, question, extra=None):
        """`match` of one question [A] and the keys of many reviews, columns of a table [A+D, n] -> [n].

        `extra` [D] is by how much each of the D rows below the keys counts: all is one product.
        """
        if self.config.attention_query == "none" or self.config.attention_score != "cosine":
            dim = self.config.attention_dim
            found = self.score(tf.transpose(table[:dim]), question)
            return found if extra is None else found + layers.dense(extra[tf.newaxis], table[dim:])[0]
        row = tf.exp(self.temperature) * question
        row = row if extra is None else tf.concat([row, extra], 0)
        return layers.dense(row[tf.newaxis], table)[0]

    def lexical_part(self, lexical):
        """The lexical skip of s: TF-IDF likeness [..] -> [..]."""
        return self.lexical_scale * lexical / LIKENESS

    def pool(self, weights, texts):
        """sum_l a_l O_l, or max_l O_l: weights [B, R], texts [B, R, F] -> [B, F]."""
        if self.config.review_pool == "max":
            return tf.reduce_max(texts, 1)
        return tf.reduce_sum(tf.expand_dims(weights, -1) * texts, 1)

    def represent(self, pooled, ids):
        """p [.., K] of pooled text [.., F] and ids [..]."""
        text = self.project(pooled) + self.pool_bias
        return text + tf.gather(self.latent, ids) if self.config.id_latents else text

    def project(self, texts):
        """Text [.., F] -> its part of p [.., K], without bias: pooling and projecting commute."""
        return layers.dense(texts, self.pool_kernel)


def weights(name, shape, stddev=None):
    start = tf.glorot_uniform_initializer() if stddev is None else tf.random_normal_initializer(stddev=stddev)
    return tf.get_variable(name, shape, initializer=start)


def constant(name, shape, value, trainable=True):
    return tf.get_variable(name, shape, initializer=tf.constant_initializer(value), trainable=trainable)
