"""The network, drawn from the code: every shape is read from the variables of a run's own graph."""
import os

import tensorflow.compat.v1 as tf

from figures import boxes
from models import graph, runs


def shapes(config, artefact):
    """{variable name: shape as text} of the network of a configuration."""
    with tf.Graph().as_default():
        graph.network_of(config, artefact, start_vectors=False)
        return {variable.op.name: "x".join(str(size) for size in variable.shape.as_list()) or "scalar"
                for variable in tf.global_variables()}


def stages(side, config, known):
    """[(title, note)] of one tower, in the order of the mathematics."""
    words = "words" if config.shared_vocabulary else side
    other = "user" if side == "item" else "item"
    query = {"id+text": f"{other} id and what was written", "id": f"{other} id", "text": "what was written",
             "author": "each review's author", "none": "nobody: uniform"}[config.attention_query]
    answer = f"W_O {known[f'{side}/key_text']}"
    if config.attention_bag:
        answer += f", bag {known[f'{side}/key_bag']}"
    score = "e^t cos(answer, query)" if config.attention_score == "cosine" else "w . ReLU(answer * query + b)"
    if config.lexical_skip and side == "item":
        score += " + TF-IDF likeness"
    return [("words of each review", f"embedding {known[words + '/word_vectors']}"),
            ("text encoder", f"convolution {known[side + '/conv']}\nReLU, maximum over words"),
            ("review attention", f"asked by: {query}\n{answer}\n{score}"),
            ("pool", f"dense {known[side + '/pool']}\n+ id latent {known[side + '/latent']}")]


def draw(run_folder, out):
    """Draws DNN_architecture.png of a run into the folder `out`; returns [path]."""
    _, config, artefact = runs.load(run_folder)
    known = shapes(config, artefact)
    figure, axes = boxes.canvas(9.6, 7.2)
    heights, width = (.75, .85, 1.15, .85), 4.2
    for left, side, colour in ((.3, "user", boxes.USER), (5.1, "item", boxes.ITEM)):
        y = .3
        for height, (title, note) in zip(heights, stages(side, config, known)):
            boxes.box(axes, left, y, width, height, f"{side}: {title}", note, colour)
            middle = left + width / 2
            y += height
            boxes.arrow(axes, (middle, y), (middle, y + .35))
            y += .35
    boxes.arrow(axes, (4.5, 3.1), (5.1, 3.1), dashed=True)  # who asks
    boxes.arrow(axes, (5.1, 2.9), (4.5, 2.9), dashed=True)
    votes = "+ votes of the item's reviews, in stars" if config.review_votes else "no votes"
    offsets = {"leave_one_out": "mean + damped offsets", "learned": "learned offsets"}[config.offsets]
    boxes.box(axes, 1.4, y, 6.8, .95, "rating", f"{offsets} + w {known['rating/weight']} . ReLU(p_user * q_item)\n"
              f"{votes}", boxes.BOTH)
    return [boxes.save(figure, os.path.join(out, "DNN_architecture.png"))]
