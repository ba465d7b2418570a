"""Draws a map of users as a picture, legible at half a page's width."""
import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from tSNE.colours import NONE

# Colours that colour-blind readers can distinguish (after Okabe & Ito, 2008); markers distinguish groups in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222", "#B8A200",
           "#7A4FBF", "#8C564B", "#7F7F7F", "#9ACD32")
MARKERS = "os^DvPX*<>hp"
MOST_IN_LEGEND = 12  # categories; with more, the names are written into the map
MOST_AS_SHAPES = 5000  # points of an SVG; more are drawn as one bitmap in it
GREY, NO_CATEGORY = "#444444", "#AAAAAA"


def draw(out, points, colouring, title, captions, named_in_map, kind="png"):
    """Writes a map as a picture.

    Args:
      out: a binary file, or a path.
      points: [U, 2].
      colouring: Colouring of the U users.
      title: what the map shows.
      captions: lines of small print below the title.
      named_in_map: whether categories that are too many for a legend are named in the map.
      kind: "png" or "svg".
    """
    labels = colouring.labels
    with_legend = 0 < len(labels) <= MOST_IN_LEGEND
    missing = bool(labels) and (colouring.values == NONE).any()
    rows = (len(labels) + missing + 1) // 2 if with_legend else 0 if labels else 2
    figure = Figure((6.4, 6.7 + .25 * rows), dpi=150)
    FigureCanvasAgg(figure)
    height, top = figure.get_figheight(), .55 + .23 * len(captions)  # inches
    bottom = .1 + .25 * rows
    axes = figure.add_axes((.02, bottom / height, .96, 1 - (bottom + top) / height))
    (_categories if labels else _numbers)(figure, axes, points, colouring)
    figure.text(.02, 1 - .38 / height, title, fontsize=18, fontweight="bold")
    for line, caption in enumerate(captions):
        figure.text(.02, 1 - (.63 + .23 * line) / height, caption, fontsize=12, color=GREY)
    if with_legend:
        figure.legend(*axes.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0, 0),
                      ncol=2, fontsize=12, frameon=False, handletextpad=.1, columnspacing=1,
                      labelspacing=.3, markerscale=1.5)
    elif named_in_map and labels:
        _name(figure, axes, points, colouring.values, [label.split(", ") for label in labels])
    # The ids of SVG elements depend on the salt alone, so that equal maps are equal files.
    with rc_context({"svg.hashsalt": title}):
        figure.savefig(out, format=kind, metadata={"Software": None} if kind == "png" else {"Date": None})


def _style(points):
    return dict(s=30 if len(points) < 2000 else 12, linewidths=.4, edgecolors="white", alpha=.9,
                rasterized=len(points) > MOST_AS_SHAPES)


def _categories(_figure, axes, points, colouring):
    values = colouring.values
    if (values == NONE).any():
        axes.scatter(*points[values == NONE].T, c=NO_CATEGORY, marker=".", label="none", **_style(points))
    for number, label in enumerate(colouring.labels):
        axes.scatter(*points[values == number].T, c=COLOURS[number % len(COLOURS)],
                     marker=MARKERS[(number + number // len(COLOURS)) % len(MARKERS)], label=label, **_style(points))
    _frame(axes)


def _numbers(figure, axes, points, colouring):
    known = np.isfinite(colouring.values)
    axes.scatter(*points[~known].T, c=NO_CATEGORY, marker=".", **_style(points))
    shown = axes.scatter(*points[known].T, c=colouring.values[known], cmap="viridis", **_style(points))
    bar = figure.colorbar(shown, cax=figure.add_axes((.1, .055, .8, .02)), orientation="horizontal")
    bar.ax.tick_params(labelsize=11)
    bar.set_alpha(1)
    _frame(axes)


def _frame(axes):
    axes.set(xticks=[], yticks=[])
    axes.margins(.07)
    axes.set_aspect("equal", adjustable="datalim")
    for spine in axes.spines.values():
        spine.set_color("#BBBBBB")


def _name(figure, axes, points, groups, words):
    """Writes each group's words below its median point, moved so that no text covers another text or such a point."""
    named = [group for group in range(len(words)) if (groups == group).any()]
    low, high = axes.get_ylim()
    axes.plot(*[[value] for value in (points[0, 0], low - .07 * (high - low))], alpha=0)  # room for the lowest texts
    medians = np.array([np.median(points[groups == group], 0) for group in named])
    texts = [axes.annotate("\n".join(words[group]), median, (0, -8), textcoords="offset points",
                           ha="center", va="top", fontsize=9.5, linespacing=1.,
                           color=COLOURS[group % len(COLOURS)],
                           path_effects=[withStroke(linewidth=2.5, foreground="white")])
             for group, median in zip(named, medians)]
    renderer = figure.canvas.get_renderer()
    axes.apply_aspect()
    boxes = np.array([text.get_window_extent(renderer).get_points() for text in texts])
    marks = axes.transData.transform(medians)[:, None] + [[-14], [14]]
    moved = _apart(boxes, marks, axes.get_window_extent(renderer).get_points())  # pixels
    moved *= 72 / figure.dpi
    for text, (right, up) in zip(texts, moved):
        text.xyann = (right, up - 8)


def _apart(boxes, fixed, frame, rounds=200):
    """Returns how far [G, 2] to move boxes [G, 2, 2] (low and high corner), so that none overlaps another.

    Two boxes that overlap move apart along the axis in which they overlap less. No box may overlap one of the
    `fixed` boxes [G, 2, 2], and all stay in the frame [2, 2].
    """
    moved, rows = np.zeros((len(boxes), 2)), np.arange(len(boxes))
    for _ in range(rounds):
        low = np.concatenate([boxes[:, 0] + moved, fixed[:, 0]])
        high = np.concatenate([boxes[:, 1] + moved, fixed[:, 1]])
        overlap = np.minimum(high[rows, None], high) - np.maximum(low[rows, None], low)
        overlap[rows, rows] = 0
        hit = (overlap > 0).all(-1)
        middle = low + high + 1e-6 * np.arange(len(low))[:, None]  # makes all centres differ
        push = np.sign(middle[rows, None] - middle) * overlap / 4
        along = np.argmin(overlap, -1)[..., None] == [0, 1]
        moved += np.where(hit[..., None] & along, push, 0).sum(1)
        moved += np.maximum(0, frame[0] - boxes[:, 0] - moved)
        moved += np.minimum(0, frame[1] - boxes[:, 1] - moved)
    return moved
