"""Draws ML_pipeline.png: the packages of the project, and the files that pass between them."""
import os
from typing import List, NamedTuple

from figures import boxes

WIDTH, HEIGHT, GAP, MARGIN = 2.4, 1., .3, .15  # inches
FILES = boxes.FILES


class Part(NamedTuple):
    title: str
    lines: List[str]
    colour: str


# The first row reads from left to right,
TRAIN = (Part("raw reviews", ["JSON, CSV, TSV, Parquet,", "or the sample corpus"], FILES),
         Part("preprocessing/", ["readers, split, vocabulary,", "word2vec, LSI"], boxes.USER),
         Part("data/NAME/", ["arrays, word tables,", "catalogue.sqlite"], FILES),
         Part("train.py", ["trains the network, keeps", "the best validation epoch"], boxes.BOTH),
         Part("runs/NAME/", ["config.json, checkpoints,", "metrics.jsonl, order/"], FILES))
# the second one, of what is served, from right to left,
SERVE = (Part("tensorflow_serving.py", ["encodes each review once,", "exports the run"], boxes.BOTH),
         Part("model_serve/", ["a SavedModel in a folder", "for each version"], FILES),
         Part("serving/", ["embedded model server (or", "TensorFlow Serving)"], boxes.ITEM),
         Part("REST, gRPC", ["the contract of", "TensorFlow Serving 1.15"], FILES),
         Part("flask_app/", ["the web shop: items, and", "reviews for the shopper"], boxes.ITEM))
# and the third one holds what analyses runs.
ANALYSE = (Part("evaluation/", ["one run: errors, rankings,", "explanations, report.html"], boxes.QUERY),
           Part("experiments/", ["many runs: studies,", "ablation, search"], boxes.QUERY),
           Part("tSNE/", ["maps of the users,", "nearest users"], boxes.QUERY),
           Part("user_modeling/", ["aspects, groups of users,", "helpful reviewers"], boxes.QUERY),
           Part("figures/", ["the pictures of", "the documents"], boxes.QUERY))
# Below them: the packages of models/ in the order of their imports, and what all packages share.
MODELS = (Part("models/network/", ["encoder, attention"], FILES),
          Part("models/run_folder/", ["run on disk"], FILES),
          Part("models/inputs/", ["features, offsets"], FILES),
          Part("models/ranking/", ["order of items"], FILES),
          Part("models/inference/", ["predictions"], FILES),
          Part("models/training/", ["losses, calibration"], FILES),
          Part("models/export/", ["SavedModel"], FILES))
SHARED = (Part("commands/", ["the flags of ./run evaluate, demo, ..."], boxes.USER),
          Part("metrics/", ["measures, as functions of arrays"], boxes.USER),
          Part("runtime/", ["command line, files, processes"], boxes.USER),
          Part("benchmarks/", ["speed and memory"], boxes.USER))
BOTTOMS = 5.5, 4.05, 2.65  # of the three rows, inches
DATA = 2  # column of data/NAME/ in the first row
MODELS_AREA, SHARED_BOTTOM = (1.05, 1.3), .15  # (bottom, height) of the box around MODELS; bottom of SHARED


def draw(out):
    """Draws ML_pipeline.png into the folder `out`; returns [path]. Raises UserError."""
    figure, axes = boxes.canvas(2 * MARGIN + .25 + 5 * WIDTH + 4 * GAP, BOTTOMS[0] + HEIGHT + .15)
    for row, bottom in zip((TRAIN, SERVE[::-1], ANALYSE[::-1]), BOTTOMS):
        for column, part in enumerate(row, len(TRAIN) - len(row)):
            boxes.box(axes, (_left(column), bottom, WIDTH, HEIGHT), part.colour, part.title, part.lines)
    _arrows(axes)
    whole = _left(len(TRAIN) - 1) + WIDTH - MARGIN
    bottom, height = MODELS_AREA
    boxes.box(axes, (MARGIN, bottom, whole, height), boxes.BOTH,
              "models/: the attention network (deeprecsys.py) and its configuration (config.py)", size=12, lines=[""])
    _fill(axes, MODELS, MARGIN + .15, whole - .3, bottom + .12, .75)
    _fill(axes, SHARED, MARGIN, whole, SHARED_BOTTOM, .75)
    return [boxes.save(figure, os.path.join(out, "ML_pipeline.png"))]


def _arrows(axes):
    """Draws the way of the files: along both rows, from a run to what is served and to what analyses it, and from data
    and run to the shop."""
    last = len(TRAIN) - 1
    for column in range(last):
        ends = _left(column) + WIDTH, _left(column + 1)
        boxes.arrow(axes, *((x, BOTTOMS[0] + HEIGHT / 2) for x in ends))
        boxes.arrow(axes, *((x, BOTTOMS[1] + HEIGHT / 2) for x in reversed(ends)))
    middle, edge = _left(last) + WIDTH / 2, _left(last) + WIDTH
    boxes.arrow(axes, (middle, BOTTOMS[0]), (middle, BOTTOMS[1] + HEIGHT))
    shop, above = _left(0) + WIDTH / 2, (BOTTOMS[0] + BOTTOMS[1] + HEIGHT) / 2
    for column in (DATA, last):
        x = _left(column) + WIDTH / 4
        boxes.arrow(axes, (x, BOTTOMS[0]), (x, above), (shop, above), (shop, BOTTOMS[1] + HEIGHT))
    branch = (BOTTOMS[1] + BOTTOMS[2] + HEIGHT) / 2
    for column in range(len(TRAIN) - len(ANALYSE), len(TRAIN)):
        x = _left(column) + WIDTH / 2
        boxes.arrow(axes, (edge, BOTTOMS[0] + .35), (edge + .25, BOTTOMS[0] + .35), (edge + .25, branch),
                    (x, branch), (x, BOTTOMS[2] + HEIGHT))


def _fill(axes, parts, left, width, bottom, height):
    """Draws parts side by side, so that they fill a width."""
    each = (width - .15 * (len(parts) - 1)) / len(parts)
    for column, part in enumerate(parts):
        boxes.box(axes, (left + column * (each + .15), bottom, each, height), part.colour, part.title, part.lines,
                  size=11)


def _left(column):
    return MARGIN + column * (WIDTH + GAP)
