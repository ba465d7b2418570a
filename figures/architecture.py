"""Draws the network from its code: every variable that the rating and the attention depend on, with its shape."""
import os
import warnings

from figures import boxes
from models import graph
from models.run_folder import runs
from runtime.tf1 import tf

# Box of each variable of a side. A query belongs to the side whose reviews it is compared with.
BOXES = {
    "encoder": ("word_vectors", "conv", "conv_bias"),
    "query": ("other_embedding", "query_id", "query_bias"),
    "attention": ("key_text", "key_bag", "key_bias", "temperature", "lexical_scale", "product",
                  "product_bias"),
    "pool": ("pool", "pool_bias", "latent"),
}
COMMON_BOXES = {"useful": ("shown/typicality_scale", "shown/length_scale", "shown/expected_scale"),
                "weigh": ("shown/personal_scale", "shown/words_scale", "shown/enough", "shown/softness", "shown/mix",
                          "shown/sharpness"),
                "rating": ("user/offset", "item/offset", "rating/weight", "rating/vote_gain",
                           "rating/vote_shrink")}


def shapes(config, artefact):
    """Returns {variable: shape as text} of all variables that the rating and the attention depend on."""
    with tf.Graph().as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about gradients that need much memory: none is computed
        network = graph.network_of(config, artefact)
        outputs, _read = network(graph.input_placeholders(artefact.word_topics.shape[1]))
        variables = tf.global_variables()
        ends = [outputs.rating, outputs.user_weights, outputs.item_weights]
        used = [gradient is not None for gradient in tf.gradients(ends, variables)]
        return {variable.op.name: " x ".join(map(str, variable.shape.as_list())) or "scalar"
                for variable, is_used in zip(variables, used) if is_used}


def boxed(shapes_of):
    """Returns {box: [(variable, shape)]} of the `shapes`; a box is (side, name) or (None, name)."""
    names_of = {(side, box): [f"{side}/{name}" if f"{side}/{name}" in shapes_of else f"words/{name}"
                              for name in names]
                for side in ("user", "item") for box, names in BOXES.items()}
    names_of.update({(None, box): names for box, names in COMMON_BOXES.items()})
    return {box: [(name, shapes_of[name]) for name in names if name in shapes_of]
            for box, names in names_of.items()}


def formulas(side, config):
    """Returns {box: [line of mathematics]} of one side, by a ModelConfig."""
    words = "words" if config.word_convolution else r"reshaped\ words"
    score = r"e^\theta\,\cos(W_O\,o_l + b,\ q)"
    if config.product_score:
        score = r"h \cdot \mathrm{ReLU}((W_O\,o_l) \circ q + b) + b_h"
    elif not config.cosine_score:
        score = r"h \cdot \mathrm{ReLU}(W_O\,o_l + q + b) + b_h"
    if config.no_query:
        score = "0"
    if config.lexical_skip and side == "item":
        score += r" + \kappa\,\mathrm{TFIDF}_l"
    weigh = "s_l"
    if side == "item":
        weigh = r"e^\rho((1 - \beta)\,\mathrm{softmin}(x, m) + \beta\,c)" if config.usefulness else r"e^\rho\,s"
    lines = {"encoder": rf"O_l = \max_j\ \mathrm{{ReLU}}(\mathrm{{conv}}_j(\mathrm{{{words}}}_l))",
             "key": "o_l = O_l",
             "score": f"s_l = {score}", "weigh": rf"a = \mathrm{{softmax}}_l(\,{weigh}\,)",
             "query": f"q = {_query(config)}",
             "pool": rf"p_{side[0]} = W_p\,\mathrm{{dropout}}(\Sigma_l\,a_l O_l) + b_p + \mathrm{{latent}}"}
    if config.attention_bag:
        lines["key"] = r"o_l = [\,O_l\,;\,\mathrm{topics}_l\,]"
    lines = {box: f"${line}$" for box, line in lines.items()}
    personal_side = []
    if side == "item" and config.usefulness:
        personal_side = [r"$x_l = w_s s_l" + (r" + w_0\,\mathrm{TFIDF}_l$" if config.lexical_skip else "$")]
    return {"encoder": [lines["encoder"]], "query": [lines["query"]], "pool": [lines["pool"]],
            "attention": [lines["key"], lines["score"]] + personal_side + [lines["weigh"]]}


def _query(config):
    text = r"\overline{W_O\,o}"  # the mean key of the reviews that the query's owner wrote
    if not config.cosine_score and not config.text_query:
        return "W_U U"
    return {"id+text": f"b_q + W_U U + {text}", "id": "b_q + W_U U", "text": f"b_q + {text}",
            "author": r"b_q + W_U U_{\mathrm{author}}", "none": "0"}[config.attention_query]


