"""The network written a second time, in numpy, one pair at a time, after its formulas: a reference for tests."""
import numpy as np

from models import graph
from runtime.tf1 import tf


def softmax(logits):
    raised = np.exp(logits - logits.max()) if len(logits) else logits
    return raised / raised.sum() if len(logits) else raised


def unit(vector):
    return vector / np.sqrt(np.maximum((vector ** 2).sum(-1, keepdims=True), 1e-12))


class Slow:
    """The network of a `Running` on Inputs as arrays. Only the text encoder is that of the network."""

    def __init__(self, running, arrays):
        self.config, self.arrays = running.network.config, arrays
        network, run, fed = running.network, running.session.run, graph.feed(running.inputs, arrays)
        self.towers = {}  # {side: {name: value of a variable}}, and "texts": encoded reviews
        for side, tower in (("user", network.user), ("item", network.item)):
            variables = {name: part for name, part in vars(tower).items()
                         if isinstance(part, tf.Variable)}
            inputs = getattr(running.inputs, side)
            with running.session.graph.as_default():
                texts = tower.encode(inputs.tokens)
            self.towers[side] = dict(run(variables), texts=run(texts, fed))
        self.top = run({name: part for name, part in vars(network).items()
                        if isinstance(part, tf.Variable)})

    def key(self, side, row):
        """The attention key [A] of a review."""
        tower = self.towers[side]
        key = tower["texts"][row] @ tower["key_text"]
        if not self.config.attention_bag:
            return key
        return key + getattr(self.arrays, side).topics[row] @ tower["key_bag"]

    def query(self, side, pair, slot):
        """The query [A] without its bias, for the review in a slot."""
        tower, inputs, kind = self.towers[side], getattr(self.arrays, side), self.config.attention_query
        own_reviews = [self.key(side, row) for row in inputs.other_slots[pair] if row]  # of the user, for an item
        author = inputs.counterparts[pair][slot]
        by_id = tower["other_embedding"][author if kind == "author" else inputs.other_id[pair]] @ tower["query_id"]
        by_text = np.mean(own_reviews, 0) if own_reviews else np.zeros_like(by_id)
        return {"text": by_text, "id+text": by_id + by_text}.get(kind, by_id)

    def scores(self, side, pair):
        """(slots that attention weighs, the personal score of each without its lexical part)."""
        config, tower, inputs = self.config, self.towers[side], getattr(self.arrays, side)
        slots = [slot for slot, row in enumerate(inputs.slots[pair]) if row or not config.mask_padding]
        scores = []
        for slot in slots:
            key, query = self.key(side, inputs.slots[pair][slot]), self.query(side, pair, slot)
            if config.attention_query == "none" or config.review_pool == "max":
                scores.append(0.)
            elif config.attention_score != "cosine":
                query = query + (tower["query_bias"] if "text" in config.attention_query else 0)
                joined = key + query if config.attention_score == "relu_sum" else key * query
                hidden = np.maximum(joined + tower["key_bias"], 0)
                scores.append((hidden @ tower["product"] + tower["product_bias"]).item())
            else:
                cosine = unit(key + tower["key_bias"]) @ unit(query + tower["query_bias"])
                scores.append(np.exp(tower["temperature"]) * cosine)
        return slots, np.array(scores)

    def latent(self, side, pair, slots, weights):
        """The latent vector [K] of one side of a pair."""
        tower, inputs = self.towers[side], getattr(self.arrays, side)
        texts = [tower["texts"][inputs.slots[pair][slot]] for slot in slots]
        pooled = sum((weight * text for text, weight in zip(texts, weights)), np.zeros(self.config.filters))
        if self.config.review_pool == "max":
            pooled = np.max(texts + [pooled * 0], 0)
        latent = tower["latent"][inputs.id[pair]] if self.config.id_latents else 0
        return pooled @ tower["pool_kernel"] + tower["pool_bias"] + latent

    def interaction(self, user, item):
        """What two latent vectors [K] add to the rating, in stars."""
        if self.config.interaction == "product":
            return (np.maximum(user * item, 0) @ self.top["weight"]).item()
        z, factors = np.maximum(np.concatenate([user, item]), 0), self.top["factors"]
        return (z @ self.top["weight"]).item() + sum(
            z[i] * z[j] * (factors[i] @ factors[j]) for j in range(len(z)) for i in range(j))

    def __call__(self, pair):
        """(rating, user weights, item weights, votes) of the slots that attention weighs."""
        arrays, top = self.arrays, self.top
        user_slots, user_scores = self.scores("user", pair)
        slots, scores = self.scores("item", pair)
        if self.config.lexical_skip:
            scores = scores + self.towers["item"]["lexical_scale"] * arrays.lexical[pair][slots] / .05
        if self.config.usefulness:
            useful = (top["typicality_scale"] * arrays.typicality[pair][slots] / .05
                      + top["expected_scale"] * arrays.expected[pair][slots] / .05
                      + top["length_scale"] * (arrays.log_words[pair][slots] - 3.5))
            scores = top["personal_scale"] * scores
            if self.config.lexical_skip:
                scores = scores + top["words_scale"] * arrays.lexical[pair][slots] / .05
            softness = top["softness"]
            scores = -softness * np.logaddexp(-scores / softness, -top["enough"] / softness)
            scores = (1 - top["mix"]) * scores + top["mix"] * useful
        weights, user_weights = softmax(np.exp(top["sharpness"]) * scores), softmax(user_scores)
        user = self.latent("user", pair, user_slots, user_weights)
        item = self.latent("item", pair, slots, weights)
        votes = np.zeros(len(slots))
        if self.config.review_votes and len(slots):
            votes = (top["vote_gain"] * (weights - 1 / len(slots)) * arrays.residuals[pair][slots]
                     / (1 + top["vote_shrink"] * (weights ** 2).sum()))
        rating = arrays.offset[pair] + self.interaction(user, item) + votes.sum()
        if self.config.offsets == "learned":
            rating += self.towers["user"]["offset"][arrays.user.id[pair]]
            rating += self.towers["item"]["offset"][arrays.item.id[pair]]
        return rating, user_weights, weights, votes
