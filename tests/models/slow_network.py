"""The network again, in numpy, one pair at a time, written as its formulas."""
import numpy as np

from models import graph
from runtime.tf1 import tf


def softmax(logits):
    raised = np.exp(logits - logits.max()) if len(logits) else logits
    return raised / raised.sum() if len(logits) else raised


def unit(vector):
    return vector / np.sqrt(np.maximum((vector ** 2).sum(-1, keepdims=True), 1e-12))


class Slow:
    """The network of a `Running` on Inputs as arrays; only its text encoder is its own."""

    def __init__(self, running, arrays):
        self.c, self.arrays = running.network.config, arrays
        network, run, fed = running.network, running.session.run, graph.feed(running.inputs, arrays)
        self.w = {}
        for side, tower in (("user", network.user), ("item", network.item)):
            variables = {name: part for name, part in vars(tower).items()
                         if isinstance(part, tf.Variable)}
            inputs = getattr(running.inputs, side)
            with running.session.graph.as_default():
                texts = tower.encode(inputs.tokens)
            self.w[side] = dict(run(variables), texts=run(texts, fed))
        self.top = run({name: part for name, part in vars(network).items()
                        if isinstance(part, tf.Variable)})

    def key(self, side, row):
        w = self.w[side]
        key = w["texts"][row] @ w["key_text"]
        if not self.c.attention_bag:
            return key
        return key + getattr(self.arrays, side).topics[row] @ w["key_bag"]

    def scores(self, side, pair):
        """Returns (slots that may have a weight, s of each without its lexical part)."""
        w, of = self.w[side], getattr(self.arrays, side)
        attended = [slot for slot, row in enumerate(of.slots[pair]) if row or not self.c.mask_padding]
        keys_of_user = [self.key(side, row) for row in of.other_slots[pair] if row]
        out = []
        for slot in attended:
            query_id = of.other_id[pair]
            if self.c.attention_query == "author":
                query_id = of.counterparts[pair][slot]
            by_id = w["other_embedding"][query_id] @ w["query_id"]
            mean = np.mean(keys_of_user, 0) if keys_of_user else np.zeros_like(by_id)
            query = {"text": mean, "id+text": by_id + mean}.get(self.c.attention_query, by_id)
            key = self.key(side, of.slots[pair][slot])
            if self.c.attention_query == "none" or self.c.review_pool == "max":
                out.append(0.)
            elif self.c.attention_score != "cosine":
                query = query + (w["query_bias"] if "text" in self.c.attention_query else 0)
                joined = key + query if self.c.attention_score == "relu_sum" else key * query
                product = np.maximum(joined + w["key_bias"], 0)
                out.append((product @ w["product"] + w["product_bias"]).item())
            else:
                likeness = unit(key + w["key_bias"]) @ unit(query + w["query_bias"])
                out.append(np.exp(w["temperature"]) * likeness)
        return attended, np.array(out)

    def latent(self, side, pair, attended, attention):
        w, of = self.w[side], getattr(self.arrays, side)
        pooled = sum((a * w["texts"][of.slots[pair][slot]] for slot, a in zip(attended, attention)),
                     np.zeros(self.c.filters))
        if self.c.review_pool == "max":
            pooled = np.max([w["texts"][of.slots[pair][slot]] for slot in attended] + [pooled * 0], 0)
        latent = w["latent"][of.id[pair]] if self.c.id_latents else 0
        return pooled @ w["pool_kernel"] + w["pool_bias"] + latent

    def interaction(self, user, item):
        if self.c.interaction == "product":
            return (np.maximum(user * item, 0) @ self.top["weight"]).item()
        z, factors = np.maximum(np.concatenate([user, item]), 0), self.top["factors"]
        return (z @ self.top["weight"]).item() + sum(
            z[i] * z[j] * (factors[i] @ factors[j]) for j in range(len(z)) for i in range(j))

    def __call__(self, pair):
        """Returns (rating, user weights, item weights, votes) of the slots that may have a weight."""
        i, top = self.arrays, self.top
        user_places, user_scores = self.scores("user", pair)
        attended, personal = self.scores("item", pair)
        if self.c.lexical_skip:
            personal = personal + self.w["item"]["lexical_scale"] * i.lexical[pair][attended] / .05
        if self.c.usefulness:
            useful = (top["typicality_scale"] * i.typicality[pair][attended] / .05
                      + top["length_scale"] * (i.log_words[pair][attended] - 3.5))
            personal = (1 - top["mix"]) * personal + top["mix"] * useful
        weights = softmax(np.exp(top["sharpness"]) * personal)
        user_weights = softmax(user_scores)
        user, item = (self.latent("user", pair, user_places, user_weights),
                      self.latent("item", pair, attended, weights))
        votes = np.zeros(len(attended))
        if self.c.review_votes and len(attended):
            votes = (top["vote_gain"] * (weights - 1 / len(attended)) * i.residuals[pair][attended]
                     / (1 + top["vote_shrink"] * (weights ** 2).sum()))
        rating = i.offset[pair] + self.interaction(user, item) + votes.sum()
        if self.c.offsets == "learned":
            rating += self.w["user"]["offset"][i.user.id[pair]]
            rating += self.w["item"]["offset"][i.item.id[pair]]
        return rating, user_weights, weights, votes
