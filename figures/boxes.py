"""Boxes and arrows, the style both drawings share."""
import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

USER, ITEM, BOTH = "#dbe7f3", "#f6dccb", "#e6efd8"
INK = "#2b211d"


def canvas(width, height):
    """(figure, axes) in units of boxes, without a frame."""
    figure, axes = pyplot.subplots(figsize=(width, height))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return figure, axes


def box(axes, x, y, width, height, title, note, colour):
    """A box with its lower left corner at (x, y): a title, and below it what it holds."""
    axes.add_patch(pyplot.Rectangle((x, y), width, height, facecolor=colour, edgecolor=INK, linewidth=1))
    axes.text(x + width / 2, y + height - .12, title, ha="center", va="top", fontsize=9, weight="bold", color=INK)
    axes.text(x + width / 2, y + .1, note, ha="center", va="bottom", fontsize=7, color=INK, linespacing=1.35)


def arrow(axes, start, end, dashed=False):
    """An arrow from one point to another."""
    axes.annotate("", end, start, arrowprops={
        "arrowstyle": "-|>", "color": INK, "linewidth": 1, "linestyle": "--" if dashed else "-"})


def save(figure, path):
    """Writes the picture; returns its path."""
    figure.savefig(path, dpi=130, bbox_inches="tight", facecolor="white")
    pyplot.close(figure)
    return path
