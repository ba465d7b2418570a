"""The rooms of the project, and the files between them."""
import os

from figures import boxes

WIDTH, HEIGHT, GAP, MARGIN = 2.45, 1.1, .36, .3  # inches
FILES = "#ffffff"
# (title, lines, colour): rooms, and the files between them. The first row reads from left to right,
LEARN = (("raw reviews", ["Amazon JSON lines,", "or the sample corpus"], FILES),
         ("preprocessing/", ["readers, split, caps,", "vocabulary, word2vec, LSI"], boxes.USER),
         ("data/<name>/", ["arrays, word tables,", "catalogue.sqlite"], FILES),
         ("train.py, models/", ["attention network,", "chosen by validation"], boxes.BOTH),
         ("runs/<name>/", ["config.json, metrics,", "checkpoints"], FILES))
# the second goes back to the left,
SERVE = (("tensorflow_serving.py", ["each review read once,", "all items ranked"], boxes.ITEM),
         ("model_serve/<n>/", ["a SavedModel with", "rank, explain, ..."], FILES),
         ("serving/", ["TensorFlow Serving,", "or the embedded server"], boxes.ITEM),
         ("REST, gRPC", ["the TensorFlow", "Serving contract"], FILES),
         ("flask_app/", ["ranked items, and the", "reviews that matter"], boxes.ITEM))
# and the third holds what else reads a run.
STUDY = (("evaluation/", ["report.json: errors,", "and explanations"], boxes.ASKS),
         ("experiments/", ["many runs: studies,", "ablation, search"], boxes.ASKS),
         ("tSNE/", ["maps of users,", "neighbours side by side"], boxes.ASKS),
         ("figures/", ["drawings, and pictures", "of the shop"], boxes.ASKS))
BOTTOMS = 3.6, 1.95, .2


def draw(out):
    """Draws ML_pipeline.png into the folder `out`; returns [path]."""
    figure, axes = boxes.canvas(2 * MARGIN + .25 + 5 * WIDTH + 4 * GAP, BOTTOMS[0] + HEIGHT + .2)
    last = len(LEARN) - 1
    for row, bottom in zip((LEARN, SERVE[::-1], STUDY[::-1]), BOTTOMS):
        first = len(LEARN) - len(row)
        for place, part in enumerate(row, first):
            boxes.box(axes, (_left(place), bottom, WIDTH, HEIGHT), part[2], *part[:2])
    for place in range(last):
        ends = (_left(place) + WIDTH, _left(place + 1))
        boxes.arrow(axes, *((x, BOTTOMS[0] + HEIGHT / 2) for x in ends))
        boxes.arrow(axes, *((x, BOTTOMS[1] + HEIGHT / 2) for x in reversed(ends)))
    middle, edge = _left(last) + WIDTH / 2, _left(last) + WIDTH
    boxes.arrow(axes, (middle, BOTTOMS[0]), (middle, BOTTOMS[1] + HEIGHT))
    bus = (BOTTOMS[1] + BOTTOMS[2] + HEIGHT) / 2
    for place in range(len(LEARN) - len(STUDY), len(LEARN)):
        x = _left(place) + WIDTH / 2
        boxes.arrow(axes, (edge, BOTTOMS[0] + .35), (edge + .25, BOTTOMS[0] + .35),
                    (edge + .25, bus), (x, bus), (x, BOTTOMS[2] + HEIGHT))
    return [boxes.save(figure, os.path.join(out, "ML_pipeline.png"))]


def _left(place):
    return MARGIN + place * (WIDTH + GAP)