def rating(config):
    """Returns the lines of mathematics of the rating."""
    mean = config.leave_one_out_offsets or config.mean_offset
    line = (r"r_{ui} = %sb_u + b_i + w \cdot \mathrm{dropout}(\mathrm{ReLU}(p_u \circ p_i))"
            % (r"\mu + " if mean else ""))
    if not config.review_votes:
        return [f"${line}$"]
    return [rf"${line} + \Sigma_l\,\mathrm{{vote}}_l$",
            r"$\mathrm{vote}_l = g\,(a_l - 1/n)\,\mathrm{residual}_l\ /\ (1 + k\,\Sigma_l\,a_l^2)$"]


def draw(run_folder, out):
    """Draws DNN_architecture.png of a run into the folder `out`; returns [path]. Raises UserError."""
    run = runs.load(run_folder)
    config, artefact = run.config, run.artefact
    variables = boxed(shapes(config, artefact))
    variables["item", "attention"] += variables.pop((None, "weigh"))
    figure, axes = boxes.canvas(13.2, 11.4)
    width, left = 4.2, {"user": .3, "item": 8.7}
    for side, colour in (("user", boxes.USER), ("item", boxes.ITEM)):
        _tower(axes, side, left[side], width, colour, formulas(side, config), variables)
    _queries(axes, config, variables)
    boxes.box(axes, (1.4, 9.4, 10.4, 1.75), boxes.BOTH, "Predicted rating", rating(config),
              variables[None, "rating"])
    if config.review_votes:
        boxes.arrow(axes, (8.7, 6.85), (8.47, 6.85), (8.47, 9.4), dashed=True)
        boxes.note(axes, 8.4, 8.4, "attention weights and\nresidual stars\nof the item's reviews", ha="right",
                   va="center")
    name = os.path.basename(os.path.abspath(run_folder))
    boxes.note(axes, 6.6, .2, f"variables and shapes of the run '{name}'\n(data '{run.record['data']}')",
               ha="center", va="bottom")
    return [boxes.save(figure, os.path.join(out, "DNN_architecture.png"))]


def _tower(axes, side, x, width, colour, lines, variables):
    middle = x + width / 2
    boxes.box(axes, (x, .2, width, .6), colour, f"Reviews of the {side}")
    boxes.box(axes, (x, 1.2, width, 1.45), colour, f"Text encoder of the {side}'s reviews",
              lines["encoder"], variables[side, "encoder"])
    boxes.box(axes, (x, 3.05, width, 4.), colour, f"Attention over the {side}'s reviews",
              lines["attention"], variables[side, "attention"])
    boxes.box(axes, (x, 7.45, width, 1.5), colour, f"Latent vector of the {side}", lines["pool"],
              variables[side, "pool"])
    for low, high in ((.8, 1.2), (2.65, 3.05), (7.05, 7.45), (8.95, 9.4)):
        boxes.arrow(axes, (middle, low), (middle, high))


def _queries(axes, config, variables):
    """Draws the middle column: the usefulness score, and the query of each side's attention with what it is made of."""
    for side, queried_by, y, ends, out, into in (("item", "user", 4., (8.2, 8.7), 4.9, 4.4),
                                                 ("user", "item", 2.35, (5., 4.5), 3.35, 2.9)):
        title = {"none": "No query: uniform attention", "author": "Query of each review's author"}.get(
            config.attention_query, f"Query of the {queried_by}")
        boxes.box(axes, (5., y, 3.2, 1.3), boxes.QUERY, title, formulas(side, config)["query"],
                  variables[side, "query"], size=10.5)
        boxes.arrow(axes, (ends[0], out), (ends[1], out))
        if config.text_query:  # from the reviews of whoever asks, past the tower that does not encode them
            reviews, turn, edge = (4.5, 4.75, 5.) if queried_by == "user" else (8.7, 8.45, 8.2)
            boxes.arrow(axes, (reviews, .5), (turn, .5), (turn, into), (edge, into), colour=boxes.LINES[queried_by])
    if config.text_query:
        boxes.note(axes, 6.6, 1.65, "A query is made of reviews, too:\nthose of the user, encoded by the item tower,\n"
                   "and those of the item, encoded by the user tower.", ha="center", va="center")
    if variables[None, "useful"]:
        boxes.box(axes, (5., 5.6, 3.2, 1.45), boxes.QUERY, "Usefulness, equal for all users",
                  [r"$c_l = w_1\,\mathrm{typicality}_l + w_2\,\ln(1 + \mathrm{words}_l)$",
                   r"$+\ w_3\,\mathrm{expected}_l$"],
                  variables[None, "useful"], size=10.5)
        boxes.arrow(axes, (8.2, 6.3), (8.7, 6.3))
