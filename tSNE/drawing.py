"""Draws a map of users as a picture, legible at half a page's width."""
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

# Colours that colour-blind readers can distinguish (after Okabe & Ito, 2008); markers distinguish groups in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222", "#B8A200",
           "#7A4FBF", "#8C564B", "#7F7F7F", "#9ACD32")
MARKERS = "os^DvPX*<>hp"
MOST_IN_LEGEND = 12  # groups; with more, the names are written into the map
GREY = "#444444"


def draw(out, points, groups, words, title, captions, named_in_map):
    """Writes a map as PNG.

    Args:
      out: a binary file, or a path.
      points: [U, 2].
      groups: [U], from 0.
      words: [G] words of each group.
      title: what the map shows.
      captions: lines of small print below the title.
      named_in_map: whether groups that are too many for a legend are named in the map.
    """
    with_legend = len(words) <= MOST_IN_LEGEND
    rows = (len(words) + 1) // 2 if with_legend else 0
    figure = Figure((6.4, 6.7 + .25 * rows), dpi=150)
    FigureCanvasAgg(figure)
    height, top = figure.get_figheight(), .55 + .23 * len(captions)  # inches
    bottom = .1 + .25 * rows
    axes = figure.add_axes((.02, bottom / height, .96, 1 - (bottom + top) / height))
    _scatter(axes, points, groups, words)
    figure.text(.02, 1 - .38 / height, title, fontsize=18, fontweight="bold")
    for line, caption in enumerate(captions):
        figure.text(.02, 1 - (.63 + .23 * line) / height, caption, fontsize=12, color=GREY)
    if with_legend:
        figure.legend(*axes.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0, 0),
                      ncol=2, fontsize=12, frameon=False, handletextpad=.1, columnspacing=1,
                      labelspacing=.3, markerscale=1.5)
    elif named_in_map:
        _name(figure, axes, points, groups, words)
    figure.savefig(out, format="png", metadata={"Software": None})


def _scatter(axes, points, groups, words):
    for group, name in enumerate(words):
        members = points[groups == group]
        axes.scatter(members[:, 0], members[:, 1], s=30 if len(points) < 2000 else 12,
                     c=COLOURS[group % len(COLOURS)],
                     marker=MARKERS[(group + group // len(COLOURS)) % len(MARKERS)],
                     linewidths=.4, edgecolors="white", alpha=.9,
                     label=", ".join(name) or "no distinctive word")
    axes.set(xticks=[], yticks=[])
    axes.margins(.07)
    axes.set_aspect("equal", adjustable="datalim")
    for spine in axes.spines.values():
        spine.set_color("#BBBBBB")


def _name(figure, axes, points, groups, words):
    """Writes each group's words below its median point, moved so that no text covers another text or such a point."""
    low, high = axes.get_ylim()
    axes.set_ylim(low - .07 * (high - low), high)  # room for the lowest texts
    medians = np.array([np.median(points[groups == group], 0) for group in range(len(words))])
    texts = [axes.annotate("\n".join(name), median, (0, -8), textcoords="offset points",
                           ha="center", va="top", fontsize=9.5, linespacing=1.,
                           color=COLOURS[group % len(COLOURS)],
                           path_effects=[withStroke(linewidth=2.5, foreground="white")])
             for group, (name, median) in enumerate(zip(words, medians))]
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
