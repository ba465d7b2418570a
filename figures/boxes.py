"""Boxes and arrows, in the style that both drawings share. Units are inches."""
import os

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from runtime.cli import UserError

USER, ITEM, BOTH, ASKS = "#dbe7f3", "#f6dccb", "#e6efd8", "#f4ecd2"
INK, GREY = "#2b211d", "#6b625c"
DOTS = 120  # an inch


def canvas(width, height):
    """(figure, axes) of a size in inches, without a frame."""
    figure = Figure((width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def box(axes, place, colour, title, lines=(), small=(), size=12):
    """A box: a title, lines below it, and small lines in type of one width.

    Args:
      place: (left, bottom, width, height).
      lines: text or mathematics ("$..$").
      small: [(name, value)], names to the left, values to the right.
      size: of the title, in points.
    """
    left, bottom, width, height = place
    axes.add_patch(FancyBboxPatch((left + .06, bottom + .06), width - .12, height - .12,
                                  boxstyle="round,pad=.06", facecolor=colour, edgecolor=INK))
    middle, y = left + width / 2, bottom + height - .14
    if not lines and not small:
        axes.text(middle, bottom + height / 2, title, ha="center", va="center", fontsize=size,
                  weight="bold", color=INK)
        return
    axes.text(middle, y, title, ha="center", va="top", fontsize=size, weight="bold", color=INK)
    y -= .1 + size / 56
    for line in lines:
        axes.text(middle, y, line, ha="center", va="top", fontsize=size - 1, color=INK)
        y -= .05 + size / 56
    y = bottom + .1 + .17 * len(small)
    for name, value in small:
        y -= .17
        for x, text, side in ((left + .16, name, "left"), (left + width - .16, value, "right")):
            axes.text(x, y, text, ha=side, va="bottom", fontsize=9, family="monospace", color=INK)


def arrow(axes, *points, dashed=False):
    """A line through points, with its head at the last."""
    style = {"color": INK, "linewidth": 1.2, "linestyle": "--" if dashed else "-"}
    for start, end in zip(points[:-2], points[1:-1]):
        axes.plot(*zip(start, end), **style)
    style.update(arrowstyle="-|>", shrinkA=0, shrinkB=0)
    axes.annotate("", points[-1], points[-2], arrowprops=style)


def note(axes, x, y, text, **style):
    """Small grey text."""
    axes.text(x, y, text, fontsize=10, color=GREY, **style)


def save(figure, path):
    """Writes the picture, whole or not at all; returns its path."""
    try:
        figure.savefig(path + ".new", dpi=DOTS, format="png", metadata={"Software": None})
        os.replace(path + ".new", path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); give another --out"
                        ) from error
    return path
