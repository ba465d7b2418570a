"""The rooms of the project, and the files between them."""
import os

from figures import boxes

ROOMS = (("raw reviews", "Amazon JSON lines\nor the sample corpus", "", boxes.BOTH),
         ("preprocessing/", "readers, split, vocabulary\nword2vec, LSI", "data/<name>/", boxes.USER),
         ("train.py, models/", "attention network\nvalidation chooses", "runs/<name>/", boxes.USER),
         ("tensorflow_serving.py", "every review read once", "model_serve/<n>/", boxes.ITEM),
         ("serving/", "TensorFlow Serving, or the\nembedded server", "REST, gRPC", boxes.ITEM),
         ("flask_app/", "the shop: ranking\nand reviews", "", boxes.ITEM))
BESIDE = ((2, "evaluate.py", "report.json"), (3, "tSNE/", "maps of users"))


def draw(out):
    """Draws ML_pipeline.png into the folder `out`; returns [path]."""
    figure, axes = boxes.canvas(15.6, 2.9)
    width, step = 2.05, 2.6
    for place, (title, note, leads_to, colour) in enumerate(ROOMS):
        x = .1 + place * step
        boxes.box(axes, x, 1.7, width, .95, title, note, colour)
        if place + 1 < len(ROOMS):
            boxes.arrow(axes, (x + width, 2.17), (x + step, 2.17))
        if leads_to:
            axes.text(x + width / 2, 1.62, leads_to, ha="center", va="top", fontsize=7.5, style="italic")
    for place, title, note in BESIDE:
        x = .1 + place * step
        boxes.box(axes, x, .2, width, .7, title, note, boxes.BOTH)
        boxes.arrow(axes, (.1 + 2 * step + width / 2, 1.4), (x + width / 2, .9), dashed=True)
    return [boxes.save(figure, os.path.join(out, "ML_pipeline.png"))]
